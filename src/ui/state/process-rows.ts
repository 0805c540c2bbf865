// The rows of the process screen: the reverse view, sorted, filtered by words of its own, which are those of `shmtop ps`.

import type { ProcessFilter } from '../../filter/process-filter.ts';
import { escapeBytes } from '../../probe/model/bytes.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import { type ProcessRow, processRows } from '../../probe/model/process-row.ts';
import { findColumn } from '../format/column.ts';
import { PROCESS_COLUMNS } from '../format/process-columns.ts';
import { safeText } from '../format/safe-text.ts';
import { countOf } from '../format/totals.ts';
import { isAllSeen, nowSecOf } from './data.ts';
import { memoLast } from './memo.ts';
import { selectUntyped } from './object-rows.ts';
import { sortRowsBy } from './sort.ts';
import { type Sort, type State, shownData } from './state.ts';
import { sortOf } from './table.ts';

/** Who holds most stands first. */
export const PROCESS_SORT: Sort = { column: 'mem', descending: true };

/** Processes that pass the filter: by their own fields, and by those of what they hold. */
export function selectProcessRows(state: State): readonly ProcessRow[] {
  const { processFilter } = state.filter;
  const nowSec = processFilter ? nowSecOf(shownData(state)) : 0;
  const passing = passMemo(joinMemo(selectUntyped(state)), processFilter, nowSec);
  return sortMemo(passing, sortOf(state, 'processes', PROCESS_SORT));
}

const joinMemo = memoLast(processRows);
const passMemo = memoLast((rows: readonly ProcessRow[], filter: ProcessFilter | undefined, nowSec: number) =>
  filter ? rows.filter((row) => filter.matches(row, nowSec)) : rows,
);
const sortMemo = memoLast((rows: readonly ProcessRow[], { column, descending }: Sort) =>
  sortRowsBy(rows, findColumn(PROCESS_COLUMNS, column), descending, 0),
);

/** The identity of a row: a pid returns, its start time does not. */
const processRowId = ({ process }: ProcessRow): string => `process:${process.pid}:${process.startTicks ?? ''}`;

export const processRowIds = (state: State): readonly string[] => idsOf(selectProcessRows(state));
const idsOf = memoLast((rows: readonly ProcessRow[]): readonly string[] => rows.map(processRowId));

export function processPosition(state: State, at: number): string {
  const { head } = shownData(state);
  const unseen = head && !isAllSeen(head) ? head.visibility.processes - head.visibility.inspected : 0;
  const more = unseen > 0 ? `, ${unseen} not looked into` : '';
  return `${at + 1} of ${countOf(selectProcessRows(state).length, 'process', 'processes')}${more} `;
}

export function processFinder(state: State, text: string): (index: number) => boolean {
  const rows = selectProcessRows(state);
  const wanted = text.toLowerCase();
  return (index) => {
    const { pid, comm, user } = itemAt(rows, index).process;
    return [String(pid), comm && escapeBytes(comm), user && safeText(user)].some((value) =>
      value?.toLowerCase().includes(wanted),
    );
  };
}
