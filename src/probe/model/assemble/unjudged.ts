// Objects as the kernel's own tables tell them, before anybody has looked who holds them: shown at once, and never judged by that.
import { fileId } from '../identity.ts';
import { NO_HOLDS } from '../join/hold.ts';
import type { ShmEntry } from '../join/shm-entry.ts';
import type { SysvRow } from '../join/sysv-row.ts';
import type { ShmObject, Verdict } from '../object.ts';
import { NO_HOLDERS } from './assemble-holders.ts';
import { assembleName } from './assemble-name.ts';
import { isLocked, isMarked, segmentFacts } from './assemble-segment.ts';
import { type Assembly, statusOf } from './assembly.ts';

export type UnjudgedContext = Pick<Assembly, 'userName' | 'groupName' | 'ownNamespace'>;

/** Nothing is offered for removal on it. */
const NOT_JUDGED: Verdict = { state: 'unknown', evidence: [{ code: 'not-judged' }] };

export function unjudgedName(entry: ShmEntry, { userName, groupName }: UnjudgedContext): ShmObject {
  const draft = {
    id: fileId('posix', entry.device, entry.inode),
    kind: 'posix',
    entry,
    otherNames: [],
    holds: NO_HOLDS,
  } as const;
  return assembleName(
    { ...draft, otherNames: [] },
    { verdict: NOT_JUDGED },
    { userName, groupName, facts: () => undefined },
  );
}

export function unjudgedSegment(row: SysvRow, context: UnjudgedContext): ShmObject {
  const { nattch } = row;
  return {
    ...segmentFacts(row, context),
    status: statusOf(isMarked(row), isLocked(row), false),
    holders: NO_HOLDERS,
    // What the kernel counts is known.
    verdict: nattch > 0 ? { state: 'in-use', evidence: [{ code: 'attached', count: nattch }] } : NOT_JUDGED,
  };
}
