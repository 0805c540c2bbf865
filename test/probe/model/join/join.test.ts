// Tables, names, mappings and descriptors brought together by identity: every kind, and the numbers that mean two things.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Joined, type JoinInput, join, type LooseDraft } from '../../../../src/probe/model/join/join.ts';
import { deviceNumber, type FdRecord, type MappingRecord } from '../../../../src/probe/model/join/mapping-record.ts';
import type { ShmEntry } from '../../../../src/probe/model/join/shm-entry.ts';
import type { SysvRow } from '../../../../src/probe/model/join/sysv-row.ts';

const KERNEL = deviceNumber(0, 1);
const HUGETLB = deviceNumber(0, 17);
const SHM = deviceNumber(0, 27);
const CONTAINER_SHM = deviceNumber(0, 45);
const DISK = deviceNumber(254, 0);
const OURS = '4026531839';
const OTHER = '4026532001';
const PAGE = 4096;

const row = (shmid: number, more: Partial<SysvRow> = {}): SysvRow => ({
  ipcNamespace: OURS,
  shmid,
  key: 0x1234,
  mode: 0o600,
  sizeBytes: PAGE,
  cpid: 1,
  lpid: 1,
  nattch: 1,
  uid: 0,
  gid: 0,
  cuid: 0,
  cgid: 0,
  atimeSec: 1,
  dtimeSec: 1,
  ctimeSec: 1,
  ...more,
});

const entry = (name: string, inode: number, more: Partial<ShmEntry> = {}): ShmEntry => ({
  device: SHM,
  inode,
  name,
  path: `/dev/shm${name}`,
  reachedBy: `/dev/shm${name}`,
  place: { kind: 'whole', device: SHM, rootInode: 1, isShownElsewhere: false },
  type: 'file',
  mode: 0o600,
  links: 1,
  uid: 0,
  gid: 0,
  sizeBytes: PAGE,
  allocatedBytes: PAGE,
  atimeSec: 1,
  mtimeSec: 1,
  ctimeSec: 1,
  ...more,
});

let nextStart = 0x7f0000000000;
const mapping = (pid: number, device: number, inode: number, name: string, perms = 'rw-s'): MappingRecord => {
  const start = nextStart;
  nextStart += 2 * PAGE;
  return { pid, start, end: start + PAGE, perms, offset: 0, device, inode, name };
};
const attach = (pid: number, shmid: number, key = '00001234') => mapping(pid, KERNEL, shmid, `/SYSV${key} (deleted)`);
const descriptor = (pid: number, fd: number, device: number, inode: number, name: string): FdRecord => {
  return { pid, fd, device, inode, name };
};

function joined(input: Partial<JoinInput>): Joined {
  return join({
    sysv: [],
    openNamespaces: new Set([OURS]),
    entries: [],
    mappings: [],
    fds: [],
    devices: {
      kernelShm: KERNEL,
      hugetlb: new Set([HUGETLB]),
      mounts: new Set([SHM, CONTAINER_SHM]),
      mountRoots: new Set(['0:27:1', '0:45:1']),
    },
    namespaceOf: () => OURS,
    includeFiles: false,
    ...input,
  });
}

const pidsOf = ({ holds }: { holds: ReadonlyMap<number, unknown> } | undefined = { holds: new Map() }) => [
  ...holds.keys(),
];
const summary = ({ loose }: Joined) =>
  loose.map(({ kind, name, holds }: LooseDraft) => ({ kind, name, pids: [...holds.keys()] }));

