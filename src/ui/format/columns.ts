// THE column table of objects: table, --columns, --sort, CSV, numeric FILTER words, help and README all come from it.
import { escapeBytes } from '../../probe/model/bytes.ts';
import { costBytes, type Holder, idleSeconds, type ShmObject } from '../../probe/model/object.ts';
import type { Column } from './column.ts';
import { bytesColumn, countColumn, durationColumn, textColumn, timeColumn } from './column-kinds.ts';
import { formatContainer, formatOfHolders, formatPod } from './container-text.ts';
import { ageSeconds } from './created.ts';
import { fitHolders, formatHolders, formatMaker } from './holder-text.ts';
import { naturalOrder } from './natural-order.ts';
import { safeText } from './safe-text.ts';
import { formatVerdict, formatWhy, verdictRank } from './verdict-text.ts';
import { formatWhat } from './what-text.ts';

/** What is mapped privately is copied when it is written (mmap(2)); memory can be made writable only later (mprotect(2)). */
const isWriter = ({ mappings }: Holder) => mappings.some(({ perms }) => perms[1] === 'w' && perms[3] === 's');

const optionalText = (text: string | undefined) => (text === undefined ? undefined : safeText(text));

/** In the order of the default table. */
export const OBJECT_COLUMNS: readonly Column<ShmObject>[] = [
  {
    id: 'verdict',
    title: 'VERDICT',
    meaning:
      'does anybody need it: in-use, abandoned, orphaned, unheld or unknown (see shmtop show ID for the reasons)',
    align: 'left',
    minWidth: 4,
    wantedWidth: 11,
    priority: 0,
    json: 'verdict',
    value: (object) => object.verdict.state,
    order: verdictRank,
    text: (object, style) => formatVerdict(object.verdict.state, style),
    token: (object) => object.verdict.state,
  },
  {
    ...textColumn('id', 'ID', 'what show and rm take: sysv:5, posix:/name, or the full id', 28, (o) => o.shortId),
    minWidth: 8,
    priority: 0,
    cut: 'middle',
    json: 'id',
    order: naturalOrder(({ shortId }) => shortId),
  },
  {
    ...bytesColumn('size', 'SIZE', 'length as it was asked for; not all of it need be in memory', (o) => o.sizeBytes),
    priority: 0,
    json: 'sizeBytes',
  },
  {
    ...bytesColumn('mem', 'MEM', 'memory and swap that it occupies: what its end gives back', costBytes),
    priority: 4,
    needsRss: true,
  },
  {
    ...textColumn('user', 'USER', 'owner', 8, (o) => optionalText(o.user) ?? o.uid?.toString()),
    priority: 3,
    json: 'user',
  },
  {
    ...textColumn('holders', 'HELD BY', 'commands of the processes that map it or have it open', 12, () => undefined),
    value: (object) => (object.holders.length === 0 ? undefined : object.holders.map((h) => h.pid).join(' ')),
    text: formatHolders,
    fit: fitHolders,
    priority: 1,
    json: 'holders',
  },
  {
    ...durationColumn('age', 'AGE', 'time since it was made (a segment: or last changed by shmctl)', ageSeconds),
    priority: 5,
    isOptional: true,
  },
  {
    ...textColumn('what', 'WHAT', 'software it belongs to by its looks, else its key, name or type', 11, formatWhat),
    priority: 2,
    isOptional: true,
  },
  {
    ...countColumn('nattch', 'NATTCH', 'mappings of a segment, counted by the kernel; not processes', (o) => o.nattch),
    priority: 8,
    isOptional: true,
    json: 'nattch',
  },
  {
    ...durationColumn(
      'idle',
      'IDLE',
      'time since the last attach, detach or change that the kernel recorded',
      (o, now) => {
        const idle = idleSeconds(o, now);
        return idle === undefined ? undefined : Math.floor(idle);
      },
    ),
    priority: 6,
    isOptional: true,
  },
  {
    ...textColumn(
      'status',
      'STATUS',
      'dest: goes with its last user; locked: stays in memory; hugetlb: huge pages',
      7,
      (o) => (o.status.length === 0 ? undefined : o.status.join(',')),
    ),
    priority: 7,
    isOptional: true,
    json: 'status',
  },
  {
    ...textColumn(
      'container',
      'CONTAINER',
      'container of its holders, or in whose namespace it is',
      12,
      (o) => o.container && formatContainer(o.container),
    ),
    priority: 9,
    isOptional: true,
    json: 'container',
  },
  {
    ...textColumn(
      'pod',
      'POD',
      'pod of its container: namespace and name, else its uid',
      16,
      (o) => o.container && formatPod(o.container),
    ),
    json: 'container.podUid',
  },
  {
    ...textColumn('image', 'IMAGE', 'image of its container', 16, (o) => optionalText(o.container?.image)),
    json: 'container.image',
  },
  {
    ...textColumn('unit', 'UNIT', 'systemd unit of its holders', 16, (o) => formatOfHolders(o.holders, 'unit')),
    needsUnits: true,
    json: 'holders',
  },
  {
    ...textColumn('job', 'JOB', 'batch job of its holders: slurm:123', 10, (o) => formatOfHolders(o.holders, 'job')),
    needsUnits: true,
    json: 'holders',
  },
  {
    ...textColumn('why', 'WHY', 'the reasons of the verdict', 40, formatWhy),
    minWidth: 10,
    priority: 10,
    json: 'verdict.evidence',
  },
  { ...textColumn('kind', 'KIND', 'sysv, posix, unlinked, memfd, anonymous or file', 9, (o) => o.kind), json: 'kind' },
  {
    ...textColumn('name', 'NAME', 'key of a segment, name of an object, path of a file', 24, (o) =>
      escapeBytes(o.rawName),
    ),
    order: naturalOrder(({ rawName }) => rawName),
    cut: 'middle',
    json: 'name',
  },
  {
    ...textColumn('path', 'PATH', 'where it is in the file system, as seen from here', 30, (o) =>
      o.rawPath === undefined ? undefined : escapeBytes(o.rawPath),
    ),
    cut: 'middle',
    json: 'path',
  },
  { ...textColumn('type', 'TYPE', 'what a name in /dev/shm is', 9, (o) => o.type), json: 'type' },
  { ...textColumn('key', 'KEY', 'key that shmget(2) finds a segment by', 10, (o) => o.key), json: 'key' },
  { ...countColumn('shmid', 'SHMID', 'number of a segment in its namespace', (o) => o.shmid), json: 'shmid' },
  { ...textColumn('device', 'DEVICE', 'device of a file, major:minor', 6, (o) => o.device), json: 'device' },
  { ...countColumn('inode', 'INODE', 'inode of a file', (o) => o.inode), json: 'inode' },
  { ...countColumn('links', 'LINKS', 'names that a file has', (o) => o.links), json: 'links' },
  {
    ...textColumn(
      'ns',
      'NS',
      'inode of the IPC namespace of a segment, of the mount namespace of a name that is not in ours',
      10,
      (o) => o.ipcNamespace ?? o.mountNamespace,
    ),
    json: 'ipcNamespace',
  },
  {
    ...bytesColumn('rss', 'RSS', 'bytes in memory; of files, in memory or swap', (o) => o.rssBytes ?? o.allocatedBytes),
    needsRss: true,
    json: 'rssBytes',
  },
  {
    ...bytesColumn('swap', 'SWAP', 'bytes of a segment that were swapped out', (o) => o.swapBytes),
    needsRss: true,
    json: 'swapBytes',
  },
  {
    ...bytesColumn('hugepage', 'HUGE', 'size of the huge pages that it is made of', (o) => o.hugePageBytes),
    needsRss: true,
    json: 'hugePageBytes',
  },
  {
    ...countColumn('procs', 'PROCS', 'processes found that hold it', (o) => o.holders.length),
    json: 'holders',
  },
  {
    ...countColumn(
      'writers',
      'WRITERS',
      'processes found that map it shared and writable; an open descriptor alone does not count',
      (o) => o.holders.filter(isWriter).length,
    ),
    json: 'holders',
  },
  {
    ...countColumn(
      'hidden',
      'HIDDEN',
      'mappings of a segment in processes that could not be seen',
      (o) => o.hiddenMappings,
    ),
    json: 'hiddenMappings',
  },
  { ...textColumn('group', 'GROUP', 'group', 8, (o) => optionalText(o.group) ?? o.gid?.toString()), json: 'group' },
  { ...countColumn('uid', 'UID', 'owner, as a number', (o) => o.uid), json: 'uid' },
  { ...countColumn('gid', 'GID', 'group, as a number', (o) => o.gid), json: 'gid' },
  { ...textColumn('perms', 'PERMS', 'permission bits, octal', 5, (o) => o.perms), json: 'perms' },
  {
    ...textColumn('creator', 'CREATOR', 'process that made a segment, and what became of it', 16, (o) =>
      formatMaker(o.creator),
    ),
    json: 'creator',
  },
  {
    ...textColumn(
      'lastuser',
      'LAST USER',
      'process that last attached or detached a segment, and what became of it',
      16,
      (o) => formatMaker(o.lastUser),
    ),
    json: 'lastUser',
  },
  {
    ...textColumn(
      'software',
      'SOFTWARE',
      'software it belongs to by its looks: a hint, no proof',
      16,
      (o) => o.software?.name,
    ),
    json: 'software',
  },
  {
    ...textColumn('role', 'ROLE', 'what that software uses it for', 24, (o) => o.software?.role),
    json: 'software.role',
  },
  {
    ...timeColumn('ctime', 'CTIME', 'last change of its owner, permissions or marks', (o) => o.ctimeSec),
    json: 'ctime',
  },
  { ...timeColumn('atime', 'ATIME', 'segment: last attach; file: last read', (o) => o.atimeSec), json: 'atime' },
  { ...timeColumn('dtime', 'DTIME', 'last detach of a segment', (o) => o.dtimeSec), json: 'dtime' },
  { ...timeColumn('mtime', 'MTIME', 'last change of a file', (o) => o.mtimeSec), json: 'mtime' },
  { ...timeColumn('btime', 'BTIME', 'birth of a file', (o) => o.btimeSec), json: 'btime' },
];
