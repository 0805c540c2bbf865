// The order of the rows: by one column, then by what they cost, then by id; fast enough for 30,000 at a keystroke.
import { costBytes, type ShmObject } from '../../probe/model/object.ts';
import { type Column, findColumn } from '../format/column.ts';
import { OBJECT_COLUMNS } from '../format/columns.ts';
import type { Sort } from './state.ts';

type Key = number | string | undefined;

/** Sorted copy. Rows without a value come last in both directions; ties: the dearest first, then by id. */
export function sortObjects(
  objects: readonly ShmObject[],
  { column: id, descending }: Sort,
  nowSec: number,
): ShmObject[] {
  const column = findColumn(OBJECT_COLUMNS, id);
  return sortByKey(
    objects,
    (object) => keyOf(column, object, nowSec),
    descending,
    (a, b) => {
      const more = (costBytes(b) ?? 0) - (costBytes(a) ?? 0);
      return more !== 0 ? more : compareIds(a, b);
    },
  );
}

/** SysV ids by number where the namespace is the same; others as text. */
function compareIds(a: ShmObject, b: ShmObject): number {
  if (a.shmid !== undefined && b.shmid !== undefined && a.ipcNamespace === b.ipcNamespace) return a.shmid - b.shmid;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Sorted copy of any rows by a column. */
export function sortRowsBy<Item>(
  rows: readonly Item[],
  column: Column<Item> | undefined,
  descending: boolean,
  nowSec: number,
): Item[] {
  return sortByKey(
    rows,
    (row) => keyOf(column, row, nowSec),
    descending,
    () => 0,
  );
}

function keyOf<Item>(column: Column<Item> | undefined, row: Item, nowSec: number): Key {
  if (!column) return undefined;
  return column.order ? column.order(row) : column.value(row, nowSec);
}

function sortByKey<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  descending: boolean,
  compareTied: (a: Item, b: Item) => number,
): Item[] {
  const keys = items.map(keyOf);
  const order = Array.from(items, (_, at) => at);
  const direction = descending ? -1 : 1;
  order.sort((a, b) => {
    const left = keys[a];
    const right = keys[b];
    if (left === right) return compareTied(items[a], items[b]) || a - b;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return left < right ? -direction : direction;
  });
  return order.map((at) => items[at]);
}
