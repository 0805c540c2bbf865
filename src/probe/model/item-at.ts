// The item at an index that was counted from the list itself.

/** Throws a RangeError where there is none: that is a bug, and no state of the world. For what may be missing, ask the list. */
export function itemAt<Item>(items: readonly Item[], at: number): Item {
  const item = items[at];
  if (item === undefined) throw new RangeError(`no item ${at} of ${items.length}`);
  return item;
}
