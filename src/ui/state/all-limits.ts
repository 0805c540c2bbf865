// The limits that the screen is about: those of the look, and every other tmpfs where that is known and worth a line.
import type { AccountReadings, MemoryMount } from '../../probe/model/account/account.ts';
import { withAllMounts } from '../../probe/model/account/account-limits.ts';
import { type Ceiling, ceilingsOf } from '../../probe/model/ceilings.ts';
import type { HostMemory } from '../../probe/model/host-memory.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { Limits } from '../../probe/model/snapshot.ts';
import type { Data } from './data.ts';
import { memoLast } from './memo.ts';
import { type State, shownAccount, shownData } from './state.ts';

type Known = Pick<State, 'data' | 'paused' | 'account'>;

/** Undefined before the first look. */
export const selectLimits = (state: Known): Limits | undefined =>
  limitsMemo(shownData(state).head?.limits, shownAccount(state));

/** None before the first look. Costs nothing that grows with the objects: it is asked with every frame. */
export function knownCeilings(state: Known): readonly Ceiling[] {
  const { head, memory } = shownData(state);
  return knownMemo(selectLimits(state), memory, head?.namespaces);
}

/** With the largest segment, for which every object is looked at. */
export function allCeilings(state: Known): readonly Ceiling[] {
  const { head, memory, objects } = shownData(state);
  return allMemo(selectLimits(state), memory, head?.namespaces, objects);
}

type Namespaces = NonNullable<Data['head']>['namespaces'];

const knownMemo = memoLast(
  (limits: Limits | undefined, memory: HostMemory | undefined, namespaces: Namespaces | undefined) =>
    limits ? ceilingsOf(limits, memory, undefined, namespaces) : [],
);
const allMemo = memoLast(
  (
    limits: Limits | undefined,
    memory: HostMemory | undefined,
    namespaces: Namespaces | undefined,
    objects: readonly ShmObject[],
  ) => (limits ? ceilingsOf(limits, memory, objects, namespaces) : []),
);

const limitsMemo = memoLast((limits: Limits | undefined, account: AccountReadings | undefined): Limits | undefined =>
  limits && account ? withAllMounts(limits, account.mounts.flatMap(worthALine)) : limits,
);

/** Every container has half a dozen: empty ones do not count, those that only others see from the half on, and inodes too. */
function worthALine(mount: MemoryMount): MemoryMount[] {
  const { pid, usedBytes, sizeBytes, inodes, inodesUsed } = mount;
  const isHalf = (used = 0, limit = 0) => limit > 0 && used * 2 >= limit;
  const hasInodes = isHalf(inodesUsed, inodes);
  if (usedBytes === 0) return [];
  if (pid !== undefined && !hasInodes && !isHalf(usedBytes, sizeBytes)) return [];
  return [hasInodes ? mount : { ...mount, inodes: undefined, inodesUsed: undefined }];
}