describe('System V attachments', () => {
  test('belong to the segment whose shmid the inode column shows', () => {
    const [five, six] = [row(5), row(6, { nattch: 2 })];
    const { attaches, unlisted, loose } = joined({
      sysv: [five, six],
      mappings: [attach(10, 5), attach(11, 6), attach(12, 6)],
    });
    expect(pidsOf(attaches.get(five))).toEqual([10]);
    expect(pidsOf(attaches.get(six))).toEqual([11, 12]);
    expect([unlisted, loose]).toEqual([[], []]);
  });

  test('of shmid 0 are found: inode 0 is no missing inode', () => {
    const zero = row(0);
    expect(pidsOf(joined({ sysv: [zero], mappings: [attach(10, 0)] }).attaches.get(zero))).toEqual([10]);
  });

  test('are counted as the kernel counts them: one for each range, also where one process has several', () => {
    const segment = row(5, { nattch: 3 });
    const { attaches } = joined({ sysv: [segment], mappings: [attach(10, 5), attach(10, 5), attach(11, 5)] });
    expect(attaches.get(segment)?.mappingsFound).toBe(3);
    expect(attaches.get(segment)?.holds.get(10)?.mappings).toHaveLength(2);
  });

  test('of a segment marked for destruction are found though the table shows key 0', () => {
    const dest = row(5, { key: 0, mode: 0o1600 });
    const attached = joined({ sysv: [dest], mappings: [attach(10, 5, '0052e2c1')] }).attaches.get(dest);
    expect(attached).toMatchObject({ key: '0x0052e2c1', mappingsFound: 1 });
  });

  test('on the huge page mount belong to the segment too, and tell its page size', () => {
    const segment = row(5);
    const huge = { ...mapping(10, HUGETLB, 5, '/SYSV00001234 (deleted)'), pageSizeBytes: 2 ** 21 };
    expect(joined({ sysv: [segment], mappings: [huge] }).attaches.get(segment)).toMatchObject({
      mappingsFound: 1,
      pageSizeBytes: 2 ** 21,
    });
  });

  test('with the same shmid in two namespaces belong each to its own', () => {
    const [ours, theirs] = [row(5), row(5, { ipcNamespace: OTHER })];
    const { attaches } = joined({
      sysv: [ours, theirs],
      openNamespaces: new Set([OURS, OTHER]),
      mappings: [attach(10, 5), attach(20, 5)],
      namespaceOf: (pid) => (pid === 20 ? OTHER : OURS),
    });
    expect(pidsOf(attaches.get(ours))).toEqual([10]);
    expect(pidsOf(attaches.get(theirs))).toEqual([20]);
  });

  test('of a process that has moved to another namespace belong to the only segment with mappings left to explain', () => {
    const segment = row(5);
    const { attaches, unlisted } = joined({
      sysv: [segment],
      openNamespaces: new Set([OURS, OTHER]),
      mappings: [attach(10, 5)],
      namespaceOf: () => OTHER,
    });
    expect(pidsOf(attaches.get(segment))).toEqual([10]);
    expect(unlisted).toEqual([]);
  });

  test('of a process that has moved are told from those of an equal number there by their length, whatever comes first', () => {
    const [small, large] = [
      row(0, { key: 0, sizeBytes: 3 * PAGE - 9, nattch: 2 }),
      row(0, { key: 0, sizeBytes: 9 * PAGE, ipcNamespace: OTHER }),
    ];
    const long = (pid: number, pages: number) => {
      const record = attach(pid, 0, '00000000');
      return { ...record, end: record.start + pages * PAGE };
    };
    const { attaches } = joined({
      sysv: [small, large],
      openNamespaces: new Set([OURS, OTHER]),
      namespaceOf: () => OTHER,
      mappings: [long(10, 3), long(11, 9), long(11, 3)],
    });
    expect([pidsOf(attaches.get(small)), pidsOf(attaches.get(large))]).toEqual([[10, 11], [11]]);
  });

  test('that mprotect(2) has cut into pieces stay with their own segment, though a piece is as long as another', () => {
    const [large, small] = [row(0, { sizeBytes: 2 * PAGE, nattch: 2 }), row(0, { ipcNamespace: OTHER })];
    const piece = attach(10, 0);
    const { attaches } = joined({
      sysv: [large, small],
      openNamespaces: new Set([OURS, OTHER]),
      namespaceOf: (pid) => (pid === 10 ? OURS : OTHER),
      mappings: [piece, { ...piece, start: piece.end, end: piece.end + PAGE, offset: PAGE }, attach(11, 0)],
    });
    expect([pidsOf(attaches.get(large)), pidsOf(attaches.get(small))]).toEqual([[10], [11]]);
  });

  test('of a process that has moved are not given to a segment there that nobody has attached', () => {
    const [attached, free] = [row(5), row(5, { ipcNamespace: OTHER, nattch: 0 })];
    const { attaches } = joined({
      sysv: [attached, free],
      openNamespaces: new Set([OURS, OTHER]),
      mappings: [attach(10, 5)],
      namespaceOf: () => OTHER,
    });
    expect(attaches.get(free)).toBeUndefined();
    expect(pidsOf(attaches.get(attached))).toEqual([10]);
  });

  test('of a process that has moved are not given to one whose mappings are all explained by others', () => {
    const [left, full] = [row(5), row(5, { ipcNamespace: OTHER })];
    const { attaches } = joined({
      sysv: [left, full],
      openNamespaces: new Set([OURS, OTHER]),
      mappings: [attach(20, 5), attach(10, 5)],
      namespaceOf: () => OTHER,
    });
    expect(attaches.get(full)?.mappingsFound).toBe(1);
    expect(attaches.get(left)?.mappingsFound).toBe(1);
  });

  test('with another key than the segment of that number are not of it', () => {
    const segment = row(5, { nattch: 0 });
    const { attaches, unlisted } = joined({
      sysv: [segment],
      mappings: [attach(10, 5, '0000beef')],
      namespaceOf: () => OTHER,
    });
    expect(attaches.size).toBe(0);
    expect(unlisted).toMatchObject([{ ipcNamespace: OTHER, shmid: 5, key: '0x0000beef', mappingsFound: 1 }]);
  });

  test('of a namespace that could not be entered make a segment of their own, known by its holders', () => {
    const { unlisted } = joined({
      mappings: [attach(10, 7), { ...attach(11, 7), offset: 3 * PAGE }],
      namespaceOf: () => OTHER,
    });
    expect(unlisted).toMatchObject([{ id: `sysv:${OTHER}:7`, mappingsFound: 2, extentBytes: 4 * PAGE }]);
    expect(pidsOf(unlisted[0])).toEqual([10, 11]);
  });

  // A process made the segment, attached, and left with unshare(CLONE_NEWIPC): no process is in the old namespace any
  // more, so its table cannot be read, but the memory is held.
  test('of a namespace that all its processes have left are not lost', () => {
    const { attaches, unlisted } = joined({ mappings: [attach(10, 7)], openNamespaces: new Set([OURS]) });
    expect(attaches.size + unlisted.length).toBe(1);
    expect([...attaches.values(), ...unlisted].map(pidsOf)).toEqual([[10]]);
  });

  test('of a namespace that is gone are not given to a segment of the same number that is explained and of another length', () => {
    const segment = row(0, { sizeBytes: 9 * PAGE });
    const whole = { ...attach(11, 0), offset: 8 * PAGE };
    const { attaches, unlisted } = joined({ sysv: [segment], mappings: [attach(10, 0), whole] });
    expect(pidsOf(attaches.get(segment))).toEqual([11]);
    expect(unlisted.map(pidsOf)).toEqual([[10]]);
  });

  test('that two processes have in one address space (vfork) are counted once by the kernel, and held by both', () => {
    const segment = row(0, { sizeBytes: 9 * PAGE });
    const piece = attach(10, 0);
    const { attaches, unlisted } = joined({ sysv: [segment], mappings: [piece, { ...piece, pid: 11 }] });
    expect(pidsOf(attaches.get(segment))).toEqual([10, 11]);
    expect(unlisted).toEqual([]);
  });

  test('of several namespaces that are not known are objects with ids of their own', () => {
    const { unlisted } = joined({ mappings: [attach(10, 7, '00000001'), attach(11, 7, '00000002')] });
    expect(unlisted.map(pidsOf)).toEqual([[10], [11]]);
    expect(new Set(unlisted.map(({ id }) => id)).size).toBe(2);
  });

  test.each([
    ['on another device', mapping(10, SHM, 99, '/SYSV00001234 (deleted)')],
    ['on a disk', mapping(10, DISK, 5, '/SYSV00001234 (deleted)')],
    ['with a name in front', mapping(10, KERNEL, 5, '/tmp/SYSV00001234 (deleted)')],
    ['with more digits', mapping(10, KERNEL, 5, '/SYSV000012345 (deleted)')],
    ['with capitals', mapping(10, KERNEL, 5, '/SYSV0000ABCD (deleted)')],
    ['of a memfd', mapping(10, KERNEL, 5, '/memfd:/SYSV00001234 (deleted)')],
  ])('are not what looks like one %s', (_, record) => {
    const segment = row(5);
    const { attaches, unlisted } = joined({ sysv: [segment], mappings: [record] });
    expect([attaches.size, unlisted.length]).toEqual([0, 0]);
  });

  test('are all found: mappings found never exceed those given, and each segment has its own', () => {
    const shmid = fc.nat(5);
    const pid = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(shmid), fc.array(fc.tuple(pid, shmid)), (shmids, attached) => {
        const rows = shmids.map((id) => row(id, { nattch: attached.filter(([, of]) => of === id).length }));
        const result = joined({ sysv: rows, mappings: attached.map(([by, of]) => attach(by, of)) });
        for (const segment of rows) {
          expect(result.attaches.get(segment)?.mappingsFound ?? 0).toBe(segment.nattch);
        }
      }),
    );
  });
});

