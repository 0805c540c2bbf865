// Kernels that answer otherwise than ours: each answer is faked at the system call, and must lead to the text instead.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { IPC, PROCMAP, SHM_INFO_LAYOUT } from '../../../src/native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../../../src/native/libc.ts';
import { GapList } from '../../../src/probe/model/gap.ts';
import type { MappingRecord } from '../../../src/probe/model/join/mapping-record.ts';
import { parseMaps } from '../../../src/probe/parse/maps.ts';
import { nativeIo } from '../../../src/probe/source/io-native.ts';
import { openMappingReader } from '../../../src/probe/source/mappings.ts';
import { SysvTable } from '../../../src/probe/source/sysv-table.ts';

const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;

function libc(): Libc {
  if (!isLibc(loaded)) throw new Error(loaded.reason);
  return loaded;
}

/** libc with some of its functions replaced; `fail` makes a call end with an error of this number. */
function libcWith(change: (fail: (errno: number) => number) => Partial<Libc['raw']>): Libc {
  let errno = 0;
  const real = libc();
  const fail = (number: number) => {
    errno = number;
    return -1;
  };
  const koffi = new Proxy(real.koffi, {
    get: (target, name) => (name === 'errno' ? () => errno : Reflect.get(target, name)),
  });
  return { ...real, koffi, raw: { ...real.raw, ...change(fail) }, result: (value) => (value === -1 ? -errno : value) };
}

const [EPERM, ENOSYS, EINVAL, ENOTTY, EOPNOTSUPP, EACCES, ENOMEM] = [1, 38, 22, 25, 95, 13, 12];

describe.skipIf(missing)(`the segment table where${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const info = (usedIds: number, highest: number) => (command: unknown, address: unknown) => {
    if (command === IPC.INFO) return highest;
    if (command !== IPC.SHM_INFO) return undefined;
    const view = new Int32Array(libc().koffi.view(BigInt(Number(address)), SHM_INFO_LAYOUT.size));
    view[SHM_INFO_LAYOUT.usedIds / 4] = usedIds;
    return highest;
  };

  test('SHM_STAT_ANY is not known (EINVAL for every index, before Linux 4.17) is not an empty table', () => {
    const answer = info(2, 1);
    const table = new SysvTable(
      libcWith((fail) => ({ shmctl: (_, command, address) => answer(command, address) ?? fail(EINVAL) })),
    );
    expect(table.read('0')).toBe(-EINVAL);
  });

  test.each([EPERM, ENOSYS, EACCES, ENOMEM])('the kernel refuses with error %i is not an empty table', (errno) => {
    const answer = info(2, 1);
    const table = new SysvTable(
      libcWith((fail) => ({ shmctl: (_, command, address) => answer(command, address) ?? fail(errno) })),
    );
    expect(table.read('0')).toBe(-errno);
    const refused = new SysvTable(libcWith((fail) => ({ shmctl: () => fail(errno) })));
    expect(refused.read('0')).toBe(-errno);
  });

  test('there are no segments is an empty table', () => {
    const answer = info(0, 0);
    const table = new SysvTable(
      libcWith((fail) => ({ shmctl: (_, command, address) => answer(command, address) ?? fail(EINVAL) })),
    );
    expect(table.read('0')).toEqual([]);
  });
});

describe.skipIf(missing)(`mappings where${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const readerWith = (errno: number) => {
    const fake = libcWith((fail) => ({ ioctl: () => fail(errno) }));
    return openMappingReader(nativeIo(fake), fake, '/proc');
  };

  test.each([ENOTTY, EINVAL, ENOSYS, EOPNOTSUPP, EPERM, EACCES])(
    'PROCMAP_QUERY on the maps of this very process ends with error %i are read as text',
    (errno) => {
      expect(readerWith(errno).name).toBe('maps text');
    },
  );

  test('a name is too long for PROCMAP_QUERY (ENAMETOOLONG) are not lost behind it', () => {
    // The kernel gives no name above PATH_MAX; the first question for a name fails, all later ones succeed.
    const real = libc();
    let failures = 0;
    const io = nativeIo(real);
    const whole: MappingRecord[] = [];
    const request = { privateDevices: new Set<number>() };
    const reader = openMappingReader(io, real, '/proc');
    if (reader.name === 'maps text') return;
    reader.read(String(process.pid), process.pid, request, whole, new GapList());
    const fake = libcWith((fail) => ({
      ioctl: (fd, request_, address) => {
        const record = new Uint32Array(libc().koffi.view(BigInt(Number(address)), 104));
        if (request_ === PROCMAP.REQUEST && record[20] > 0 && failures++ === 0) return fail(36);
        const result = Number(real.raw.ioctl(fd, request_, address));
        return result < 0 ? fail(real.koffi.errno()) : result;
      },
    }));
    const rest: MappingRecord[] = [];
    const gaps = new GapList();
    const outcome = openMappingReader(io, fake, '/proc').read(String(process.pid), process.pid, request, rest, gaps);
    expect(failures).toBeGreaterThan(0);
    if (rest.length < whole.length) expect(outcome === 'read' ? gaps.list() : [outcome]).not.toEqual([]);
    expect(rest.length).toBeGreaterThanOrEqual(whole.length - 1);
  });
});

describe.skipIf(missing)(`mappings by query and by text${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('of this process are the same, private ones on a device included', () => {
    const io = nativeIo(libc());
    const reader = openMappingReader(io, libc(), '/proc');
    const text = readFileSync('/proc/self/maps');
    const all: MappingRecord[] = [];
    const everything = new Set(Array.from({ length: 4096 }, (_, minor) => minor));
    parseMaps(text, text.length, process.pid, everything, all);
    const devices = new Set(all.filter(({ inode }) => inode > 0).map(({ device }) => device));
    for (const privateDevices of [new Set<number>(), devices]) {
      const queried: MappingRecord[] = [];
      expect(reader.read(String(process.pid), process.pid, { privateDevices }, queried, new GapList())).toBe('read');
      const now = readFileSync('/proc/self/maps');
      const read: MappingRecord[] = [];
      expect(parseMaps(now, now.length, process.pid, privateDevices, read)).toBe(0);
      const files = read.filter(({ inode }) => inode > 0);
      expect(queried.map(({ pageSizeBytes, ...record }) => record)).toEqual(files);
    }
  });

  test('of a process that is gone say that there is no memory', () => {
    const reader = openMappingReader(nativeIo(libc()), libc(), '/proc');
    const read = (pid: number) => reader.read(String(pid), pid, { privateDevices: new Set() }, [], new GapList());
    expect(read(4_999_999)).toBe('no-memory');
  });
});
