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

export function drawTitles(kit: Kit, placed: readonly Titled[], sort: Sort | undefined, width: number): string {
  const pieces: Piece[] = [[' '.repeat(GUTTER), 'column-title']];
  let x = GUTTER;
  for (const { column, place } of placed) {
    if (place.x > x) pieces.push([' '.repeat(place.x - x), 'column-title']);
    const isSorted = column.id === sort?.column;
    const arrow = !isSorted ? '' : sort?.descending ? kit.boxes.down : kit.boxes.up;
    const title = column.align === 'right' ? arrow + column.title : column.title + arrow;
    pieces.push([fitTo(kit, title, place.width, column.align), isSorted ? 'column-sorted' : 'column-title']);
    x = place.x + place.width;
  }
  return joinPieces(kit, pieces, width, 'column-title');
}