describe('names in /dev/shm', () => {
  test('are held by whoever maps them, shared or private, or has them open, by device and inode', () => {
    const { names, loose } = joined({
      entries: [entry('/x', 42)],
      mappings: [mapping(10, SHM, 42, '/dev/shm/x'), mapping(11, SHM, 42, '/dev/shm/x', 'rw-p')],
      fds: [descriptor(12, 3, SHM, 42, '/dev/shm/x')],
    });
    expect(pidsOf(names[0])).toEqual([10, 11, 12]);
    expect(names[0].holds.get(12)).toEqual({ mappings: [], fds: [3] });
    expect(loose).toEqual([]);
  });

  test('are not held by whoever maps another file of the same path', () => {
    const { names, loose } = joined({
      entries: [entry('/x', 42)],
      mappings: [mapping(10, CONTAINER_SHM, 42, '/dev/shm/x'), mapping(11, SHM, 43, '/dev/shm/x (deleted)')],
    });
    expect(pidsOf(names[0])).toEqual([]);
    expect(loose.map(({ kind, device, inode }) => [kind, device, inode])).toEqual([
      ['unlinked', CONTAINER_SHM, 42],
      ['unlinked', SHM, 43],
    ]);
  });

  test('are held by whoever maps them under another path, as a container sees it', () => {
    const { names } = joined({
      entries: [entry('/x', 42)],
      mappings: [mapping(10, SHM, 42, '/var/lib/kubelet/pods/shm/x')],
    });
    expect(pidsOf(names[0])).toEqual([10]);
  });

  test('that are really called "x (deleted)" are names', () => {
    const { names, loose } = joined({
      entries: [entry('/x (deleted)', 42)],
      mappings: [mapping(10, SHM, 42, '/dev/shm/x (deleted)')],
    });
    expect(pidsOf(names[0])).toEqual([10]);
    expect(loose).toEqual([]);
  });

  test('of one inode are one object with several names', () => {
    const { names } = joined({
      entries: [entry('/a', 42, { links: 3 }), entry('/b', 42), entry('/c', 42), entry('/d', 43)],
      mappings: [mapping(10, SHM, 42, '/dev/shm/b')],
    });
    expect(names.map(({ entry: { name }, otherNames }) => [name, otherNames])).toEqual([
      ['/a', ['/b', '/c']],
      ['/d', []],
    ]);
    expect(pidsOf(names[0])).toEqual([10]);
  });

  test('with the same inode on two mounts are two objects', () => {
    const { names } = joined({ entries: [entry('/a', 42), entry('/a', 42, { device: CONTAINER_SHM })] });
    expect(new Set(names.map(({ id }) => id)).size).toBe(2);
  });

  test('do not include the root directory, which somebody has open', () => {
    const { names, loose } = joined({ fds: [descriptor(10, 3, SHM, 1, '/dev/shm')] });
    expect([names, loose]).toEqual([[], []]);
  });
});

