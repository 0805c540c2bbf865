// What changed between two snapshots: so that 30,000 objects need not be cloned across threads every second.
import { itemAt } from './item-at.ts';
import type { ShmObject } from './object.ts';
import { isSameObject } from './object-fields.ts';

export interface ObjectsDelta {
  /** New objects, and those of which anything is different. */
  readonly changed: readonly ShmObject[];
  /** Ids of objects that are no longer there. */
  readonly removed: readonly string[];
}

/**
 * `diffObjects(x, x)` is empty; applying `diffObjects(a, b)` to `a` gives the objects of `b`. `last`: the objects of which
 * `before` was made last; those that are the same ones at the same place need not be looked up.
 */
export function diffObjects(
  before: ReadonlyMap<string, ShmObject>,
  after: readonly ShmObject[],
  last: readonly ShmObject[] = [],
): ObjectsDelta {
  const changed: ShmObject[] = [];
  let kept = 0;
  for (let at = 0; at < after.length; at++) {
    const object = itemAt(after, at);
    if (object === last[at]) {
      kept++;
      continue;
    }
    const old = before.get(object.id);
    if (old) kept++;
    if (!old || (old !== object && !isSameObject(old, object))) changed.push(object);
  }
  if (kept === before.size) return { changed, removed: [] };
  const ids = new Set(after.map(({ id }) => id));
  return { changed, removed: [...before.keys()].filter((id) => !ids.has(id)) };
}

/** The objects after the change, in the order in which they first came; the same array when nothing changed. */
export function applyDelta(objects: readonly ShmObject[], { changed, removed }: ObjectsDelta): readonly ShmObject[] {
  if (changed.length === 0 && removed.length === 0) return objects;
  const fresh = new Map<string, ShmObject>();
  for (const object of changed) fresh.set(object.id, object);
  const gone = new Set(removed);
  const next: ShmObject[] = [];
  for (const object of objects) {
    if (gone.has(object.id) && !fresh.has(object.id)) continue;
    next.push(fresh.get(object.id) ?? object);
    fresh.delete(object.id);
  }
  for (const object of fresh.values()) next.push(object);
  return next;
}
