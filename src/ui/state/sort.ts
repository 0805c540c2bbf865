// The order of the rows: by one column, then by what they cost, then by id; fast enough for 30,000 at a keystroke.
import { itemAt } from '../../probe/model/item-at.ts';
import { costBytes, KINDS, type ShmObject } from '../../probe/model/object.ts';
import { type Column, findColumn } from '../format/column.ts';
import { OBJECT_COLUMNS } from '../format/columns.ts';
import type { Sort } from './state.ts';

type Key = number | string | undefined;

/** Sorted copy. Rows without a value come last in both directions; ties: the dearest first, then by number or id. */
export function sortObjects(
  objects: readonly ShmObject[],
  { column: id, descending }: Sort,
  nowSec: number,
): ShmObject[] {
  const column = findColumn(OBJECT_COLUMNS, id);
  const cost = numbersOf(objects, (object) => costBytes(object) ?? 0);
  const kind = numbersOf(objects, (object) => KINDS.indexOf(object.kind));
  const number = numbersOf(objects, (object) => object.shmid ?? object.inode ?? -1);
  return sortByKey(
    objects,
    (object) => keyOf(column, object, nowSec),
    descending,
    (a, b) =>
      compare(cost, b, a) ||
      compare(kind, a, b) ||
      compare(number, a, b) ||
      (itemAt(objects, a).id < itemAt(objects, b).id ? -1 : 1),
  );
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

/** Keys become numbers first (text by its rank among the different texts), so that comparing 40,000 rows is arithmetic. */
function sortByKey<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  descending: boolean,
  compareTied: (a: number, b: number) => number,
): Item[] {
  const ranks = rankKeys(items.map(keyOf), descending);
  const order = new Uint32Array(items.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  order.sort((a, b) => {
    const left = ranks[a] ?? 0;
    const right = ranks[b] ?? 0;
    return left === right ? compareTied(a, b) || a - b : left < right ? -1 : 1;
  });
  const sorted: Item[] = [];
  for (const at of order) sorted.push(itemAt(items, at));
  return sorted;
}

/** Ascending numbers in the order that is wanted; what has no key comes last. */
function rankKeys(keys: readonly Key[], descending: boolean): Float64Array {
  const texts = new Set<string>();
  for (const key of keys) if (typeof key === 'string') texts.add(key);
  const rankOf = new Map([...texts].sort().map((text, rank) => [text, rank]));
  const direction = descending ? -1 : 1;
  return numbersOf(keys, (key) =>
    key === undefined ? Number.POSITIVE_INFINITY : direction * (typeof key === 'string' ? (rankOf.get(key) ?? 0) : key),
  );
}

/** As `Float64Array.from`, which makes a list of them first: garbage that a young generation of 1 MB has no room for. */
function numbersOf<Item>(items: readonly Item[], numberOf: (item: Item) => number): Float64Array {
  const numbers = new Float64Array(items.length);
  for (const [at, item] of items.entries()) numbers[at] = numberOf(item);
  return numbers;
}

const compare = (values: Float64Array, a: number, b: number) => (values[a] ?? 0) - (values[b] ?? 0);
