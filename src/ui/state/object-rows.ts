// From all objects to the rows of the table: filtered, sorted, grouped. Computed once for the same inputs.

import type { ObjectFilter } from '../../filter/object-filter.ts';
import { isOwnedBy } from '../../probe/model/account/sum-by.ts';
import { type ByteString, escapeBytes } from '../../probe/model/bytes.ts';
import { isCounted } from '../../probe/model/ceiling-scope.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject, VerdictState } from '../../probe/model/object.ts';
import { ownerKey } from '../../probe/model/owner.ts';
import { sumTotals } from '../../probe/model/totals.ts';
import { ownerLabel, surroundingsOf } from '../format/owner-words.ts';
import { safeText } from '../format/safe-text.ts';
import { type Data, mapById, nowSecOf } from './data.ts';
import { memoLast } from './memo.ts';
import type { GroupRow, Row } from './row.ts';
import { sortObjects } from './sort.ts';
import { type GroupBy, type OnlyOwner, type Sort, type State, shownData, shownMarks } from './state.ts';
import { sortOf } from './table.ts';

/** What nobody holds, as far as can be known. */
const LEFTOVERS: ReadonlySet<VerdictState> = new Set(['abandoned', 'orphaned', 'unheld']);

/** What may be cleaned up stands first. */
export const OBJECT_SORT: Sort = { column: 'verdict', descending: false };

/** All rows of the table, in order, not only those in the window. */
export function selectObjectRows(state: State): readonly Row[] {
  const objects = selectObjects(state);
  const { groupBy } = state.settings;
  return groupBy === undefined
    ? flatRows(objects)
    : treeRows(
        objects,
        groupBy,
        state.flipped,
        groupBy === 'namespace' ? shownData(state).head : undefined,
        state.frozenIds,
      );
}

/** The objects that pass all filters, sorted; gone ones among them while they are still marked. */
export function selectObjects(state: State): readonly ShmObject[] {
  const data = shownData(state);
  const { ghosts } = shownMarks(state);
  // Sorted first: typing a filter then costs the filter only. The order of ages is the same at any moment.
  const sorted = sortMemo(data.objects, ghosts, sortOf(state, 'objects', OBJECT_SORT));
  const ordered = state.frozenIds ? frozenOrder(sorted, state.frozenIds) : sorted;
  const nowSec = state.filter.filter ? nowSecOf(data) : 0;
  return passObjects(ordered, state.filter.filter, state.isOnlyLeftovers, state.onlyOwner, nowSec);
}

const sortMemo = memoLast((objects: readonly ShmObject[], ghosts: readonly ShmObject[], sort: Sort) =>
  sortObjects(ghosts.length > 0 ? [...objects, ...ghosts] : objects, sort, 0),
);

/** All that the other filters let pass, whatever is typed: processes have words of their own. */
export function selectUntyped(state: State): readonly ShmObject[] {
  const { objects } = shownData(state);
  return passUntyped(objects, undefined, state.isOnlyLeftovers, state.onlyOwner, 0);
}

const passing = (
  objects: readonly ShmObject[],
  filter: ObjectFilter | undefined,
  isOnlyLeftovers: boolean,
  onlyOwner: OnlyOwner | undefined,
  nowSec: number,
): readonly ShmObject[] => {
  if (!filter && !isOnlyLeftovers && !onlyOwner) return objects;
  return objects.filter(
    (object) =>
      (!isOnlyLeftovers || LEFTOVERS.has(object.verdict.state)) &&
      (!onlyOwner || isOnly(object, onlyOwner)) &&
      (!filter || filter.matches(object, nowSec)),
  );
};
const passObjects = memoLast(passing);
const passUntyped = memoLast(passing);

const isOnly = (object: ShmObject, { by, key, scope }: OnlyOwner) =>
  isOwnedBy(object, by, key) && (!scope || isCounted(scope, object));