describe('objects without a name', () => {
  test('are told apart by device and name: memfd, anonymous, unlinked', () => {
    expect(
      summary(
        joined({
          mappings: [
            mapping(10, KERNEL, 100, '/memfd:pulseaudio (deleted)'),
            mapping(11, KERNEL, 101, '/dev/zero (deleted)'),
            mapping(12, HUGETLB, 102, '/anon_hugepage (deleted)'),
            mapping(13, HUGETLB, 103, '/memfd:huge (deleted)'),
            mapping(14, SHM, 104, '/dev/shm/gone (deleted)'),
          ],
        }),
      ),
    ).toEqual([
      { kind: 'memfd', name: '/memfd:pulseaudio', pids: [10] },
      { kind: 'anonymous', name: '/dev/zero', pids: [11] },
      { kind: 'anonymous', name: '/anon_hugepage', pids: [12] },
      { kind: 'memfd', name: '/memfd:huge', pids: [13] },
      { kind: 'unlinked', name: '/dev/shm/gone', pids: [14] },
    ]);
  });

  test('a memfd whose inode is the number of a segment is not that segment', () => {
    const segment = row(32769, { nattch: 0 });
    const result = joined({
      sysv: [segment],
      mappings: [mapping(10, KERNEL, 32769, '/memfd:x (deleted)'), mapping(11, KERNEL, 32769, '/dev/zero (deleted)')],
    });
    expect(result.attaches.size).toBe(0);
    expect(summary(result).map(({ kind, pids }) => [kind, pids])).toEqual([
      ['memfd', [10]],
      ['anonymous', [11]],
    ]);
  });

  test('are one object for all who share it', () => {
    const name = '/memfd:x (deleted)';
    const [memfd] = joined({
      mappings: [mapping(10, KERNEL, 100, name), mapping(11, KERNEL, 100, name)],
      fds: [descriptor(12, 5, KERNEL, 100, name), descriptor(12, 6, KERNEL, 100, name)],
    }).loose;
    expect(pidsOf(memfd)).toEqual([10, 11, 12]);
    expect(memfd.holds.get(12)?.fds).toEqual([5, 6]);
  });

  test('a memfd that is called like a deleted file keeps its name', () => {
    const [memfd] = joined({ mappings: [mapping(10, KERNEL, 100, '/memfd:x (deleted) (deleted)')] }).loose;
    expect(memfd.name).toBe('/memfd:x (deleted)');
  });

  test('are known by an open descriptor alone', () => {
    expect(
      summary(
        joined({
          fds: [
            descriptor(10, 3, KERNEL, 100, '/memfd:x (deleted)'),
            descriptor(11, 3, SHM, 101, '/dev/shm/gone (deleted)'),
          ],
        }),
      ),
    ).toEqual([
      { kind: 'memfd', name: '/memfd:x', pids: [10] },
      { kind: 'unlinked', name: '/dev/shm/gone', pids: [11] },
    ]);
  });

  test('an open descriptor on a segment (through map_files) is no object of another kind', () => {
    const segment = row(5);
    const { loose } = joined({
      sysv: [segment],
      mappings: [attach(10, 5)],
      fds: [descriptor(20, 7, KERNEL, 5, '/SYSV00001234 (deleted)')],
    });
    expect(loose).toEqual([]);
  });

  test('a private mapping of memory that never had a name is no shared memory', () => {
    const { loose } = joined({ mappings: [mapping(10, KERNEL, 100, '/memfd:jit (deleted)', 'r-xp')] });
    expect(loose).toEqual([]);
  });

  test('a private mapping of what once had a name holds it', () => {
    expect(summary(joined({ mappings: [mapping(10, SHM, 104, '/dev/shm/gone (deleted)', 'rw-p')] }))).toEqual([
      { kind: 'unlinked', name: '/dev/shm/gone', pids: [10] },
    ]);
  });

  test('a private mapping is kept with the memfd that somebody shares', () => {
    const name = '/memfd:x (deleted)';
    const { loose } = joined({
      mappings: [mapping(10, KERNEL, 100, name), mapping(11, KERNEL, 100, name, 'r--p')],
    });
    expect(pidsOf(loose[0])).toEqual([10, 11]);
  });

  test('the extent is the end of the farthest mapping', () => {
    const name = '/memfd:x (deleted)';
    const far = { ...mapping(10, KERNEL, 100, name), offset: 9 * PAGE };
    expect(joined({ mappings: [far, mapping(10, KERNEL, 100, name)] }).loose[0].extentBytes).toBe(10 * PAGE);
  });

  test('of a /dev/shm that is not mounted here are told by their path', () => {
    const elsewhere = deviceNumber(0, 99);
    expect(
      summary(
        joined({
          mappings: [mapping(10, elsewhere, 7, '/dev/shm/x'), mapping(11, elsewhere, 8, '/dev/shm/y (deleted)')],
        }),
      ).map(({ kind }) => kind),
    ).toEqual(['posix', 'unlinked']);
  });
});

