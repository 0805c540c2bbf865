// A scrolling list whose selection is an id: moving, keeping it in the window, finding it again after the order changed.

export interface ListState {
  readonly selectedId?: string;
  /** Where it was last seen: what to select when it is gone. */
  readonly selectedAt: number;
  /** First row of the window. */
  readonly top: number;
  /** Was the row chosen, by a move or by what was done with it? Until then the first row is selected and the window stays at the top. */
  readonly isChosen?: boolean;
  /** The last of the rows below the selected one that are to be seen too, as far as there is room; until the list is settled. */
  readonly revealTo?: number;
}

export const NEW_LIST: ListState = { selectedAt: 0, top: 0 };

/** Index of the selected row; where it is gone, the row that took its place. -1 in an empty list. */
export function selectedIndex(list: ListState, ids: readonly string[], hint = true): number {
  if (ids.length === 0) return -1;
  if (hint && ids[list.selectedAt] === list.selectedId) return list.selectedAt;
  const found = list.selectedId === undefined ? -1 : ids.indexOf(list.selectedId);
  return found >= 0 ? found : Math.max(0, Math.min(list.selectedAt, ids.length - 1));
}

/** Selects the row at `index` (kept within the list) and moves the window so that it shows it. */
export function selectIndex(list: ListState, ids: readonly string[], index: number, height: number): ListState {
  if (ids.length === 0) return { ...list, selectedId: undefined, selectedAt: 0, top: 0 };
  const at = Math.max(0, Math.min(index, ids.length - 1));
  return { selectedId: ids[at], selectedAt: at, top: windowTop(list.top, at, ids.length, height), isChosen: true };
}

/** The selected row stays the selected one, whatever order the rows take. */
export const chooseSelected = (list: ListState): ListState =>
  list.isChosen || list.selectedId === undefined ? list : { ...list, isChosen: true };

/** For rows in a new order: the first page where the selected row is on it, else the selected row in the middle. */
export function showSelected(list: ListState, ids: readonly string[], height: number): ListState {
  const at = selectedIndex(list, ids, false);
  return at < 0 ? list : { ...list, selectedAt: at, top: at < height ? 0 : at - Math.floor(height / 2) };
}

/** The window moved as little as possible so that row `at` is in it and no room is wasted below the last row. */
function windowTop(top: number, at: number, count: number, height: number): number {
  const least = Math.max(0, at - height + 1);
  const most = Math.min(at, Math.max(0, count - height));
  return Math.max(least, Math.min(top, most < least ? least : most));
}

/** With the rows below the selected one that were asked for in the window, and that one in any case. */
function revealed(list: ListState, at: number, height: number): ListState {
  const { revealTo = at, ...rest } = list;
  return { ...rest, top: Math.min(at, Math.max(list.top, revealTo - height + 1)) };
}

/** After the rows changed: the selection stays with its id, and `follow` keeps it in the window. */
export function settleList(list: ListState, ids: readonly string[], height: number, follow: boolean): ListState {
  if (list.revealTo !== undefined)
    return settleList(revealed(list, Math.max(0, selectedIndex(list, ids)), height), ids, height, follow);
  const at = list.isChosen ? selectedIndex(list, ids) : Math.min(0, ids.length - 1);
  if (at < 0) return list.selectedId === undefined && list.top === 0 ? list : { ...list, selectedAt: 0, top: 0 };
  const top =
    follow || !list.isChosen
      ? windowTop(list.top, at, ids.length, height)
      : Math.min(list.top, Math.max(0, ids.length - height));
  const selectedId = ids[at];
  if (selectedId === list.selectedId && at === list.selectedAt && top === list.top) return list;
  return { ...list, selectedId, selectedAt: at, top };
}
