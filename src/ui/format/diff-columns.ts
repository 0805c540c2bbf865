// The column table of `shmtop diff`: what changed, by how much, and whose it is.
import type { KeptObject } from '../../probe/model/decode/kept-snapshot.ts';
import { sysvShortId } from '../../probe/model/identity.ts';
import { type Change, keptCost } from '../../probe/model/snapshot-diff.ts';
import { ABSENT } from './absent.ts';
import { formatBytes } from './bytes.ts';
import type { Column } from './column.ts';
import { bytesColumn, textColumn } from './column-kinds.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';

/** A change with what it is called where the later snapshot was taken. */
export interface NamedChange extends Change {
  readonly shortId: string;
}

const either = ({ before, after }: Change): KeptObject | undefined => after ?? before;

export const DIFF_COLUMNS: readonly Column<NamedChange>[] = [
  {
    ...textColumn<NamedChange>('change', 'CHANGE', 'new, grown, judged, shrunk or gone', 6, ({ kind }) => kind),
    priority: 0,
    token: ({ kind }) => (kind === 'new' || kind === 'grown' ? 'warning' : kind === 'judged' ? undefined : 'faint'),
  },
  {
    ...textColumn<NamedChange>('id', 'ID', 'as ls prints it', 28, ({ shortId }) => shortId),
    minWidth: 8,
    priority: 0,
    cut: 'middle',
  },
  {
    ...bytesColumn<NamedChange>(
      'growth',
      'GROWTH',
      'of its memory and swap, else of its length',
      (row) => row.growthBytes,
    ),
    text: ({ growthBytes }, style) => spellGrowth(growthBytes, style),
    priority: 0,
  },
  { ...bytesColumn<NamedChange>('mem', 'MEM', 'memory and swap, now or at last', costOf), priority: 2 },
  {
    ...bytesColumn<NamedChange>('size', 'SIZE', 'length, now or at last', (row) => either(row)?.sizeBytes),
    priority: 3,
  },
  { ...textColumn<NamedChange>('user', 'USER', 'owner', 8, userOf), priority: 4 },
  { ...textColumn<NamedChange>('verdict', 'VERDICT', 'its verdict, and the one before', 11, verdictOf), priority: 1 },
  { ...textColumn<NamedChange>('what', 'WHAT', 'software by its looks, else its name', 16, whatOf), priority: 5 },
];

function costOf(row: NamedChange): number | undefined {
  const object = either(row);
  return object && keptCost(object);
}

function userOf(row: NamedChange): string | undefined {
  const { user, uid } = either(row) ?? {};
  return user === undefined ? uid?.toString() : safeText(user);
}

function verdictOf({ before, after }: NamedChange): string {
  const [then, now] = [before?.verdict.state, after?.verdict.state];
  return then !== undefined && now !== undefined && then !== now ? `${now} (was ${then})` : (now ?? then ?? ABSENT);
}

function whatOf(row: NamedChange): string | undefined {
  const object = either(row);
  return object?.software?.name ?? object?.name;
}

/** `+12.0M`, `-4.0K`, `0`. */
export function spellGrowth(bytes: number, style: Pick<Style, 'bytes'>): string {
  if (bytes === 0) return '0';
  return `${bytes > 0 ? '+' : '-'}${formatBytes(Math.abs(bytes), style)}`;
}

/** What `ls` printed for it, seen from that IPC namespace. */
export function keptShortId({ id, kind, name, path }: KeptObject, ownNamespace: string | undefined): string {
  const segment = /^sysv:([0-9a-z]*):(\d+)$/.exec(id);
  if (segment) return sysvShortId(segment[1] ?? '', Number(segment[2]), ownNamespace);
  return kind === 'posix' && path !== undefined ? `posix:${name}` : id;
}
