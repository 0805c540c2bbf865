// Invented snapshots of machines as they are met: a database, a desktop, hostile names, many segments, nothing at all.
import { type ByteString, escapeBytes, utf8Bytes } from '../../src/probe/model/bytes.ts';
import type { Holder, ShmObject } from '../../src/probe/model/object.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';

export const NOW_MS = Date.UTC(2026, 0, 31, 12, 0, 0);
export const NOW_SEC = NOW_MS / 1000;
export const OWN_IPC = '4026531839';

const HOUR = 3600;
const DAY = 24 * HOUR;

export function holder(pid: number, comm: ByteString, more: Partial<Holder> = {}): Holder {
  return {
    pid,
    startTicks: pid * 10,
    comm,
    uid: 26,
    user: 'postgres',
    mappings: [{ start: 0x7f1200000000 + pid * 0x10000, end: 0x7f1200000000 + pid * 0x10000 + 4096, perms: 'rw-s' }],
    fds: [],
    ipcNamespace: OWN_IPC,
    ...more,
  };
}

export function segment(shmid: number, more: Partial<ShmObject> = {}): ShmObject {
  const key = more.key ?? `0x${(0x5300 + shmid).toString(16).padStart(8, '0')}`;
  return {
    id: `sysv:${OWN_IPC}:${shmid}`,
    shortId: `sysv:${shmid}`,
    kind: 'sysv',
    rawName: key,
    shmid,
    key,
    ipcNamespace: OWN_IPC,
    sizeBytes: 4096,
    rssBytes: 4096,
    swapBytes: 0,
    nattch: 0,
    perms: '600',
    status: [],
    uid: 0,
    user: 'root',
    gid: 0,
    group: 'root',
    cuid: 0,
    cgid: 0,
    creator: { pid: 4711, state: 'dead' },
    ctimeSec: NOW_SEC - DAY,
    holders: [],
    verdict: { state: 'abandoned', evidence: [{ code: 'nobody-attached' }, { code: 'creator-dead', pid: 4711 }] },
    ...more,
  };
}

export function posix(rawName: ByteString, inode: number, more: Partial<ShmObject> = {}): ShmObject {
  return {
    id: `posix:0:27:${inode}`,
    shortId: `posix:${escapeBytes(rawName)}`,
    kind: 'posix',
    rawName,
    rawPath: `/dev/shm${rawName}`,
    type: 'file',
    device: '0:27',
    inode,
    links: 1,
    sizeBytes: 1_048_576,
    allocatedBytes: 1_048_576,
    perms: '600',
    status: [],
    uid: 1000,
    user: 'alice',
    gid: 1000,
    group: 'alice',
    atimeSec: NOW_SEC - HOUR,
    mtimeSec: NOW_SEC - HOUR,
    ctimeSec: NOW_SEC - HOUR,
    btimeSec: NOW_SEC - HOUR,
    holders: [],
    verdict: { state: 'unheld', evidence: [{ code: 'lease-free' }, { code: 'maker-unknown' }] },
    ...more,
  };
}

export function memfd(rawName: ByteString, inode: number, more: Partial<ShmObject> = {}): ShmObject {
  return {
    id: `memfd:0:1:${inode}`,
    shortId: `memfd:0:1:${inode}`,
    kind: 'memfd',
    rawName,
    device: '0:1',
    inode,
    sizeBytes: 67_108_864,
    allocatedBytes: 790_528,
    status: [],
    uid: 1000,
    user: 'alice',
    holders: [holder(900, 'pulseaudio', { uid: 1000, user: 'alice', fds: [12] })],
    verdict: { state: 'in-use', evidence: [{ code: 'held', count: 1 }] },
    ...more,
  };
}

const POSTGRES = { name: 'PostgreSQL', outlives: false, source: 'PostgreSQL 15.18 run and killed; dsm_impl.c' };
const postgresHolders = [812, 813, 814, 815, 816, 817].map((pid) => holder(pid, 'postgres'));
const inUse = (count: number) => ({ state: 'in-use', evidence: [{ code: 'held', count }] }) as const;

