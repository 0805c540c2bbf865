// The rows of the Where screen: whose memory it is, by what was chosen; sorted, filtered by the same words as the objects.
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { OWNER_KINDS, type OwnerKind, ownerKey, ownerRows } from '../../probe/model/owner.ts';
import { countUnlisted, type Snapshot } from '../../probe/model/snapshot.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { findColumn } from '../format/column.ts';
import { type NamedOwner, OWNER_COLUMNS } from '../format/owner-columns.ts';
import { OWNER_WORDS, ownerLabel, type Surroundings } from '../format/owner-words.ts';
import { countOf } from '../format/totals.ts';
import type { Intent } from './intent.ts';
import { NEW_LIST } from './list.ts';
import { memoLast } from './memo.ts';
import { selectObjects } from './object-rows.ts';
import { sortRowsBy } from './sort.ts';
import { type OnlyOwner, type Sort, type State, shownData, shownMarks } from './state.ts';
import { sortOf } from './table.ts';

/** Who has most stands first. */
export const OWNER_SORT: Sort = { column: 'mem', descending: true };

export function selectOwnerRows(state: State): readonly NamedOwner[] {
  const there = thereMemo(selectObjects(state), shownMarks(state).ghosts);
  const rows = rowsMemo(there, state.settings.whereBy, shownData(state).head);
  return sortMemo(rows, sortOf(state, 'where', OWNER_SORT));
}

/** What is gone and still marked takes no memory any more. */
const thereMemo = memoLast((objects: readonly ShmObject[], ghosts: readonly ShmObject[]): readonly ShmObject[] => {
  const gone = new Set(ghosts);
  return gone.size === 0 ? objects : objects.filter((object) => !gone.has(object));
});

const rowsMemo = memoLast(
  (
    objects: readonly ShmObject[],
    by: OwnerKind,
    head: Omit<Snapshot, 'objects'> | undefined,
  ): readonly NamedOwner[] => {
    const surroundings = surroundingsOf(head);
    return ownerRows(objects, by).map((row) => ({ ...row, label: ownerLabel(row.example, by, surroundings) }));
  },
);
const sortMemo = memoLast((rows: readonly NamedOwner[], { column, descending }: Sort) =>
  sortRowsBy(rows, findColumn(OWNER_COLUMNS, column), descending, 0),
);

const surroundingsOf = (head: Omit<Snapshot, 'objects'> | undefined): Surroundings => ({
  ownNamespace: head?.host.ipcNamespace,
  mounts: head?.limits.mounts ?? [],
  namespaces: head?.namespaces,
});

export const ownerRowIds = (state: State): readonly string[] => idsOf(selectOwnerRows(state));
const idsOf = memoLast((rows: readonly NamedOwner[]): readonly string[] =>
  rows.map(({ by, key }) => (key === undefined ? `owner:${by}` : `owner:${by}:${key}`)),
);

export function ownerFinder(state: State, text: string): (index: number) => boolean {
  const rows = selectOwnerRows(state);
  const wanted = text.toLowerCase();
  return (index) => itemAt(rows, index).label.toLowerCase().includes(wanted);
}

export function ownerPosition(state: State, at: number): string {
  const rows = selectOwnerRows(state);
  const { one, many } = OWNER_WORDS[state.settings.whereBy];
  const bytes = rows.reduce((sum, { totals }) => sum + totals.costBytes, 0);
  const { head, stage } = shownData(state);
  const unlisted = head ? countUnlisted(head) : 0;
  const rest = stage === 'partial' ? ' so far' : unlisted > 0 ? `, ${countOf(unlisted, 'object')} more not listed` : '';
  return `${at + 1} of ${countOf(rows.length, one, many)}, ${formatIecBytes(bytes)} in memory${rest} `;
}

export const ownerChip = ({ settings: { whereBy } }: State): string => `by ${OWNER_WORDS[whereBy].one}`;

/** The owner of an object, as a filter that only its objects pass. */
export function onlyOwnerOf(state: State, object: ShmObject, by: OwnerKind): OnlyOwner {
  const label = ownerLabel(object, by, surroundingsOf(shownData(state).head));
  return { by, key: ownerKey(object, by), label };
}

/** Keys of the Where screen. Undefined: it means what it means elsewhere. */
export function reduceOwnerKeys(state: State, intent: Intent, at: number): State | undefined {
  switch (intent) {
    case 'tree': {
      const { settings } = state;
      const next = itemAt(OWNER_KINDS, (OWNER_KINDS.indexOf(settings.whereBy) + 1) % OWNER_KINDS.length);
      return { ...state, settings: { ...settings, whereBy: next }, lists: { ...state.lists, where: NEW_LIST } };
    }
    case 'open': {
      const row = selectOwnerRows(state)[at];
      if (!row) return state;
      const onlyOwner = onlyOwnerOf(state, row.example, row.by);
      const lists = { ...state.lists, objects: NEW_LIST };
      return { ...state, screen: 'objects', returnTo: undefined, scrolledColumns: 0, onlyOwner, lists };
    }
    default:
      return undefined;
  }
}
