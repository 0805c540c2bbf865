// The limits that the screen is about: those of the look, and every other tmpfs where that is known and worth a line.
import type { AccountReadings, MemoryMount } from '../../probe/model/account/account.ts';
import { withAllMounts } from '../../probe/model/account/all-mounts.ts';
import type { Limits } from '../../probe/model/snapshot.ts';
import { memoLast } from './memo.ts';
import { type State, shownAccount, shownData } from './state.ts';

/** Undefined before the first look. */
export const selectLimits = (state: Pick<State, 'data' | 'paused' | 'account'>): Limits | undefined =>
  limitsMemo(shownData(state).head?.limits, shownAccount(state));

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
