// The tables of the dashboard: objects, processes, events, owners. Which columns each may show, its usual order, how it is laid out.
import type { ShmObject } from '../../probe/model/object.ts';
import type { ProcessRow } from '../../probe/model/process-row.ts';
import { isBlank } from '../format/absent.ts';
import { OBJECT_COLUMNS } from '../format/columns.ts';
import { EVENT_COLUMNS, SHORT_TIME_WIDTH } from '../format/event-columns.ts';
import { OWNER_COLUMNS } from '../format/owner-columns.ts';
import { PROCESS_COLUMNS } from '../format/process-columns.ts';
import { contentMeasurer } from './content-width.ts';
import type { EventEntry } from './event-entry.ts';
import { selectEventRows } from './event-rows.ts';
import { memoLast } from './memo.ts';
import { OBJECT_SORT, selectObjectRows } from './object-rows.ts';
import { OWNER_SORT } from './owner-rows.ts';
import { PROCESS_SORT, selectProcessRows } from './process-rows.ts';
import type { Row } from './row.ts';
import { shownData } from './state.ts';
import type { ColumnFacts, Table } from './table.ts';

const OBJECT_ROOM: Table['roomy'] = {
  id: 60,
  user: 20,
  holders: 40,
  container: 24,
  software: 40,
  role: 60,
  why: 400,
  name: 60,
  path: 120,
  what: 28,
};

const measureObjects = contentMeasurer(
  OBJECT_COLUMNS.filter(({ id }) => OBJECT_ROOM[id] !== undefined),
  (row: Row) => (row.kind === 'object' ? { item: row.object, indent: row.depth > 0 ? BRANCH : 0 } : undefined),
);
/** What stands before the ID of an object in the tree. */
const BRANCH = 2;

export const OBJECT_TABLE: Table = {
  id: 'objects',
  columns: OBJECT_COLUMNS,
  usual: (state) => usualOfObjects(shownData(state).objects),
  sort: OBJECT_SORT,
  // What its end gives back answers more than what was asked for.
  answers: ['mem'],
  lesser: ['size'],
  roomy: OBJECT_ROOM,
  content: (state, top, height) => measureObjects(selectObjectRows(state), top, height, state.unicode),
};

/** Optional ones only when an object has something in them. */
const usualOfObjects = memoLast((objects: readonly ShmObject[]): readonly ColumnFacts[] =>
  OBJECT_COLUMNS.filter(
    ({ priority, isOptional, value }) =>
      priority !== undefined && (!isOptional || objects.some((object) => !isBlank(String(value(object, 0) ?? '')))),
  ),
);

const PROCESS_ROOM: Table['roomy'] = { user: 20, container: 24, objects: 400 };
const measureProcesses = contentMeasurer(
  PROCESS_COLUMNS.filter(({ id }) => PROCESS_ROOM[id] !== undefined),
  (item: ProcessRow) => ({ item, indent: 0 }),
);

export const PROCESS_TABLE: Table = {
  id: 'processes',
  columns: PROCESS_COLUMNS,
  usual: (state) => usualOfProcesses(selectProcessRows(state)),
  sort: PROCESS_SORT,
  answers: ['mem'],
  roomy: PROCESS_ROOM,
  content: (state, top, height) => measureProcesses(selectProcessRows(state), top, height, state.unicode),
};

/** Kinds that no process holds are left out. */
const usualOfProcesses = memoLast((rows: readonly ProcessRow[]): readonly ColumnFacts[] =>
  PROCESS_COLUMNS.filter(
    ({ priority, isOptional, value }) =>
      priority !== undefined && (!isOptional || rows.some((row) => (value(row, 0) ?? 0) !== 0)),
  ),
);

export const OWNER_TABLE: Table = {
  id: 'where',
  columns: OWNER_COLUMNS,
  usual: () => OWNER_COLUMNS,
  sort: OWNER_SORT,
  answers: ['mem'],
  roomy: { name: 40, share: 40 },
};

/** Below this many columns the ID needs the room of the thousandths more than they do. */
const NARROW = 64;

const EVENT_ROOM: Table['roomy'] = { id: 40, name: 20, detail: 400, command: 20 };
const measureEvents = contentMeasurer(
  EVENT_COLUMNS.filter(({ id }) => EVENT_ROOM[id] !== undefined && id !== 'detail'),
  (item: EventEntry) => ({ item, indent: 0 }),
);

/** In the order in which they came. */
export const EVENT_TABLE: Table = {
  id: 'events',
  columns: EVENT_COLUMNS,
  usual: () => EVENT_COLUMNS,
  roomy: EVENT_ROOM,
  content: (state, top, height) => measureEvents(selectEventRows(state), top, height, state.unicode),
  wanted: ({ id, wantedWidth }, width) => (id === 'time' && width < NARROW ? SHORT_TIME_WIDTH : wantedWidth),
};
