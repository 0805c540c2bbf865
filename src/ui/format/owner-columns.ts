// The column table of owners: who has how much memory.
import type { OwnerSum } from '../../probe/model/account/sum-by.ts';
import type { Totals } from '../../probe/model/totals.ts';
import { ABSENT } from './absent.ts';
import type { Column } from './column.ts';
import { bytesColumn, countColumn, textColumn } from './column-kinds.ts';

/** An owner with its name, or what has none. */
export interface NamedOwner extends OwnerSum {
  /** Escaped. */
  readonly label: string;
  /** Of its objects. */
  readonly totals: Totals;
  /** How many files, where only that is known. */
  readonly files?: number;
  /** What it takes of the limit that the rows are about, in its unit; bytes where they are about all memory. */
  readonly weight: number;
  /** Its part of what all rows have, or of what the limit is about; 0 to 1. Absent where they have none. */
  readonly share?: number;
}

/** In the order of the default table. */
export const OWNER_COLUMNS: readonly Column<NamedOwner>[] = [
  {
    ...textColumn<NamedOwner>(
      'name',
      'NAME',
      'owner, user, software, container, IPC namespace, mount or process',
      24,
      (o) => o.label,
    ),
    minWidth: 8,
    priority: 0,
  },
  {
    ...bytesColumn<NamedOwner>(
      'mem',
      'MEM',
      'memory and swap that it has; of what several processes hold, each has an equal part',
      ({ bytes }) => bytes,
    ),
    priority: 0,
    needsRss: true,
  },
  {
    ...textColumn<NamedOwner>(
      'share',
      'SHARE',
      'its part of all rows, or of the limit that they are about',
      16,
      () => undefined,
    ),
    minWidth: 5,
    priority: 2,
    needsRss: true,
    value: ({ share }) => share,
    text: ({ share }) => spellShare(share),
  },
  {
    ...countColumn<NamedOwner>('objects', 'OBJECTS', 'its objects; files that are not listed', countOwned),
    priority: 1,
  },
  {
    ...bytesColumn<NamedOwner>('size', 'SIZE', 'length of its objects', ({ totals }) => totals.sizeBytes),
    priority: 5,
  },
  leftoverColumn(
    'abandoned',
    'ABANDONED',
    'memory and swap of those that nobody needs: what rm --abandoned gives back',
    3,
    ({ freeableBytes }) => freeableBytes,
  ),
  leftoverColumn(
    'orphaned',
    'ORPHANED',
    'the same of those whose makers are gone, though that proves nothing',
    4,
    ({ perhapsBytes }) => perhapsBytes,
  ),
  leftoverColumn(
    'unheld',
    'UNHELD',
    'memory and swap of those that nobody holds, though somebody may come back',
    6,
    ({ totals }) => totals.byVerdict.unheld.costBytes,
  ),
];

function countOwned({ kind, totals, files }: NamedOwner): number | undefined {
  return kind === 'objects' ? totals.objects : files;
}

/** Nothing to gain is said as such: a dash is easier passed over than a zero. */
function leftoverColumn(
  state: 'abandoned' | 'orphaned' | 'unheld',
  title: string,
  meaning: string,
  priority: number,
  bytes: (row: NamedOwner) => number,
): Column<NamedOwner> {
  const column = bytesColumn<NamedOwner>(state, title, meaning, bytes);
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