/** PostgreSQL and its neighbours, with a leak of Python, as root sees them. */
export const SERVER_OBJECTS: readonly ShmObject[] = [
  segment(4, {
    key: '0x00000006',
    sizeBytes: 56,
    nattch: 6,
    uid: 26,
    user: 'postgres',
    group: 'postgres',
    gid: 26,
    cuid: 26,
    cgid: 26,
    creator: { pid: 812, state: 'alive', comm: 'postgres' },
    lastUser: { pid: 817, state: 'alive', comm: 'postgres' },
    ctimeSec: NOW_SEC - 3 * DAY - 4 * HOUR,
    atimeSec: NOW_SEC - 20 * 60,
    holders: postgresHolders,
    software: {
      ...POSTGRES,
      role: 'interlock of a data directory',
      removalBreaks: 'the guard against two servers on one data directory',
      cleanup: 'end all server processes of that data directory, then start it again',
    },
    verdict: {
      state: 'in-use',
      evidence: [
        { code: 'held', count: 6 },
        { code: 'attached', count: 6 },
      ],
    },
  }),
  segment(32_769, {
    key: '0x00000000',
    sizeBytes: 1_232_032,
    rssBytes: 1_232_896,
    perms: '777',
    creator: { pid: 2210, state: 'reused', comm: 'sshd' },
    lastUser: { pid: 2210, state: 'reused' },
    ctimeSec: NOW_SEC - 12 * DAY,
    software: { name: 'Xvfb', role: 'frame buffer (-shmem)', outlives: false, source: 'Xvfb 21.1.7 run' },
    verdict: {
      state: 'abandoned',
      evidence: [
        { code: 'nobody-attached' },
        { code: 'creator-reused', pid: 2210, comm: 'sshd' },
        { code: 'last-user-dead', pid: 2210 },
      ],
    },
  }),
  segment(65_538, {
    key: '0x000004d2',
    sizeBytes: 65_536,
    rssBytes: 8192,
    perms: '666',
    creator: { pid: 3301, state: 'alive', comm: 'perl' },
    ctimeSec: NOW_SEC - 5 * HOUR,
    verdict: {
      state: 'unheld',
      evidence: [{ code: 'nobody-attached' }, { code: 'creator-alive', pid: 3301, comm: 'perl' }],
    },
  }),
  posix('/PostgreSQL.1287632224', 10, {
    uid: 26,
    user: 'postgres',
    holders: postgresHolders.slice(0, 4),
    btimeSec: NOW_SEC - 3 * DAY - 4 * HOUR,
    software: { ...POSTGRES, role: 'dynamic shared memory', removalBreaks: 'every new connection and parallel query' },
    verdict: inUse(4),
  }),
  posix('/PostgreSQL.3456068200', 9, {
    uid: 26,
    user: 'postgres',
    sizeBytes: 26_976,
    allocatedBytes: 28_672,
    holders: postgresHolders,
    btimeSec: NOW_SEC - 3 * DAY - 4 * HOUR,
    software: { ...POSTGRES, role: 'dynamic shared memory' },
    verdict: inUse(6),
  }),
  posix('/psm_6a16b91e', 2, {
    sizeBytes: 2_147_483_648,
    allocatedBytes: 1_503_238_553,
    btimeSec: NOW_SEC - 2 * HOUR - 14 * 60,
    software: {
      name: 'Python shared_memory',
      role: 'block of SharedMemory',
      outlives: false,
      removalBreaks: 'attaching by name',
      source: 'Python 3.11 run and killed; bpo-38119',
    },
    verdict: {
      state: 'abandoned',
      evidence: [
        { code: 'lease-free' },
        { code: 'software-leftover', software: 'Python shared_memory', detail: 'none of its processes runs' },
      ],
    },
  }),
  posix('/sem.fastrtps_port9160_mutex', 30, {
    type: 'semaphore',
    sizeBytes: 32,
    allocatedBytes: 4096,
    perms: '666',
    btimeSec: NOW_SEC - 40,
    verdict: {
      state: 'unheld',
      evidence: [{ code: 'lease-free' }, { code: 'too-young', seconds: 40, limitSeconds: 60 }],
    },
  }),
  {
    ...memfd('/dev/zero', 62_292, {
      id: 'anonymous:0:1:62292',
      shortId: 'anonymous:0:1:62292',
      kind: 'anonymous',
      sizeBytes: 153_092_096,
      allocatedBytes: 24_117_248,
      uid: 26,
      user: 'postgres',
      holders: postgresHolders,
      verdict: inUse(6),
    }),
  },
  memfd('memfd:pulseaudio', 1044, {
    software: { name: 'PulseAudio', role: 'pool of sound blocks', outlives: false, source: 'PulseAudio 16.1 run' },
  }),
];

/** Names that want to break the terminal, the table, the JSON or the CSV. */
export const HOSTILE_NAMES: readonly ByteString[] = [
  '/\x1b]0;owned\x07\x1b[31mred',
  '/two\nlines\r\tand tab',
  '/\xff\xfe invalid UTF-8 \xc3',
  `/${utf8Bytes('‮gnp.exe‬ override')}`,
  `/${utf8Bytes('日本語の名前 ünïcödé 🧨')}`,
  '/-rf --no-preserve-root',
  '/quo"te,comma;=HYPERLINK("x")',
  '/back\\slash \\x41',
  `/${'A'.repeat(254)}`,
  `/${'\x1b'.repeat(254)}`,
  '/ leading and trailing ',
  '/foo (deleted)',
  `/${utf8Bytes('a‍b​c͏d')}`,
];

