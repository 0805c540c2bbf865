// What a summary found, for its text and its JSON.
import type { Account } from '../probe/model/account/account.ts';
import type { OwnerSum, SumKind } from '../probe/model/account/sum-by.ts';
import type { HostMemory } from '../probe/model/host-memory.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';

export interface Summary {
  readonly snapshot: Snapshot;
  readonly account: Account;
  /** Objects that passed the filter. */
  readonly objects: readonly ShmObject[];
  /** Without a filter the account is whole: files and the remainder are among the sums. */
  readonly isWhole: boolean;
  /** Absent: as a tree of what the memory is, each with its owners. */
  readonly by?: SumKind;
  readonly sums: readonly OwnerSum[];
  /** With every tmpfs of the account. */
  readonly limits: Snapshot['limits'];
  readonly memory?: HostMemory;
}
