// The table of who holds one object: one row for each mapping, and one for the descriptors of a process.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { ObjectHistory } from '../../probe/model/event/object-history.ts';
import type { Holder, Mapping } from '../../probe/model/object.ts';
import type { Residents } from '../../probe/model/residents.ts';
import type { Column } from './column.ts';
import { bytesColumn, countColumn, textColumn } from './column-kinds.ts';
import { formatContainer } from './container-text.ts';
import { clockTime } from './event-text.ts';
import { safeText } from './safe-text.ts';

export interface HoldRow {
  readonly holder: Holder;
  /** Absent: the row is about its descriptors. */
  readonly mapping?: Mapping;
  readonly residentBytes?: number;
  /** Milliseconds since the epoch; known where it was seen to begin. */
  readonly sinceMs?: number;
}

/** What is known besides, of those who watch for longer than a moment. */
interface Known {
  readonly residents?: Residents;
  readonly history?: ObjectHistory;
}

/** How many rows `holdRows` has for all of them. */
export function countHoldRows(holders: readonly Holder[]): number {
  return holders.reduce(
    (sum, { mappings, fds }) => sum + mappings.length + (fds.length > 0 || mappings.length === 0 ? 1 : 0),
    0,
  );
}

/** The first `most` rows: each of many thousand mappings is looked for among as many resident ranges. */
export function holdRows(
  all: readonly Holder[],
  { residents, history }: Known = {},
  most = Number.POSITIVE_INFINITY,
): HoldRow[] {
  const holders = all.slice(0, most);
  const residentOf = (pid: number, start: number) =>
    residents?.ranges.find((range) => range.pid === pid && range.start === start)?.residentBytes;
  const rows = holders.flatMap((holder) => {
    const { pid, mappings, fds } = holder;
    const sinceMs = history?.holds.find((hold) => hold.pid === pid && hold.untilMs === undefined)?.fromMs;
    const rows = mappings
      .slice(0, most)
      .map((mapping): HoldRow => ({ holder, mapping, residentBytes: residentOf(pid, mapping.start), sinceMs }));
    if (fds.length > 0 || rows.length === 0) rows.push({ holder });
    return rows;
  });
  return rows.length > most ? rows.slice(0, most) : rows;
}

export const HOLD_COLUMNS: readonly Column<HoldRow>[] = [
  { ...countColumn<HoldRow>('pid', 'PID', 'process', ({ holder }) => holder.pid), priority: 0 },
  {
    ...textColumn<HoldRow>('user', 'USER', 'its user', 8, ({ holder }) =>
      holder.user === undefined ? holder.uid?.toString() : safeText(holder.user),
    ),
    priority: 2,
  },
  {
    ...textColumn<HoldRow>('command', 'COMMAND', 'its command', 15, ({ holder }) =>
      holder.comm === undefined ? undefined : escapeBytes(holder.comm),
    ),
    priority: 0,
  },
  {
    ...textColumn<HoldRow>('access', 'ACCESS', 'what the mapping allows', 10, ({ mapping }) =>
      mapping === undefined ? 'open' : spellAccess(mapping.perms),
    ),
    priority: 1,
  },
  {
    ...textColumn<HoldRow>('where', 'WHERE', 'addresses, or descriptors', 29, ({ holder, mapping }) =>
      mapping === undefined ? spellFds(holder.fds) : `0x${mapping.start.toString(16)}-0x${mapping.end.toString(16)}`,
    ),
    priority: 0,
  },
  {
    ...bytesColumn<HoldRow>(
      'mapped',
      'MAPPED',
      'length of the mapping',
      ({ mapping }) => mapping && mapping.end - mapping.start,
    ),
    priority: 3,
    isOptional: true,
  },
  {
    ...bytesColumn<HoldRow>(
      'resident',
      'RESIDENT',
      'pages of it that this process has touched',
      (row) => row.residentBytes,
    ),
    priority: 3,
    isOptional: true,
  },
  {
    ...textColumn<HoldRow>('since', 'SINCE', 'when it was attached', 8, ({ sinceMs }) =>
      sinceMs === undefined ? undefined : clockTime(sinceMs).slice(0, 8),
    ),
    priority: 3,
    isOptional: true,
  },
  {
    ...textColumn<HoldRow>('container', 'CONTAINER', 'its container', 12, ({ holder: { container } }) =>
      container === undefined ? undefined : formatContainer(container),
    ),
    priority: 4,
    isOptional: true,
  },
];

/** `rw-s` -> `read-write`; a private mapping (`rw-p`) shares no writes. */
export function spellAccess(perms: string): string {
  if (perms.endsWith('p')) return 'private';
  const words = [perms.startsWith('r') ? 'read' : '', perms[1] === 'w' ? 'write' : '', perms[2] === 'x' ? 'exec' : ''];
  const granted = words.filter((word) => word !== '');
  if (granted.length === 1 && granted[0] === 'read') return 'read-only';
  return granted.length === 0 ? 'none' : granted.join('-');
}

/** A process may have a million descriptors of one object. */
const MOST_FDS = 20;

/** `fd 3, 4`; undefined without one. Of many the first ones and how many there are. */
export function spellFds(fds: readonly number[]): string | undefined {
  if (fds.length === 0) return undefined;
  const more = fds.length - MOST_FDS;
  return `fd ${fds.slice(0, MOST_FDS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