describe('ordinary files', () => {
  const cache = mapping(10, DISK, 7, '/usr/lib/gconv/gconv-modules.cache', 'r--s');
  const library = mapping(10, DISK, 8, '/usr/lib/libc.so.6', 'r-xp');
  const opened = descriptor(10, 3, DISK, 9, '/var/log/syslog');

  test('are not what has no file behind it, such as the rings of io_uring', () => {
    const ring = mapping(10, deviceNumber(0, 16), 7, 'anon_inode:[io_uring]');
    expect(joined({ mappings: [ring], includeFiles: true }).loose).toEqual([]);
  });

  test('are left out unless asked for', () => {
    expect(joined({ mappings: [cache, library], fds: [opened] }).loose).toEqual([]);
  });

  test('are shown when asked for, but only where they are mapped shared', () => {
    const asked = joined({ mappings: [cache, library], fds: [opened], includeFiles: true });
    expect(summary(asked)).toEqual([{ kind: 'file', name: '/usr/lib/gconv/gconv-modules.cache', pids: [10] }]);
  });
});

test('nothing is given twice: every mapping of shared memory is in exactly one place, with its range', () => {
  const kinds = [
    ['/memfd:x (deleted)', KERNEL],
    ['/dev/zero (deleted)', KERNEL],
    ['/SYSV00001234 (deleted)', KERNEL],
    ['/dev/shm/x', SHM],
    ['/dev/shm/y (deleted)', SHM],
  ] as const;
  const some = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(...kinds), fc.integer({ min: 2, max: 5 })),
  );
  fc.assert(
    fc.property(some, (list) => {
      const mappings = list.map(([pid, [name, device], inode]) => mapping(pid, device, inode, name));
      const rows = [2, 3, 4, 5].map((shmid) => row(shmid, { nattch: 9 }));
      const result = joined({ mappings, sysv: rows, entries: [entry('/x', 2), entry('/z', 3)] });
      const drafts = [...result.attaches.values(), ...result.unlisted, ...result.names, ...result.loose];
      const starts = drafts.flatMap(({ holds }) =>
        [...holds.values()].flatMap((hold) => hold.mappings.map(({ start }) => start)),
      );
      expect(starts.sort()).toEqual(mappings.map(({ start }) => start).sort());
    }),
  );
});
