// Which columns of the table are in the window and how wide: from the size of the pane and the scroll position alone, so that
// nothing jumps when the rows change.
import { itemAt } from '../../probe/model/item-at.ts';
import { columnGap, layoutColumns } from '../format/layout.ts';
import type { TablePlace } from '../format/table-places.ts';
import { layoutScreen } from './screen-layout.ts';
import type { State } from './state.ts';
import { chosenColumns, shownColumns, type Table } from './table.ts';

/** Columns before the first cell: mark and tag. */
export const GUTTER = 2;
/** Columns that stay when the others are scrolled. */
const FIXED = 2;
/** How far the columns can be scrolled: one of those that move stays. */
export const mostScrolled = (columns: number): number => Math.max(0, columns - FIXED - 1);

export function tablePlaces(state: State, table: Table): readonly TablePlace[] {
  const { width } = layoutScreen(state).body;
  const columns = shownColumns(state, table);
  const isChosen = chosenColumns(state, table) !== undefined;
  const scrolled = Math.min(state.scrolledColumns, mostScrolled(columns.length));
  const inWindow = columns.filter((_, at) => at < FIXED || at >= FIXED + scrolled);
  const places = layoutColumns(
    inWindow.map((column, at) => ({
      // A number that is cut says something else.
      min: column.align === 'right' ? Math.min(column.wantedWidth, 6) : column.minWidth,
      wanted: table.wanted?.(column, width) ?? column.wantedWidth,
      full: Math.max(column.wantedWidth, table.roomy[column.id] ?? 0),
      // Scrolled or chosen: in their order, as far as they fit; else by what matters most.
      priority: scrolled > 0 || isChosen ? (at < FIXED ? 0 : at) : (column.priority ?? 0),
    })),
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
