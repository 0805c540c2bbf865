// The column table of owners: who has how much memory.
import type { OwnerRow } from '../../probe/model/owner.ts';
import { ABSENT } from './absent.ts';
import type { Column } from './column.ts';
import { bytesColumn, countColumn, textColumn } from './column-kinds.ts';

/** An owner with its name, escaped. */
export interface NamedOwner extends OwnerRow {
  readonly label: string;
}

/** In the order of the default table. */
export const OWNER_COLUMNS: readonly Column<NamedOwner>[] = [
  {
    ...textColumn<NamedOwner>('name', 'NAME', 'user, software, container, IPC namespace or mount', 24, (o) => o.label),
    minWidth: 8,
    priority: 0,
  },
  {
    ...bytesColumn<NamedOwner>(
      'mem',
      'MEM',
      'memory and swap that its objects occupy: what their end gives back',
      ({ totals }) => totals.costBytes,
    ),
    priority: 0,
    needsRss: true,
  },
  {
    ...textColumn<NamedOwner>('share', 'SHARE', 'its part of the memory of all rows', 16, () => undefined),
    minWidth: 5,
    priority: 2,
    needsRss: true,
    value: ({ share }) => share,
    text: ({ share }) => spellShare(share),
  },
  { ...countColumn<NamedOwner>('objects', 'OBJECTS', 'its objects', ({ totals }) => totals.objects), priority: 1 },
  {
    ...bytesColumn<NamedOwner>('size', 'SIZE', 'length of its objects', ({ totals }) => totals.sizeBytes),
    priority: 5,
  },
  leftoverColumn(
    'abandoned',
    'ABANDONED',
    'memory and swap of those that nobody needs: what rm --abandoned gives back',
    3,
  ),
  leftoverColumn('orphaned', 'ORPHANED', 'the same of those whose makers are gone, though that proves nothing', 4),
  leftoverColumn('unheld', 'UNHELD', 'memory and swap of those that nobody holds, though somebody may come back', 6),
];

/** Nothing to gain is said as such: a dash is easier passed over than a zero. */
function leftoverColumn(
  state: 'abandoned' | 'orphaned' | 'unheld',
  title: string,
  meaning: string,
  priority: number,
): Column<NamedOwner> {
  const column = bytesColumn<NamedOwner>(state, title, meaning, ({ totals }) => totals.byVerdict[state].costBytes);
  const isNone = ({ totals }: NamedOwner) => totals.byVerdict[state].objects === 0;
  return {
    ...column,
    priority,
    needsRss: true,
    text: (row, style) => (isNone(row) ? ABSENT : column.text(row, style)),
    token: (row) => (isNone(row) ? undefined : state),
  };
}

/** `45%`; what is there and less than one of a hundred is `<1%`. */
export function spellShare(share: number | undefined): string {
  if (share === undefined) return ABSENT;
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
