// Which columns the tables may show, in which order: the user's choice, or the usual ones by priority.

import type { ShmObject } from '../../probe/model/object.ts';
import type { ProcessRow } from '../../probe/model/process-row.ts';
import { isBlank } from '../format/absent.ts';
import { type Column, findColumn } from '../format/column.ts';
import { OBJECT_COLUMNS } from '../format/columns.ts';
import { PROCESS_COLUMNS } from '../format/process-columns.ts';
import { memoLast } from './memo.ts';
import { selectProcessRows } from './process-rows.ts';
import { type State, shownData } from './state.ts';

/** Columns of the object table before it is known what fits. Optional ones only when an object has something in them. */
export function objectColumns(state: State): readonly Column<ShmObject>[] {
  const { columns } = state.settings;
  if (columns) return chosen(columns);
  return usual(shownData(state).objects);
}

const chosen = memoLast((ids: readonly string[]): readonly Column<ShmObject>[] =>
  ids.flatMap((id) => findColumn(OBJECT_COLUMNS, id) ?? []),
);

const usual = memoLast((objects: readonly ShmObject[]): readonly Column<ShmObject>[] =>
  OBJECT_COLUMNS.filter(
    (column) =>
      column.priority !== undefined &&
      (!column.isOptional || objects.some((object) => !isBlank(String(column.value(object, 0) ?? '')))),
  ),
);

/** Columns of the process table; kinds that no process holds are left out. */
export function processColumns(state: State): readonly Column<ProcessRow>[] {
  return usualOfProcesses(selectProcessRows(state));
}

const usualOfProcesses = memoLast((rows: readonly ProcessRow[]): readonly Column<ProcessRow>[] =>
  PROCESS_COLUMNS.filter(
    ({ priority, isOptional, value }) =>
      priority !== undefined && (!isOptional || rows.some((row) => (value(row, 0) ?? 0) !== 0)),
  ),
);

/** Ids of the columns of the screen that is shown, in order. */
export function columnChoices(state: State): readonly string[] {
  if (state.screen === 'objects') return objectColumns(state).map(({ id }) => id);
  return state.screen === 'processes' ? processColumns(state).map(({ id }) => id) : [];
}

export interface SortChoice {
  readonly id: string;
  readonly title: string;
  readonly meaning: string;
  readonly isNumber: boolean;
}

/** All columns that the screen can be sorted by. */
export function sortChoices(state: State): readonly SortChoice[] {
  return state.screen === 'processes' ? PROCESS_CHOICES : OBJECT_CHOICES;
}

const choicesOf = <Item>(columns: readonly Column<Item>[]): readonly SortChoice[] =>
  columns.map(({ id, title, meaning, align }) => ({ id, title, meaning, isNumber: align === 'right' }));
const OBJECT_CHOICES = choicesOf(OBJECT_COLUMNS);
const PROCESS_CHOICES = choicesOf(PROCESS_COLUMNS);
