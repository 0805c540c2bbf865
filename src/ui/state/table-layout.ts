// Which columns of the table are in the window and how wide: from the size of the pane, the scroll position, the order, and how
// wide the texts of the rows are, by steps, so that nothing jumps when a pid changes.
import { itemAt } from '../../probe/model/item-at.ts';
import { findColumn } from '../format/column.ts';
import { columnGap, layoutColumns } from '../format/layout.ts';
import type { TablePlace } from '../format/table-places.ts';
import { layoutScreen, listHeight } from './screen-layout.ts';
import type { State } from './state.ts';
import { type ColumnFacts, chosenColumns, shownColumns, sortOf, type Table } from './table.ts';

/** Columns before the first cell: mark and tag. */
export const GUTTER = 2;
/** Columns that stay when the others are scrolled. */
const FIXED = 2;
/** How far the columns can be scrolled: one of those that move stays. */
export const mostScrolled = (columns: number): number => Math.max(0, columns - FIXED - 1);

export function tablePlaces(state: State, table: Table): readonly TablePlace[] {
  const { width } = layoutScreen(state).body;
  const columns = columnsInOrder(state, table);
  const isChosen = chosenColumns(state, table) !== undefined;
  const scrolled = Math.min(state.scrolledColumns, mostScrolled(columns.length));
  const sorted = sortedColumn(state, table);
  const staying = stayingColumns(state, table);
  const inWindow = columns.filter(({ id }, at) => at < FIXED || at >= FIXED + scrolled || staying.has(id));
  const content = table.content?.(state, state.lists[table.id].top, listHeight(state));
  const places = layoutColumns(
    inWindow.map((column, at) => {
      const { id, wantedWidth } = column;
      const wanted = table.wanted?.(column, width) ?? wantedWidth;
      const full = Math.max(wantedWidth, table.roomy[id] ?? 0);
      const needed = Math.min(full, content?.(id) ?? full);
      // Scrolled or chosen: in their order, as far as they fit; else by what matters most.
      const usual = scrolled > 0 || isChosen ? (at < FIXED ? 0 : at) : (column.priority ?? 0);
      const isLesser = table.lesser?.includes(id) === true && !isChosen;
      return {
        // A number that is cut says something else.
        min: column.align === 'right' ? Math.min(wantedWidth, 6) : Math.min(column.minWidth, needed),
        wanted: Math.min(wanted, needed),
        full: needed,
        priority: id === sorted ? SORTED : staying.has(id) ? 0 : isLesser ? Math.max(usual, LESSER) : usual,
      };
    }),
    width - GUTTER,
  );
  const gap = columnGap(width - GUTTER);
  let x = GUTTER;
  return places.map((place) => {
    const found = { id: itemAt(inWindow, place.index).id, x, width: place.width };
    x += place.width + gap;
    return found;
  });
}

/** Before all others: in a window too narrow for what always stays, it stays. */
const SORTED = -1;
/** The place of a lesser column among those that are let in by priority. */
const LESSER = 4;

/** What is sorted by is always among them, though it is none of the usual ones. */
function columnsInOrder(state: State, table: Table): readonly ColumnFacts[] {
  const columns = shownColumns(state, table);
  const sorted = sortedColumn(state, table);
  const found = sorted === undefined ? undefined : findColumn(table.columns, sorted);
  if (!found || columns.some(({ id }) => id === found.id)) return columns;
  return [...columns.slice(0, FIXED), found, ...columns.slice(FIXED)];
}

const sortedColumn = (state: State, { id, sort }: Table): string | undefined => sort && sortOf(state, id, sort).column;

function stayingColumns(state: State, table: Table): ReadonlySet<string> {
  const sorted = sortedColumn(state, table);
  // Who chose the columns has said what answers him.
  const answers = chosenColumns(state, table) ? [] : (table.answers ?? []);
  return new Set(sorted === undefined ? answers : [sorted, ...answers]);
}

/** How many columns are out of the window: scrolled out at the left, and without room. */
export function hiddenColumns(
  state: State,
  table: Table,
  places: readonly TablePlace[],
): { readonly left: number; readonly right: number } {
  const columns = columnsInOrder(state, table);
  const scrolled = Math.min(state.scrolledColumns, mostScrolled(columns.length));
  const shown = new Set(places.map(({ id }) => id));
  const hidden = columns.filter(({ id }) => !shown.has(id));
  const left = columns.slice(FIXED, FIXED + scrolled).filter(({ id }) => !shown.has(id)).length;
  return { left, right: hidden.length - left };
}
