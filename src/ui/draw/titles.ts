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
  const titleOf = ({ id, title, align }: Titled['column']) => {
    const arrow = id !== sort?.column ? '' : sort.descending ? kit.boxes.down : kit.boxes.up;
    return align === 'right' ? arrow + title : title + arrow;
  };
  const more = right > 0 ? moreSign(kit, placed.at(-1), titleOf, { width, right }) : '';
  const end = width - more.length;
  let x = GUTTER;
  for (const { column, place } of placed) {
    if (place.x > x) pieces.push([' '.repeat(place.x - x), 'column-title']);
    const isSorted = column.id === sort?.column;
    const room = Math.min(place.width, end - place.x);
    pieces.push([fitTo(kit, titleOf(column), room, column.align), isSorted ? 'column-sorted' : 'column-title']);
    x = place.x + place.width;
  }
  return joinPieces(kit, pieces, end, 'column-title') + joinPieces(kit, [[more, 'column-sorted']], width - end);
}

/** How many columns there are to the right, where the last title keeps its letters beside that; else only that there are some. */
function moreSign(
  kit: Kit,
  last: Titled | undefined,
  titleOf: (column: Titled['column']) => string,
  { width, right }: Pick<TitleLine, 'width' | 'right'>,
): string {
  const signs = [`+${right}${kit.boxes.closed}`, kit.boxes.closed];
  const fits = (sign: string) => !last || titleOf(last.column).length <= width - sign.length - last.place.x;
  return signs.find(fits) ?? `+${right}${kit.boxes.closed}`;
}
