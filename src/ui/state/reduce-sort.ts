// What keys and clicks do to the order and the columns of the table that is shown. The same state where there is none, or
// where it has an order of its own.
import { itemAt } from '../../probe/model/item-at.ts';
import type { Intent } from './intent.ts';
import { NEW_LIST, showSelected } from './list.ts';
import { isMove, targetOf } from './reduce-move.ts';
import { listHeight } from './screen-layout.ts';
import { screenOf } from './screens.ts';
import { currentSort, rowIds } from './select.ts';
import type { Sort, State } from './state.ts';
import { naturalSort, shownColumns, type Table, withChoice } from './table.ts';
import { mostScrolled } from './table-layout.ts';

/** In another order a row that was chosen stays selected and is shown; else the view goes to the top. */
function withSort(state: State, table: Table, sort: Sort): State {
  const next = withChoice(state, table, { sort });
  const list = state.lists[table.id];
  const moved = list.isChosen ? showSelected(list, rowIds(next), listHeight(next)) : NEW_LIST;
  return { ...next, lists: { ...state.lists, [table.id]: moved } };
}

/** The table and its order, for who changes it. */
function sorted(state: State): { readonly table: Table; readonly sort: Sort } | undefined {
  const { table } = screenOf(state.screen);
  const sort = currentSort(state);
  return table && sort && { table, sort };
}

export function sortByNeighbour(state: State, step: 1 | -1): State {
  const { table, sort } = sorted(state) ?? {};
  if (!table || !sort) return state;
  const ids = shownColumns(state, table).map(({ id }) => id);
  const at = ids.indexOf(sort.column);
  const next = ids[at < 0 ? 0 : (at + step + ids.length) % ids.length];
  if (next === undefined) return state;
  return withSort(state, table, naturalSort(table, next));
}

export function sortReversed(state: State): State {
  const { table, sort } = sorted(state) ?? {};
  return table && sort ? withSort(state, table, { ...sort, descending: !sort.descending }) : state;
}

/** By that column; the other way round where it is sorted by it already. */
export function sortByColumn(state: State, column: string): State {
  const { table, sort } = sorted(state) ?? {};
  if (!table) return state;
  return sort?.column === column ? sortReversed(state) : withSort(state, table, naturalSort(table, column));
}

/** The menu starts at the column that is sorted by. */
export function openSortMenu(state: State): State {
  const { table, sort } = sorted(state) ?? {};
  if (!table || !sort) return state;
  const at = table.columns.findIndex(({ id }) => id === sort.column);
  return { ...state, overlay: { kind: 'sort', at: Math.max(0, at) } };
}

/** Keys in the menu. Undefined: the key means what it means everywhere. */
export function reduceSortMenu(state: State, intent: Intent): State | undefined {
  const { overlay } = state;
  const { table } = screenOf(state.screen);
  if (overlay?.kind !== 'sort' || !table) return undefined;
  const last = table.columns.length - 1;
  if (isMove(intent)) {
    const at = Math.max(0, Math.min(last, targetOf(intent, overlay.at, last + 1, MENU_PAGE)));
    return { ...state, overlay: { ...overlay, at } };
  }
  const closed = { ...state, overlay: undefined };
  switch (intent) {
    case 'accept':
      return withSort(closed, table, naturalSort(table, itemAt(table.columns, overlay.at).id));
    case 'back':
      return closed;
    default:
      return undefined;
  }
}

/** Lines that a page key moves by. */
const MENU_PAGE = 10;

/** Columns move out of the window at the left; one of those that move stays. */
export function scrollColumns(state: State, step: 1 | -1): State {
  const { table } = screenOf(state.screen);
  const most = table ? mostScrolled(shownColumns(state, table).length) : 0;
  return { ...state, scrolledColumns: Math.max(0, Math.min(most, state.scrolledColumns + step)) };
}
