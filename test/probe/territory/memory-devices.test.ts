// What counts as memory: by the mount table of whoever holds something there, and by the form of a file's handle.
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as file from '../../../src/native/file.ts';
import { isOnTmpfs, TMPFS_HANDLE_BYTES } from '../../../src/native/file-handle.ts';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { memfdCreate } from '../../../src/native/posix-shm.ts';
import { deviceNumber } from '../../../src/probe/model/join/mapping-record.ts';
import { MemoryDevices } from '../../../src/probe/territory/places/memory-devices.ts';

const made: string[] = [];
afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true });
});

/** A /proc in which processes have these mount tables. */
function procOf(tables: Readonly<Record<number, readonly string[]>>): string {
  const root = mkdtempSync(join(tmpdir(), 'shmtop-tables-'));
  made.push(root);
  for (const [pid, lines] of Object.entries(tables)) {
    mkdirSync(join(root, pid));
    writeFileSync(join(root, pid, 'mountinfo'), lines.map((line) => `${line}\n`).join(''));
  }
  return root;
}

const line = (minor: number, fileSystem: string, point = '/x', source = 'x') =>
  `${minor + 100} 1 0:${minor} / ${point} rw - ${fileSystem} ${source} rw`;
const at = (minor: number, pid = 7, target = '/x/file') => ({
  ...{ device: deviceNumber(0, minor), inode: 5, process: String(pid) },
  link: () => '/nowhere',
  target: () => target,
});

describe('devices of memory', () => {
  it('are told by the type that the kernel writes, and by nothing that a user chooses', () => {
    const devices = new MemoryDevices(
      undefined,
      procOf({
        7: [
          ...[line(50, 'tmpfs'), line(51, 'fuse.tmpfs'), line(52, 'ext4', '/tmpfs', 'tmpfs'), line(53, 'hugetlbfs')],
          ...[line(54, 'fuse', '/a\\040-\\040tmpfs'), line(55, 'devtmpfs')],
        ],
      }),
    );
    expect([50, 51, 52, 53, 54, 55, 56].map((minor) => devices.of(at(minor)))).toEqual([
      ...['tmpfs', undefined, undefined, 'hugetlbfs', undefined, 'devtmpfs', undefined],
    ]);
    expect(devices.of({ ...at(50), device: deviceNumber(8, 50) })).toBeUndefined();
  });

  it('that a holder sees mounted are not unmounted; pipes and the like are asked nothing', () => {
    const devices = new MemoryDevices(undefined, procOf({ 7: [line(50, 'tmpfs')] }));
    expect(devices.ofUnmounted(at(50))).toBeUndefined();
    expect(devices.of(at(50))).toBe('tmpfs');
    expect(devices.of(at(60, 8, 'pipe:[4711]'))).toBeUndefined();
  });

  it('are found beside thousands that somebody mounted to hide them, and asked anew at each look', () => {
    const flood = Array.from({ length: 3000 }, (_, index) => line(1000 + index, 'tmpfs'));
    const root = procOf({ 7: [...flood, line(50, 'tmpfs')], 8: [line(60, 'ext4')] });
    const devices = new MemoryDevices(undefined, root);
    expect(devices.of(at(1001))).toBe('tmpfs');
    expect(devices.of(at(3999))).toBe('tmpfs');
    expect(devices.of(at(50))).toBe('tmpfs');
    expect(devices.of(at(60, 8))).toBeUndefined();
    // The number is given to a tmpfs now.
    writeFileSync(join(root, '8', 'mountinfo'), `${line(60, 'tmpfs')}\n`);
    expect(devices.of(at(60, 8))).toBeUndefined();
    devices.startLook();
    expect(devices.of(at(60, 8))).toBe('tmpfs');
  });
});

const libc = loadLibc();

describe.skipIf(!isLibc(libc))('the handle of a file', () => {
  it('is that of tmpfs for a memfd, and of no other file system', ({ skip }) => {
    if (!isLibc(libc)) return skip('no native calls');
    const scratch = libc.allocate(TMPFS_HANDLE_BYTES);
    const fd = memfdCreate(libc, 'handle', 0);
    const space = openSync('/proc/self/ns/mnt', 'r');
    const proc = openSync('/proc/self/status', 'r');
    try {
      const inode = statSync(`/proc/self/fd/${fd}`).ino;
      expect(isOnTmpfs(libc, fd, inode, scratch)).toBe(true);
      expect(isOnTmpfs(libc, fd, inode + 1, scratch)).toBe(false);
      for (const other of [space, proc]) {
        expect(isOnTmpfs(libc, other, statSync(`/proc/self/fd/${other}`).ino, scratch)).toBe(false);
      }
    } finally {
      file.close(libc, fd);
      for (const other of [space, proc]) closeSync(other);
    }
  });
});
