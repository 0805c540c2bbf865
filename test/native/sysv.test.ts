// System V calls on segments of their own, marked for destruction as soon as they are attached: none can stay behind.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { EEXIST, EINVAL, ENOENT } from '../../src/native/errno.ts';
import { IPC, SHM_INFO_LAYOUT, SHMID_DS, SHMINFO_LAYOUT } from '../../src/native/layout.ts';
import { readU64, readU64Text } from '../../src/native/memory.ts';
import { removeSegment, shmat, shmctl, shmdt, shmget } from '../../src/native/sysv.ts';
import { libc, missing, titled } from './workbench.ts';

const SIZE = 3 * 4096 - 171;
const IPC_PRIVATE = 0;
/** A key that nobody uses: negative as an int, so that the sign bit is crossed too. */
const KEY = 0xf1_5e_00_00 + (process.pid & 0xffff);

describe.skipIf(missing)(titled('System V shared memory'), () => {
  const made = new Set<number>();
  const make = (key = IPC_PRIVATE, flags = 0o600) => {
    const shmid = shmget(libc(), key, SIZE, IPC.CREAT | IPC.EXCL | flags);
    if (shmid >= 0) made.add(shmid);
    return shmid;
  };
  afterEach(() => {
    for (const shmid of made) removeSegment(libc(), shmid);
    made.clear();
  });

  test('shmget makes a segment, finds it by its key, and answers -EEXIST and -ENOENT', () => {
    const shmid = make(KEY);
    expect(shmid).toBeGreaterThanOrEqual(0);
    expect(shmget(libc(), KEY, 0, 0)).toBe(shmid);
    expect(shmget(libc(), KEY | 0, 0, 0)).toBe(shmid);
    expect(make(KEY)).toBe(-EEXIST);
    expect(removeSegment(libc(), shmid)).toBe(0);
    expect(shmget(libc(), KEY, 0, 0)).toBe(-ENOENT);
  });

  test('shmget answers -EINVAL for no size, and takes one above 2^53 bytes that nothing is reserved for', () => {
    expect(shmget(libc(), IPC_PRIVATE, 0, IPC.CREAT | 0o600)).toBe(-EINVAL);
    const huge = shmget(libc(), IPC_PRIVATE, 2 ** 60, IPC.CREAT | IPC.SHM_NORESERVE | 0o600);
    if (huge < 0) return; // a machine with a limit of its own (kernel.shmmax)
    made.add(huge);
    const record = libc().allocate(SHMID_DS.size);
    expect(shmctl(libc(), huge, IPC.STAT, record.address)).toBe(0);
    expect(readU64Text(record.u32, SHMID_DS.segsz / 4)).toBe(String(2n ** 60n));
  });

  test('shmctl tells what the kernel prints in its table', () => {
    const shmid = make();
    const record = libc().allocate(SHMID_DS.size);
    expect(shmctl(libc(), shmid, IPC.STAT, record.address)).toBe(0);
    const { u32, i32 } = record;
    const line = readFileSync('/proc/sysvipc/shm', 'latin1')
      .split('\n')
      .map((text) => text.trim().split(/ +/))
      .find((fields) => fields[1] === String(shmid));
    const word = (offset: number) => u32[offset / 4];
    const ours = [
      i32[SHMID_DS.key / 4],
      shmid,
      word(SHMID_DS.mode).toString(8),
      readU64(u32, SHMID_DS.segsz / 4),
      word(SHMID_DS.cpid),
      word(SHMID_DS.lpid),
      readU64(u32, SHMID_DS.nattch / 4),
      word(SHMID_DS.uid),
      word(SHMID_DS.gid),
      word(SHMID_DS.cuid),
      word(SHMID_DS.cgid),
      word(SHMID_DS.atime),
      word(SHMID_DS.dtime),
      word(SHMID_DS.ctime),
    ];
    expect(ours.map(String)).toEqual(line?.slice(0, 14));
    expect(word(SHMID_DS.cpid)).toBe(process.pid);
    expect(readU64(u32, SHMID_DS.segsz / 4)).toBe(SIZE);
  });

  test('shmat attaches and shmdt detaches, as nattch counts, and the content is there', () => {
    const shmid = make();
    const record = libc().allocate(SHMID_DS.size);
    const nattch = () => {
      expect(shmctl(libc(), shmid, IPC.STAT, record.address)).toBe(0);
      return readU64(record.u32, SHMID_DS.nattch / 4);
    };
    const address = shmat(libc(), shmid, 0);
    expect(address).toBeGreaterThan(0);
    expect(address % 4096).toBe(0);
    expect(nattch()).toBe(1);
    expect(readFileSync('/proc/self/maps', 'latin1')).toContain(`${address.toString(16)}-`);
    const second = shmat(libc(), shmid, IPC.SHM_RDONLY);
    expect(second).not.toBe(address);
    expect(nattch()).toBe(2);
    expect(shmdt(libc(), second)).toBe(0);
    expect(shmdt(libc(), address)).toBe(0);
    expect(nattch()).toBe(0);
    expect(shmdt(libc(), address)).toBe(-EINVAL);
  });

  test('a removed segment stays, marked, as long as it is attached, and is -EINVAL after that', () => {
    const shmid = make(KEY);
    const record = libc().allocate(SHMID_DS.size);
    const address = shmat(libc(), shmid, 0);
    expect(removeSegment(libc(), shmid)).toBe(0);
    expect(shmctl(libc(), shmid, IPC.STAT, record.address)).toBe(0);
    expect(record.u32[SHMID_DS.mode / 4] & IPC.SHM_DEST).toBe(IPC.SHM_DEST);
    expect(record.u32[SHMID_DS.key / 4]).toBe(0);
    expect(shmdt(libc(), address)).toBe(0);
    expect(shmctl(libc(), shmid, IPC.STAT, record.address)).toBe(-EINVAL);
    expect(removeSegment(libc(), shmid)).toBe(-EINVAL);
    expect(shmat(libc(), shmid, 0)).toBe(-EINVAL);
  });

  test('SHM_STAT_ANY finds a segment by its index, and says of a hole that it is -EINVAL', () => {
    const shmid = make();
    const record = libc().allocate(SHMID_DS.size);
    const highest = shmctl(libc(), 0, IPC.SHM_INFO, libc().allocate(SHM_INFO_LAYOUT.size).address);
    const found: number[] = [];
    for (let index = 0; index <= highest; index++) {
      found.push(shmctl(libc(), index, IPC.SHM_STAT_ANY, record.address));
    }
    expect(found).toContain(shmid);
    expect(shmctl(libc(), highest + 1, IPC.SHM_STAT_ANY, record.address)).toBe(-EINVAL);
  });

  test('SHM_INFO and IPC_INFO tell the counts and the limits of the namespace', () => {
    make();
    const info = libc().allocate(SHM_INFO_LAYOUT.size);
    expect(shmctl(libc(), 0, IPC.SHM_INFO, info.address)).toBeGreaterThanOrEqual(0);
    expect(info.i32[SHM_INFO_LAYOUT.usedIds / 4]).toBeGreaterThanOrEqual(1);
    const limits = libc().allocate(SHMINFO_LAYOUT.size);
    expect(shmctl(libc(), 0, IPC.INFO, limits.address)).toBeGreaterThanOrEqual(0);
    for (const name of ['shmmax', 'shmall', 'shmmni'] as const) {
      const file = readFileSync(`/proc/sys/kernel/${name}`, 'latin1').trim();
      expect(readU64Text(limits.u32, SHMINFO_LAYOUT[name] / 4)).toBe(file);
    }
  });
});
