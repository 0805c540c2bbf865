// The verdict on a name in /dev/shm, of which the kernel keeps no maker. A wrong "abandoned" is the worst that this program can
// say: every doubt ends in `unheld` or `unknown`.

import type { Verdict } from '../object.ts';
import type { Evidence, EvidenceCode } from './evidence.ts';
import { isGone } from './maker.ts';
import type { NameCase, VerdictContext } from './verdict-case.ts';
import { softwareVeto, youth } from './verdict-veto.ts';

/** Judges a name in /dev/shm, which has no recorded maker: only its software's rule can prove that it is a leftover. */
export function judgeName(object: NameCase, context: VerdictContext): Verdict {
  if (object.holderCount > 0) return { state: 'in-use', evidence: [{ code: 'held', count: object.holderCount }] };
  if (object.lease === 'busy') return { state: 'in-use', evidence: [{ code: 'lease-busy' }] };
  if (object.childrenInUse > 0) {
    return { state: 'in-use', evidence: [{ code: 'children-held', count: object.childrenInUse }] };
  }
  const isSpared = object.lease === 'spared';
  if (object.lease !== 'free' && !isSpared) return withoutLease(object);
  const evidence: Evidence[] = [isSpared ? unaskedEvidence(object) : { code: 'lease-free' }];
  const rule = leftoverEvidence(object);
  evidence.push(...rule.evidence);
  const young = youth(object, context, object.software);
  if (young) evidence.push(young);
  return { state: rule.isLeftover && !young && !isSpared ? 'abandoned' : 'unheld', evidence };
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
  const { isLeftover, evidence } = leftoverEvidence(object);
  const isYoung = youth(object, context, object.software) !== undefined;
  if (isLeftover && !isYoung) return 'leftover';
  if (!asksForAll || !object.seesAllProcesses) return 'yes';
  return isYoung || evidence.some(({ code }) => SPEAKS_FOR_IT.has(code)) ? 'no' : 'yes';
}

const SPEAKS_FOR_IT: ReadonlySet<EvidenceCode> = new Set([
  'software-keeps',
  'user-data',
  'vendor-tool',
  'name-pid-alive',
  'other-names',
  'mounted-elsewhere',
]);

/** Directories, sockets and the like, and files that the kernel would not tell about: never "abandoned". */
function withoutLease(object: NameCase): Verdict {
  const hidden: Evidence[] = [];
  if (object.notInspected > 0) hidden.push({ code: 'not-inspected', count: object.notInspected });
  if (!object.seesAllProcesses) hidden.push({ code: 'outside-invisible' });
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

/** What the software's rule says of a name that nobody holds. */
function leftoverEvidence(object: NameCase): { isLeftover: boolean; evidence: Evidence[] } {
  const { software, softwareState } = object;
  const veto = softwareVeto(software);
  if (veto) return { isLeftover: false, evidence: [veto] };
  const kept = keptEvidence(object);
  if (kept.length > 0) return { isLeftover: false, evidence: kept };
  if (!software || !softwareState) return { isLeftover: false, evidence: [{ code: 'maker-unknown' }] };
  const { leftover, name } = software.row;
  const { namePid, running, isInstanceAlive, seesAllProcesses } = softwareState;
  const alive: Evidence[] = [];
  if (running) alive.push({ code: 'software-alive', software: name, pid: running.pid, comm: running.comm });
  else if (isInstanceAlive) alive.push({ code: 'software-alive', software: name });
  if (namePid && !isGone(namePid)) alive.push({ code: 'name-pid-alive', pid: namePid.pid, comm: namePid.comm });
  if (alive.length > 0) return { isLeftover: false, evidence: alive };
  if (!seesAllProcesses) return { isLeftover: false, evidence: [{ code: 'outside-invisible' }] };
  const dead: Evidence[] = namePid ? [{ code: 'name-pid-dead', pid: namePid.pid }] : [];
  switch (leftover.when) {
    case 'name-pid-dead':
      return namePid
        ? { isLeftover: true, evidence: dead }
        : { isLeftover: false, evidence: [{ code: 'maker-unknown' }] };
    case 'no-process':
      return {
        isLeftover: true,
        evidence: [...dead, { code: 'software-leftover', software: name, detail: 'none of its processes runs' }],
      };
    case 'unheld':
      return { isLeftover: true, evidence: [...dead, { code: 'software-leftover', software: name }] };
    default:
      return { isLeftover: false, evidence: [...dead, { code: 'maker-unknown' }] };
  }
}

/** Signs that a person wants it (no program leaves a second name or a bind mount behind), or that nobody can tell. */
function keptEvidence({ otherNames, mounted, isDedicated, isCut }: NameCase): Evidence[] {
  const kept: Evidence[] = otherNames > 0 ? [{ code: 'other-names', count: otherNames }] : [];
  if (!isDedicated) kept.push({ code: 'not-dedicated' });
  if (mounted === 'mounted') kept.push({ code: 'mounted-elsewhere' });
  if (mounted === 'unknown') kept.push({ code: 'mounts-unknown' });
  if (isCut) kept.push({ code: 'names-unlisted' });
  return kept;
}
