// Names that look like the kernel's: whoever has a file system or a mount namespace of his own can choose what maps shows. Only
// the device tells what an object is; a name decides nothing where the kernel's own mounts are known.
import { describe, expect, test } from 'vitest';
import { KnownObjects } from '../../../../src/probe/merge/known-objects.ts';
import { type JoinInput, join } from '../../../../src/probe/model/join/join.ts';
import { deviceNumber, type MappingRecord } from '../../../../src/probe/model/join/mapping-record.ts';
import type { SysvRow } from '../../../../src/probe/model/join/sysv-row.ts';

const [KERNEL, SHM, ENEMY] = [deviceNumber(0, 1), deviceNumber(0, 27), deviceNumber(0, 99)];
const NS = '4026531839';

const segment = (nattch: number): SysvRow => ({
  ipcNamespace: NS,
  shmid: 5,
  key: 0x1234,
  mode: 0o600,
  sizeBytes: 4096,
  cpid: 10,
  lpid: 10,
  nattch,
  uid: 0,
  gid: 0,
  cuid: 0,
  cgid: 0,
  atimeSec: 0,
  dtimeSec: 0,
  ctimeSec: 1,
});
const mapping = (device: number, inode: number, name: string): MappingRecord => {
  return { pid: 66, start: 0, end: 4096, perms: 'rw-s', offset: 0, device, inode, name };
};
function joined(record: MappingRecord, row: SysvRow, more: Partial<JoinInput['devices']> = {}) {
  const devices = {
    kernelShm: KERNEL,
    hugetlb: new Set<number>(),
    mounts: new Set([SHM]),
    mountRoots: new Set<string>(),
  };
  return join({
    sysv: [row],
    openNamespaces: new Set([NS]),
    entries: [],
    mappings: [record],
    fds: [{ pid: 66, fd: 3, device: record.device, inode: record.inode, name: record.name }],
    devices: { ...devices, ...more },
    namespaceOf: () => NS,
    includeFiles: true,
  });
}

describe.each([0, 1])('with nattch %i', (nattch) => {
  test.each(['/SYSV00001234', '/SYSV00001234 (deleted)'])(
    'a file called %s is no attach of the segment of that key',
    (name) => {
      for (const device of [ENEMY, SHM, deviceNumber(8, 1)]) {
        const { attaches, unlisted, loose } = joined(mapping(device, 5, name), segment(nattch));
        expect([attaches.size, unlisted.length]).toEqual([0, 0]);
        expect(loose).toMatchObject([{ kind: device === SHM ? 'unlinked' : 'file', inode: 5 }]);
      }
    },
  );
});

test.each(['/memfd:x (deleted)', '/dev/zero (deleted)', '/anon_hugepage (deleted)'])(
  'a file called %s is a file on any device but the kernel\u2019s',
  (name) => {
    expect(joined(mapping(ENEMY, 9, name), segment(0)).loose).toMatchObject([{ kind: 'file' }]);
    expect(joined(mapping(SHM, 9, name), segment(0)).loose).toMatchObject([{ kind: 'unlinked' }]);
    expect(joined(mapping(KERNEL, 9, name), segment(0)).loose).toMatchObject([
      { kind: /memfd/.test(name) ? 'memfd' : 'anonymous' },
    ]);
  },
);

test('where the mounts of huge pages are not known the name has to do: then it can only make something held, never free', () => {
  const { attaches } = joined(mapping(ENEMY, 5, '/SYSV00001234 (deleted)'), segment(1), { hugetlb: undefined });
  expect([...attaches.values()].map(({ mappingsFound }) => mappingsFound)).toEqual([1]);
});

test('a mapping under another name, in a mount namespace of its own, renames nothing that is known', () => {
  const known = new KnownObjects(
    { kernelShm: KERNEL, hugetlb: new Set(), mounts: new Set([SHM]), mountRoots: new Set() },
    NS,
  );
  known.file(SHM, 12, '/bank');
  const seen = known.mapped(SHM, 12, '/dev/shm/harmless', () => NS);
  expect(seen).toMatchObject({ shortId: 'posix:/bank', rawName: '/bank' });
  expect(known.mapped(SHM, 13, '/elsewhere/x', () => NS)).toMatchObject({ shortId: 'posix:0:27:13' });
});
