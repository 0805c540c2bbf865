// Which columns of the table are in the window and how wide: from the size of the pane and the scroll position alone, so that
// nothing jumps when the rows change.
import type { Column } from '../format/column.ts';
import { columnGap, layoutColumns } from '../format/layout.ts';
import type { TablePlace } from '../format/table-places.ts';
import { layoutScreen } from './screen-layout.ts';
import { objectColumns, processColumns } from './shown-columns.ts';
import type { State } from './state.ts';

/** Columns before the first cell: mark and tag. */
export const GUTTER = 2;
/** Columns that stay when the others are scrolled. */
const FIXED = 2;
/** What takes the room that is left: these texts have no usual end. */
const ROOMY: Readonly<Record<string, number>> = {
  id: 60,
  holders: 40,
  why: 400,
  name: 60,
  path: 120,
  objects: 400,
  what: 28,
};

/** How far the columns can be scrolled: one of those that move stays. */
export const mostScrolled = (columns: number): number => Math.max(0, columns - FIXED - 1);

export function tablePlaces(state: State): readonly TablePlace[] {
  const { width } = layoutScreen(state).body;
  const columns: readonly Pick<Column<never>, 'id' | 'align' | 'minWidth' | 'wantedWidth' | 'priority'>[] =
    state.screen === 'processes' ? processColumns(state) : objectColumns(state);
  const isChosen = state.screen === 'objects' && state.settings.columns !== undefined;
  const scrolled = Math.min(state.scrolledColumns, mostScrolled(columns.length));
  const inWindow = columns.filter((_, at) => at < FIXED || at >= FIXED + scrolled);
  const places = layoutColumns(
    inWindow.map(({ id, align, minWidth, wantedWidth, priority = 0 }, at) => ({
      // A number that is cut says something else.
      min: align === 'right' ? Math.min(wantedWidth, 6) : minWidth,
      wanted: wantedWidth,
      full: Math.max(wantedWidth, ROOMY[id] ?? 0),
      // Scrolled or chosen: in their order, as far as they fit; else by what matters most.
      priority: scrolled > 0 || isChosen ? (at < FIXED ? 0 : at) : priority,
    })),
    width - GUTTER,
  );
  const gap = columnGap(width - GUTTER);
  let x = GUTTER;
  return places.map((place) => {
    const found = { id: inWindow[place.index].id, x, width: place.width };
    x += place.width + gap;
    return found;
  });
}
