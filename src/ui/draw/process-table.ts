// The table of processes: who holds what. Same columns as `shmtop ps`.
import { type Column, findColumn } from '../format/column.ts';
import { PROCESS_COLUMNS } from '../format/process-columns.ts';
import type { TablePlace } from '../format/table-places.ts';
import type { ProcessRow } from '../state/process-row.ts';
import { selectProcessRows } from '../state/process-rows.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { modeOf, selectedRow } from '../state/select.ts';
import type { State } from '../state/state.ts';
import { GUTTER, tablePlaces } from '../state/table-layout.ts';
import type { UiToken } from '../theme.ts';
import { cutTo, fitTo, joinPieces, kitOf, type Piece, paintWith } from './pen.ts';
import { drawTitles } from './titles.ts';

const NOBODY = ' No process that can be seen holds shared memory.';

export function drawProcessTable(state: State): string[] {
  const kit = kitOf(state);
  const { width, height } = layoutScreen(state).body;
  const placed = tablePlaces(state).flatMap((place): { column: Column<ProcessRow>; place: TablePlace }[] => {
    const column = findColumn(PROCESS_COLUMNS, place.id);
    return column ? [{ column, place }] : [];
  });
  const rows = selectProcessRows(state);
  const { top } = state.lists.processes;
  const at = selectedRow(state);
  const isActive = modeOf(state) === 'table' || state.prompt !== undefined;
  const lines = [drawTitles(kit, placed, state.settings.processSort, width)];
  for (let index = top; index < Math.min(rows.length, top + height - 1); index++) {
    const selection: UiToken | undefined = index !== at ? undefined : isActive ? 'selected' : 'selected-idle';
    const pieces: Piece[] = [[' '.repeat(GUTTER), selection]];
    let x = GUTTER;
    for (const { column, place } of placed) {
      if (place.x > x) pieces.push([' '.repeat(place.x - x), selection]);
      pieces.push([fitTo(kit, column.text(rows[index], kit.style), place.width, column.align), selection]);
      x = place.x + place.width;
    }
    lines.push(joinPieces(kit, pieces, width, selection));
  }
  const isEmpty = rows.length === 0;
  return isEmpty
    ? [...lines, '', paintWith(kit, 'faint', cutTo(kit, state.data.stage === 'none' ? ' Reading…' : NOBODY, width))]
    : lines;
}
