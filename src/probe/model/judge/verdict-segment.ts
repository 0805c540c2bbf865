// The verdict on a System V segment. nattch is the kernel's truth over all processes, so only those who may come back are in question.

import type { Maker, Verdict } from '../object.ts';
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
  const makersAreGone = isGone(segment.creator) && (!segment.lastUser || isGone(segment.lastUser));
  const veto = softwareVeto(segment.software);
  if (veto) evidence.push(veto);
  const young = youth(segment, context, segment.software);
  if (young) evidence.push(young);
  return { state: makersAreGone && !veto && !young ? 'abandoned' : 'unheld', evidence };
}

function makerEvidence(role: 'creator' | 'last-user', { pid, state, comm }: Maker): Evidence {
  if (state === 'invisible') {
    return pid === undefined ? { code: `${role}-invisible` } : { code: `${role}-hidden`, pid };
  }
  if (role === 'creator') return { code: `creator-${state}`, pid, comm };
  return state === 'alive' ? { code: 'last-user-alive', pid, comm } : { code: 'last-user-dead', pid };
}
