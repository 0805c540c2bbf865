// The table of processes: who holds what. Same columns as `shmtop ps`.
import { PROCESS_COLUMNS } from '../format/process-columns.ts';
import { selectProcessRows } from '../state/process-rows.ts';
import type { State } from '../state/state.ts';
import { PROCESS_TABLE } from '../state/tables.ts';
import { drawTable } from './table.ts';

export function drawProcessTable(state: State): string[] {
  return drawTable(state, {
    table: PROCESS_TABLE,
    columns: PROCESS_COLUMNS,
    rows: selectProcessRows,
    row: (_kit, _state, item) => ({ item }),
    emptyText: ({ data }) => (data.stage === 'none' ? 'Reading…' : 'No process that can be seen holds shared memory.'),
  });
}
