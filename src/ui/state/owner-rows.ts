// The rows of the Where screen: whose memory it is, of the whole account or of what fills one limit; sorted, filtered by the words of objects.
import { type Account, NO_ACCOUNT } from '../../probe/model/account/account.ts';
import { accountOf } from '../../probe/model/account/account-of.ts';
import { type OwnerSum, type SumKind, sumBy } from '../../probe/model/account/sum-by.ts';
import { isCounted, type Scope } from '../../probe/model/ceiling-scope.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { Limits } from '../../probe/model/snapshot.ts';
import { sumTotals, type Totals } from '../../probe/model/totals.ts';
import { sumLabel } from '../format/account-words.ts';
import { findColumn } from '../format/column.ts';
import { type NamedOwner, OWNER_COLUMNS } from '../format/owner-columns.ts';
import { surroundingsOf } from '../format/owner-words.ts';
import { selectLimits } from './all-limits.ts';
import { type Data, mapById } from './data.ts';
import { memoLast } from './memo.ts';
import { selectObjects } from './object-rows.ts';
import { sortRowsBy } from './sort.ts';
import { type Sort, type State, shownAccount, shownData, shownMarks } from './state.ts';
import { sortOf } from './table.ts';
import { scopeOf } from './who.ts';

/** Who has most stands first. */
export const OWNER_SORT: Sort = { column: 'share', descending: true };

/** What tells the rows apart. */
export const ownersBy = ({ whereOf, settings }: State): SumKind => whereOf?.by ?? settings.whereBy;

export function selectOwnerRows(state: State): readonly NamedOwner[] {
  const there = thereMemo(selectObjects(state), shownMarks(state).ghosts);
  const rows = rowsMemo(
    there,
    ownersBy(state),
    shownData(state).head,
    selectLimits(state),
    selectAccount(state),
    scopeOf(state),
  );
  const sorted = sortMemo(rows, sortOf(state, 'where', OWNER_SORT));
  return state.frozenIds ? frozenMemo(sorted, state.frozenIds) : sorted;
}

/** The account of all that is shown; of what passes a filter nobody can say which files belong to it. */
function selectAccount(state: State): Account {
  const readings = shownAccount(state);
  const isNarrowed = state.filter.filter !== undefined || state.isOnlyLeftovers || state.onlyOwner !== undefined;
  return readings === undefined || isNarrowed ? NO_ACCOUNT : accountMemo(shownData(state).objects, readings);
}

const accountMemo = memoLast((objects: readonly ShmObject[], readings: Parameters<typeof accountOf>[1]) =>
  accountOf({ objects }, readings),
);

/** What is gone and still marked takes no memory any more. */
const thereMemo = memoLast((objects: readonly ShmObject[], ghosts: readonly ShmObject[]): readonly ShmObject[] => {
  const gone = new Set(ghosts);
  return gone.size === 0 ? objects : objects.filter((object) => !gone.has(object));
});

const rowsMemo = memoLast(
  (
    objects: readonly ShmObject[],
    by: SumKind,
    head: Data['head'],
    limits: Limits | undefined,
    account: Account,
    scope: Scope | undefined,
  ): readonly NamedOwner[] => {
    const among = scope ? objects.filter((object) => isCounted(scope, object)) : objects;
    const sums = sumBy({ objects: among }, scope ? narrowed(account, scope) : account, by);
    const byId = mapById(among);
    const surroundings = surroundingsOf(head, limits);
    const rows = sums.map((sum): NamedOwner => {
      const totals = sumTotals(sum.objectIds.flatMap((id) => byId.get(id) ?? []));
      const files = sum.kind === 'files' && scope ? unlistedFiles(scope, among) : undefined;
      return { ...sum, label: sumLabel(sum, surroundings), totals, files, weight: weightOf(sum, totals, files, scope) };
    });
    const sum = rows.reduce((all, { weight }) => all + Math.max(0, weight), 0);
    const all = Math.max(scope?.ceiling.used ?? 0, sum);
    return all > 0 ? rows.map((row) => ({ ...row, share: row.weight / all })) : rows;
  },
);

/** Of a mount, its files that are not listed; of anything else there are none. */
function narrowed(account: Account, { ceiling }: Scope): Account {
  if (ceiling.kind === 'shmem') return account;
  const device = 'mount' in ceiling ? ceiling.mount.device : undefined;
  return { ...NO_ACCOUNT, parts: account.parts.filter(({ mount }) => mount !== undefined && mount.device === device) };
}

function weightOf({ bytes }: OwnerSum, totals: Totals, files = 0, scope?: Scope): number {
  if (!scope) return bytes;
  switch (scope.ceiling.kind) {
    case 'segments':
    case 'namespace-segments':
    case 'mount-inodes':
      return totals.objects + files;
    case 'pages':
    case 'namespace-pages':
    case 'largest':
      return totals.sizeBytes;
    case 'huge-pages':
      return bytes / Number(scope.ceiling.of);
    default:
      return bytes;
  }
}

/** Files, directories and links that are none of the objects; the root of the mount is one. */
function unlistedFiles({ ceiling }: Scope, objects: readonly ShmObject[]): number | undefined {
  if (ceiling.kind !== 'mount-inodes' && ceiling.kind !== 'mount-bytes') return undefined;
  const { inodesUsed } = ceiling.mount;
  return inodesUsed === undefined ? undefined : Math.max(0, inodesUsed - objects.length);
}

const sortMemo = memoLast((rows: readonly NamedOwner[], { column, descending }: Sort) =>
  sortRowsBy(rows, findColumn(OWNER_COLUMNS, column), descending, 0),
);

/** In the order of the ids, while something is asked; who is new waits. */
const frozenMemo = memoLast((rows: readonly NamedOwner[], ids: readonly string[]) => {
  const byId = new Map(rows.map((row) => [ownerRowId(row), row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
});

export const ownerRowId = ({ by, kind, key = '' }: OwnerSum): string => `owner:${by}:${kind}:${key}`;
