// What one process holds of one object, gathered while mappings and descriptors are joined.

import type { Kind, Mapping } from '../object.ts';
import type { MappingRecord } from './mapping-record.ts';

export interface Hold {
  readonly mappings: Mapping[];
  readonly fds: number[];
}

/** An object in the making, with what each process holds of it, by pid. */
export interface DraftBase {
  readonly id: string;
  readonly kind: Kind;
  /** `NO_HOLDS` until somebody holds it. */
  holds: Map<number, Hold>;
}

/** The same for all that nobody holds: 100,000 empty maps are 20 MB. Never changed: `holdOf` takes another one. */
export const NO_HOLDS: Map<number, Hold> = new Map();

export function holdOf(draft: DraftBase, pid: number): Hold {
  let hold = draft.holds.get(pid);
  if (!hold) {
    hold = { mappings: [], fds: [] };
    if (draft.holds === NO_HOLDS) draft.holds = new Map();
    draft.holds.set(pid, hold);
  }
  return hold;
}

/** Returns all that the process holds of the object now. */
export function addMapping(draft: DraftBase, { pid, start, end, perms }: MappingRecord): Hold {
  const hold = holdOf(draft, pid);
  hold.mappings.push({ start, end, perms });
  return hold;
}
