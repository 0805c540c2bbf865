// The column table of processes: who holds how much of what.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { Kind } from '../../probe/model/object.ts';
import type { ProcessRow } from '../../probe/model/process-row.ts';
import { ABSENT } from './absent.ts';
import type { Column } from './column.ts';
import { bytesColumn, countColumn, textColumn } from './column-kinds.ts';
import { formatContainer, formatOfHolders, formatPod } from './container-text.ts';
import { safeText } from './safe-text.ts';

/** In the order of the default table. */
export const PROCESS_COLUMNS: readonly Column<ProcessRow>[] = [
  { ...countColumn<ProcessRow>('pid', 'PID', 'process', ({ process }) => process.pid), priority: 0, json: 'pid' },
  {
    ...textColumn<ProcessRow>('user', 'USER', 'its user', 8, ({ process: { user, uid } }) =>
      user === undefined ? uid?.toString() : safeText(user),
    ),
    priority: 2,
    json: 'user',
  },
  {
    ...textColumn<ProcessRow>('command', 'COMMAND', 'its command name', 15, ({ process: { comm } }) =>
      comm === undefined ? undefined : escapeBytes(comm),
    ),
    priority: 0,
    json: 'comm',
  },
  {
    ...bytesColumn<ProcessRow>('mem', 'MEM', 'memory and swap of its objects, shared or not', (row) => row.costBytes),
    priority: 1,
    needsRss: true,
    json: 'costBytes',
  },
  {
    ...bytesColumn<ProcessRow>('size', 'SIZE', 'length of its objects', (row) => row.sizeBytes),
    priority: 4,
    json: 'sizeBytes',
  },
  kindColumn('sysv', 'SYSV', 'System V segments'),
  kindColumn('posix', 'POSIX', 'POSIX objects'),
  kindColumn('unlinked', 'UNLINKED', 'POSIX objects without a name'),
  kindColumn('memfd', 'MEMFD', 'memfds'),
  kindColumn('anonymous', 'ANON', 'anonymous shared mappings'),
  kindColumn('file', 'FILE', 'mapped ordinary files'),
  {
    ...textColumn<ProcessRow>('container', 'CONTAINER', 'its container', 12, ({ process: { container } }) =>
      container === undefined ? undefined : formatContainer(container),
    ),
    priority: 6,
    isOptional: true,
    json: 'container',
  },
  {
    ...textColumn<ProcessRow>('objects', 'OBJECTS', 'what it holds, as IDs', 12, ({ holds }) =>
      holds.map(({ object }) => object.shortId).join(' '),
    ),
    priority: 3,
    json: 'objects',
  },
  {
    ...textColumn<ProcessRow>(
      'pod',
      'POD',
      'its pod: namespace and name, else its uid',
      16,
      ({ process: { container } }) => container && formatPod(container),
    ),
    json: 'container',
  },
  {
    ...textColumn<ProcessRow>('image', 'IMAGE', 'image of its container', 16, ({ process: { container } }) =>
      container?.image === undefined ? undefined : safeText(container.image),
    ),
    json: 'container',
  },
  {
    ...textColumn<ProcessRow>('unit', 'UNIT', 'its systemd unit', 16, ({ process }) =>
      formatOfHolders([process], 'unit'),
    ),
    needsUnits: true,
    json: 'unit',
  },
  {
    ...textColumn<ProcessRow>('job', 'JOB', 'its batch job', 10, ({ process }) => formatOfHolders([process], 'job')),
    needsUnits: true,
    json: 'job',
  },
  { ...countColumn<ProcessRow>('count', 'COUNT', 'number of objects', ({ holds }) => holds.length) },
  { ...textColumn<ProcessRow>('ns', 'IPCNS', 'inode of its IPC namespace', 10, ({ process }) => process.ipcNamespace) },
];

function kindColumn(kind: Kind, title: string, meaning: string): Column<ProcessRow> {
  return {
    ...countColumn<ProcessRow>(kind, title, `number of ${meaning}`, ({ countByKind }) => countByKind[kind]),
    text: ({ countByKind }) => (countByKind[kind] === 0 ? ABSENT : String(countByKind[kind])),
    priority: 5,
    isOptional: true,
  };
}