/** In the order of `ids` (rows of the tree among them), what is gone and still marked too; what is new waits. */
const frozenOrder = memoLast((objects: readonly ShmObject[], ids: readonly string[]): readonly ShmObject[] => {
  const byId = mapById(objects);
  return ids.flatMap((id) => byId.get(id) ?? []);
});

/** A row is the same one as long as its object is: another order makes no new ones. */
let knownRows = new Map<string, Row>();

const flatRows = memoLast((objects: readonly ShmObject[]): readonly Row[] => {
  if (knownRows.size > 2 * objects.length) knownRows = new Map();
  const rows: Row[] = [];
  for (const object of objects) {
    let row = knownRows.get(object.id);
    if (row?.kind !== 'object' || row.object !== object) {
      row = { kind: 'object', id: object.id, object, depth: 0, isOpen: false };
      knownRows.set(object.id, row);
    }
    rows.push(row);
  }
  return rows;
});

const treeRows = memoLast(
  (
    objects: readonly ShmObject[],
    groupBy: GroupBy,
    flipped: ReadonlySet<string>,
    head: Data['head'],
    frozenIds: readonly string[] | undefined,
  ): readonly Row[] => {
    const groups = Map.groupBy(objects, (object) => ownerKey(object, groupBy));
    const surroundings = surroundingsOf(head);
    const rows: Row[] = [];
    const sorted = [...groups].map(([key, members]) =>
      groupRow(groupBy, key, ownerLabel(itemAt(members, 0), groupBy, surroundings), members, flipped),
    );
    const places = placesOf(frozenIds ?? []);
    const rankOf = ({ row }: { readonly row: GroupRow }) => places.get(row.id) ?? NEW_GROUP;
    sorted.sort(
      (a, b) =>
        rankOf(a) - rankOf(b) ||
        b.row.totals.costBytes - a.row.totals.costBytes ||
        b.row.totals.objects - a.row.totals.objects ||
        (a.row.label < b.row.label ? -1 : 1),
    );
    for (const { row, members } of sorted) {
      rows.push(row);
      if (row.isOpen) for (const object of members) addObject(rows, object, flipped);
    }
    return rows;
  },
);

/** A group that came while the order stands still. */
const NEW_GROUP = -1;

function placesOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [at, id] of ids.entries()) places.set(id, at);
  return places;
}

function addObject(rows: Row[], object: ShmObject, flipped: ReadonlySet<string>): void {
  const isOpen = flipped.has(object.id);
  rows.push({ kind: 'object', id: object.id, object, depth: 1, isOpen });
  if (!isOpen) return;
  for (const holder of object.holders) {
    rows.push({ kind: 'holder', id: `${object.id} ${holder.pid}`, holder, object, depth: 2 });
  }
}

function groupRow(
  groupBy: GroupBy,
  key: string | undefined,
  label: string,
  members: readonly ShmObject[],
  flipped: ReadonlySet<string>,
): { row: GroupRow; members: readonly ShmObject[] } {
  const id = `group:${groupBy}:${key ?? ''}`;
  return { row: { kind: 'group', id, label, totals: sumTotals(members), isOpen: !flipped.has(id) }, members };
}

/** Does a row contain the text that is searched for, as it is shown? Bytes have no case: 0xC3 begins an é, and is no Ã. */
export function rowHasText(row: Row, text: string): boolean {
  const wanted = text.toLowerCase();
  const has = (value: string | undefined) => value?.toLowerCase().includes(wanted) ?? false;
  const hasBytes = (raw: ByteString | undefined) => raw !== undefined && has(escapeBytes(raw));
  switch (row.kind) {
    case 'group':
      return has(row.label);
    case 'holder':
      return hasBytes(row.holder.comm) || has(String(row.holder.pid));
    case 'object':
      return (
        has(row.object.shortId) ||
        has(row.object.key) ||
        has(row.object.user && safeText(row.object.user)) ||
        has(row.object.software?.name) ||
        row.object.holders.some(({ comm, pid }) => hasBytes(comm) || has(String(pid)))
      );
  }
}
