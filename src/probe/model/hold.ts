// What one process holds of one object, gathered while mappings and descriptors are joined.
import type { MappingRecord } from './mapping-record.ts';
import type { Kind, Mapping } from './object.ts';

export interface Hold {
  readonly mappings: Mapping[];
  readonly fds: number[];
}

/** An object in the making, with what each process holds of it, by pid. */
export interface DraftBase {
  readonly id: string;
  readonly kind: Kind;
  readonly holds: Map<number, Hold>;
}

export function holdOf({ holds }: DraftBase, pid: number): Hold {
  let hold = holds.get(pid);
  if (!hold) {
    hold = { mappings: [], fds: [] };
    holds.set(pid, hold);
  }
  return hold;
}

/** Returns all that the process holds of the object now. */
export function addMapping(draft: DraftBase, { pid, start, end, perms }: MappingRecord): Hold {
  const hold = holdOf(draft, pid);
  hold.mappings.push({ start, end, perms });
  return hold;
}
