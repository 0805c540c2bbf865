// The rows of the process screen: the reverse view, sorted, filtered by the same words as the objects.

import { type ProcessRow, processRows } from '../../probe/model/process-row.ts';
import { findColumn } from '../format/column.ts';
import { PROCESS_COLUMNS } from '../format/process-columns.ts';
import { memoLast } from './memo.ts';
import { selectObjects } from './object-rows.ts';
import { sortRowsBy } from './sort.ts';
import type { Sort, State } from './state.ts';

/** Processes that hold any of the objects that pass the filters. */
export function selectProcessRows(state: State): readonly ProcessRow[] {
  return sortMemo(joinMemo(selectObjects(state)), state.settings.processSort);
}

const joinMemo = memoLast(processRows);
const sortMemo = memoLast((rows: readonly ProcessRow[], { column, descending }: Sort) =>
  sortRowsBy(rows, findColumn(PROCESS_COLUMNS, column), descending, 0),
);

/** The identity of a row: a pid returns, its start time does not. */
export const processRowId = ({ process }: ProcessRow): string => `process:${process.pid}:${process.startTicks ?? ''}`;
