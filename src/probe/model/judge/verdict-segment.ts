// The verdict on a System V segment. nattch is the kernel's truth over all processes, so only those who may come back are in question.

import type { Maker, Verdict, VerdictState } from '../object.ts';
import type { Evidence } from './evidence.ts';
import { isGone } from './maker.ts';
import type { SysvCase, VerdictContext } from './verdict-case.ts';
import { softwareVeto, youth } from './verdict-veto.ts';

/** Judges a System V segment: nattch is the kernel's truth over all processes, so only the makers are in question. */
export function judgeSysv(segment: SysvCase, context: VerdictContext): Verdict {
  // Read at different moments, the two may differ; either is enough.
  if (segment.nattch > 0 || segment.holderCount > 0) {
    const evidence: Evidence[] = [];
    if (segment.holderCount > 0) evidence.push({ code: 'held', count: segment.holderCount });
    if (segment.nattch > 0) evidence.push({ code: 'attached', count: segment.nattch });
    if (segment.hiddenMappings > 0) evidence.push({ code: 'hidden-mappings', count: segment.hiddenMappings });
    return { state: 'in-use', evidence };
  }
  const evidence: Evidence[] = [{ code: 'nobody-attached' }, makerEvidence('creator', segment.creator)];
  if (segment.lastUser) evidence.push(makerEvidence('last-user', segment.lastUser));
  else evidence.push({ code: 'never-attached' });
  const veto = softwareVeto(segment.software);
  const young = youth(segment, context, segment.software);
  const proof = leftoverRule(segment);
  if (veto) evidence.push(veto);
  if (young) evidence.push(young);
  if (proof) evidence.push(proof);
  if (segment.witnessed) evidence.push(...segment.witnessed.evidence);
  return { state: veto || young ? 'unheld' : standingOf(segment, proof !== undefined), evidence };
}

/**
 * That its creator and its last user are gone proves nothing: their supervisor may hand the id to the next worker, a script
 * may have made it for a daemon, and whoever knows the key finds it again. Neither does a mode that shuts out all but one user
 * of whom no process runs: his next job may have the id in a file. What has a living maker is never more than unheld.
 */
function standingOf({ creator, lastUser, witnessed }: SysvCase, isLeftover: boolean): VerdictState {
  const standing = witnessed?.standing;
  const makers = lastUser ? [creator, lastUser] : [creator];
  if (standing === 'awaited' || makers.some(({ state }) => state === 'alive')) return 'unheld';
  if (standing === 'proven') return 'abandoned';
  if (makers.every(isGone)) return isLeftover ? 'abandoned' : 'orphaned';
  return standing === 'ended' ? 'orphaned' : 'unheld';
}

/** Only a rule that needs no more than that nobody is attached and its makers are gone can prove anything of a segment. */
function leftoverRule({ software, creator, lastUser }: SysvCase): Evidence | undefined {
  if (software?.row.leftover.when !== 'unheld' || !isGone(creator) || (lastUser && !isGone(lastUser))) return undefined;
  return { code: 'software-leftover', software: software.row.name };
}

function makerEvidence(role: 'creator' | 'last-user', { pid, state, comm }: Maker): Evidence {
  if (state === 'invisible') {
    return pid === undefined ? { code: `${role}-invisible` } : { code: `${role}-hidden`, pid };
  }
  if (role === 'creator') return { code: `creator-${state}`, pid, comm };
  return state === 'alive' ? { code: 'last-user-alive', pid, comm } : { code: 'last-user-dead', pid };
}
