// The header line of a table: titles over their columns, the sorted one marked with an arrow.
import type { Column } from '../format/column.ts';
import type { TablePlace } from '../format/table-places.ts';
import type { Sort } from '../state/state.ts';
import { GUTTER } from '../state/table-layout.ts';
import { fitTo, joinPieces, type Kit, type Piece } from './pen.ts';

interface Titled {
  readonly column: Pick<Column<never>, 'id' | 'title' | 'align'>;
  readonly place: TablePlace;
}

/** How wide it is, and how many columns there are that are not in the window, at either side. */
interface TitleLine {
  readonly width: number;
  readonly left: number;
  readonly right: number;
}

export function drawTitles(
  kit: Kit,
  placed: readonly Titled[],
  sort: Sort | undefined,
  { width, left, right }: TitleLine,
): string {
  const pieces: Piece[] = [
    [left > 0 ? kit.boxes.back : ' ', 'column-sorted'],
    [' '.repeat(GUTTER - 1), 'column-title'],
  ];
  const more = right > 0 ? `+${right}${kit.boxes.closed}` : '';
  const end = width - more.length;
  let x = GUTTER;
  for (const { column, place } of placed) {
    if (place.x > x) pieces.push([' '.repeat(place.x - x), 'column-title']);
    const isSorted = column.id === sort?.column;
    const arrow = !isSorted ? '' : sort?.descending ? kit.boxes.down : kit.boxes.up;
    const title = column.align === 'right' ? arrow + column.title : column.title + arrow;
    const room = Math.min(place.width, end - place.x);
    pieces.push([fitTo(kit, title, room, column.align), isSorted ? 'column-sorted' : 'column-title']);
    x = place.x + place.width;
  }
  return joinPieces(kit, pieces, end, 'column-title') + joinPieces(kit, [[more, 'column-sorted']], width - end);
}