export const HOSTILE_OBJECTS: readonly ShmObject[] = HOSTILE_NAMES.map((rawName, at) =>
  posix(rawName, 100 + at, {
    user: at % 2 === 0 ? 'alice' : 'mall\x1b[31mory',
    holders: at % 3 === 0 ? [holder(70 + at, '\x1b[2Jevil\n) (x', { user: 'mall\x9bory' })] : [],
    container: at % 4 === 0 ? { id: 'c\x07'.repeat(20), name: 'web\n1', runtime: 'docker' } : undefined,
  }),
);

/** What an unprivileged user sees. */
export const UNPRIVILEGED_OBJECTS: readonly ShmObject[] = [
  segment(4, {
    key: '0x00000006',
    sizeBytes: 56,
    nattch: 6,
    user: 'postgres',
    uid: 26,
    creator: { state: 'invisible' },
    hiddenMappings: 6,
    verdict: {
      state: 'in-use',
      evidence: [
        { code: 'attached', count: 6 },
        { code: 'hidden-mappings', count: 6 },
      ],
    },
  }),
  posix('/torch_111_2410981031_0', 12, {
    user: 'carol',
    uid: 1001,
    software: { name: 'PyTorch', role: 'tensor (file_system strategy)', outlives: false, source: 'PyTorch 1.13.1 run' },
    verdict: { state: 'unknown', evidence: [{ code: 'not-inspected', count: 3 }, { code: 'lease-denied' }] },
  }),
];

export function manySegments(count: number): ShmObject[] {
  return Array.from({ length: count }, (_, at) => segment(at * 3, { sizeBytes: 4096 * (1 + (at % 17)) }));
}

export function snapshotOf(objects: readonly ShmObject[], more: Partial<Snapshot> = {}): Snapshot {
  return {
    takenAtMs: NOW_MS,
    host: {
      hostname: 'db1',
      kernel: '6.18.0',
      ipcNamespace: OWN_IPC,
      pidNamespace: '4026531836',
      user: 'root',
      uid: 0,
    },
    visibility: { processes: 212, inspected: 212, complete: true, gaps: [] },
    limits: {
      shmmni: '4096',
      shmall: '18446744073692774399',
      shmmax: '18446744073692774399',
      segments: objects.filter(({ kind }) => kind === 'sysv').length,
      pages: 1234,
      pageSizeBytes: 4096,
      shmRmidForced: false,
      mounts: [
        { path: '/dev/shm', device: '0:27', sizeBytes: 1 << 30, usedBytes: 1 << 20, inodes: 2048, inodesUsed: 12 },
      ],
    },
    objects,
    gaps: [],
    ...more,
  };
}

export const SERVER = snapshotOf(SERVER_OBJECTS);
export const HOSTILE = snapshotOf(HOSTILE_OBJECTS);
export const NOTHING = snapshotOf([]);
export const UNPRIVILEGED = snapshotOf(UNPRIVILEGED_OBJECTS, {
  host: { hostname: 'db1', kernel: '6.18.0', ipcNamespace: OWN_IPC, user: 'carol', uid: 1001 },
  visibility: {
    processes: 212,
    inspected: 209,
    complete: false,
    gaps: [{ source: 'maps', reason: 'permission', count: 3, pids: [1, 812, 813] }],
  },
});
export const DESKTOP = snapshotOf([
  ...[40, 41, 42].map((shmid) =>
    segment(shmid, {
      key: '0x00000000',
      status: ['dest'],
      nattch: 2,
      perms: '777',
      sizeBytes: 1_228_864,
      rssBytes: 1_228_800,
      user: 'alice',
      uid: 1000,
      creator: { pid: 3100, state: 'alive', comm: 'ffmpeg' },
      lastUser: { pid: 1200, state: 'alive', comm: 'Xorg' },
      ctimeSec: NOW_SEC - 95,
      holders: [holder(1200, 'Xorg', { user: 'root', uid: 0 }), holder(3100, 'ffmpeg', { user: 'alice', uid: 1000 })],
      software: {
        name: 'X11 MIT-SHM',
        role: 'image shared with the X server',
        outlives: false,
        source: 'Xvfb, ffmpeg run',
      },
      verdict: {
        state: 'in-use',
        evidence: [
          { code: 'held', count: 2 },
          { code: 'attached', count: 2 },
        ],
      },
    }),
  ),
  ...[7, 8, 9].map((inode) =>
    memfd('memfd:mozilla-ipc', 2000 + inode, {
      holders: [1, 2, 3, 4].map((n) =>
        holder(5000 + n, n === 1 ? 'firefox' : 'Web Content', { user: 'alice', uid: 1000 }),
      ),
      software: { name: 'Firefox', role: 'channel between its processes', outlives: false, source: 'Firefox 153 run' },
    }),
  ),
  memfd('memfd:wayland-cursor', 3001, {
    holders: [holder(6000, 'sway', { user: 'alice', uid: 1000 })],
    sizeBytes: 9216,
  }),
]);
