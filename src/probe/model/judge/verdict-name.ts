// The verdict on a name in /dev/shm, of which the kernel keeps no maker. A wrong "abandoned" is the worst that this program can
// say: that nobody holds it must be certain, and then proofs, vetoes, doubts and clues are weighed.

import type { Verdict } from '../object.ts';
import type { Evidence, EvidenceCode } from './evidence.ts';
import type { NameCase, VerdictContext } from './verdict-case.ts';
import { youth } from './verdict-veto.ts';
import { isLeftover, weighName } from './weigh-name.ts';

/** What each word means, and what is no proof: docs/decisions, "what proves". */
export function judgeName(object: NameCase, context: VerdictContext): Verdict {
  const use = heldEvidence(object);
  if (use) return { state: 'in-use', evidence: [use] };
  const isSpared = object.lease === 'spared';
  const ground = isSpared ? [unaskedEvidence(object)] : groundOf(object);
  if (!ground) return notKnown(object);
  const { vetoes, proofs, doubts, clues, isWitnessed } = weighName(object, context);
  // Filled by hand: of a hundred thousand names six spreads take longer than the judging.
  const evidence: Evidence[] = [];
  for (const list of [ground, vetoes, proofs, doubts, clues]) for (const one of list) evidence.push(one);
  // Both may say it of the same processes: once is enough.
  for (const one of object.witnessed?.evidence ?? []) {
    if (one.code !== 'outside-invisible' || !vetoes.some(({ code }) => code === one.code)) evidence.push(one);
  }
  if (vetoes.length > 0 || isSpared || object.witnessed?.standing === 'awaited') return { state: 'unheld', evidence };
  const isProven = isWitnessed || (proofs.length > 0 && doubts.length === 0);
  return { state: isProven ? 'abandoned' : 'orphaned', evidence };
}

/** That somebody has it, by one witness at least. */
function heldEvidence({ holderCount, lease, childrenInUse, listener }: NameCase): Evidence | undefined {
  if (holderCount > 0) return { code: 'held', count: holderCount };
  if (lease === 'busy') return { code: 'lease-busy' };
  if (childrenInUse > 0) return { code: 'children-held', count: childrenInUse };
  return listener === 'bound' ? { code: 'listener-bound' } : undefined;
}

/** How it is certain that nobody holds it; undefined where it is not. */
function groundOf(object: NameCase): Evidence[] | undefined {
  if (object.lease === 'free') return [{ code: 'lease-free' }];
  if (object.type === 'socket') return object.listener === 'none' ? [] : undefined;
  if (object.type !== 'directory' || object.content === undefined) return undefined;
  return hiddenFrom(object).length === 0 ? [{ code: 'directory' }, { code: 'nobody-holds' }] : undefined;
}

const unaskedEvidence = ({ notInspected }: NameCase): Evidence =>
  notInspected > 0 ? { code: 'not-inspected', count: notInspected } : { code: 'nobody-holds' };

/**
 * Whether the kernel is to be asked who has a file that nobody was found to hold. Asking disturbs whoever opens it in that
 * moment (lease.ts): who may ask about the files of all users spares what is young, kept on purpose or named after a living
 * process, whose verdict the answer would hardly change. Who sees not all processes, or asks about his own files only, has
 * no other witness. `leftover`: the answer decides whether it is abandoned.
 */
export function isLeaseWanted(
  object: NameCase,
  context: VerdictContext,
  asksForAll: boolean,
): 'no' | 'yes' | 'leftover' {
  if ((object.type !== 'file' && object.type !== 'semaphore') || object.holderCount > 0) return 'no';
  const weighed = weighName(object, context);
  if (isLeftover(weighed)) return 'leftover';
  if (!asksForAll || !object.seesAllProcesses) return 'yes';
  const { vetoes } = weighed;
  const isYoung = youth(object, context, object.software) !== undefined;
  return isYoung || vetoes.some(({ code }) => SPEAKS_FOR_IT.has(code)) ? 'no' : 'yes';
}

const SPEAKS_FOR_IT: ReadonlySet<EvidenceCode> = new Set([
  'software-keeps',
  'user-data',
  'vendor-tool',
  'name-pid-alive',
  'other-names',
  'mounted-elsewhere',
]);

function hiddenFrom({ notInspected, seesAllProcesses }: NameCase): Evidence[] {
  const hidden: Evidence[] = [];
  if (notInspected > 0) hidden.push({ code: 'not-inspected', count: notInspected });
  if (!seesAllProcesses) hidden.push({ code: 'outside-invisible' });
  return hidden;
}

/** Fifos, links and the like, and what the kernel would not tell about: never more than unheld. */
function notKnown(object: NameCase): Verdict {
  const hidden = hiddenFrom(object);
  const scan: Evidence[] = hidden.length > 0 ? hidden : [{ code: 'nobody-holds' }];
  switch (object.type) {
    case 'directory':
      return { state: 'unheld', evidence: [{ code: 'directory' }, ...scan] };
    case 'socket':
      return { state: 'unknown', evidence: [{ code: 'listener-unknown' }, ...scan] };
    case 'file':
    case 'semaphore': {
      const why: EvidenceCode = object.lease === 'denied' ? 'lease-denied' : 'lease-unavailable';
      return { state: hidden.length > 0 ? 'unknown' : 'unheld', evidence: [...scan, { code: why }] };
    }
    default:
      return {
        state: hidden.length > 0 ? 'unknown' : 'unheld',
        evidence: [{ code: 'not-a-file', detail: object.type }, ...scan],
      };
  }
}
