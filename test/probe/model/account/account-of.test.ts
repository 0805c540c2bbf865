import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountReadings, MemoryMount } from '../../../../src/probe/model/account/account.ts';
import { accountOf } from '../../../../src/probe/model/account/account-of.ts';
import { sumBy } from '../../../../src/probe/model/account/sum-by.ts';
import { costBytes } from '../../../../src/probe/model/object.ts';
import { OWNER_KINDS } from '../../../../src/probe/model/owner.ts';
import { sumLabel } from '../../../../src/ui/format/account-words.ts';
import { arbitraryObject } from '../../../cli/arbitrary-object.ts';
import { holder, memfd, posix, segment } from '../../../cli/examples.ts';

const MIB = 1 << 20;
const mount = (device: string, path: string, more: Partial<MemoryMount> = {}): MemoryMount => ({
  ...{ device, path, fileSystem: 'tmpfs', isReached: true },
  ...more,
});
const readings = (more: Partial<AccountReadings>): AccountReadings => ({ mounts: [], gpus: [], pools: [], ...more });
/** Sums of numbers near 2^53 are rounded. */
const isNear = (is: number, wanted: number, size = wanted) =>
  expect(Math.abs(is - wanted)).toBeLessThanOrEqual(1e-12 * Math.abs(size) + 1e-6);
const SURROUNDINGS = { mounts: [] };

describe('the account', () => {
  it('has the bytes of an object once: those of a name are in its mount, those of a memfd are not', () => {
    const objects = [
      posix('/a', 1, { device: '0:27', allocatedBytes: 8 * MIB }),
      memfd('memfd:b', 2, { device: '0:1', allocatedBytes: 4 * MIB }),
      segment(1, { rssBytes: 2 * MIB, swapBytes: MIB }),
    ];
    const account = accountOf(
      { objects },
      readings({ shmemBytes: 20 * MIB, mounts: [mount('0:27', '/dev/shm', { usedBytes: 10 * MIB })] }),
    );
    expect(account.parts.map(({ id, bytes, listedBytes }) => [id, bytes / MIB, listedBytes / MIB])).toEqual([
      ['mount:0:27', 10, 8],
      ['memfd', 4, 4],
      [`sysv:${objects[2]?.ipcNamespace ?? '0'}`, 2, 3],
    ]);
    expect(account.remainderBytes).toBe(4 * MIB);
  });

  it('gives buffers of graphics that are only known to be allocated no more than Shmem has left', () => {
    const real = { id: 'a', driver: 'i915', bytes: 3 * MIB };
    const claimed = { id: 'b', driver: 'vgem', bytes: 2 ** 50, isAllocated: true };
    const account = accountOf(
      { objects: [segment(1, { rssBytes: 2 * MIB })] },
      readings({ shmemBytes: 20 * MIB, gpus: [claimed, real] }),
    );
    expect(account.parts).toMatchObject([
      { id: 'gpu:b', bytes: 15 * MIB, notes: ['at-most'] },
      { id: 'gpu:a', bytes: 3 * MIB, notes: [] },
      { kind: 'sysv', bytes: 2 * MIB },
    ]);
    expect(account.remainderBytes).toBe(0);
  });

  it('has a mount that nobody shows any more, by the objects on it', () => {
    const objects = [posix('/x', 3, { kind: 'file', device: '0:55', onMemory: 'tmpfs', allocatedBytes: MIB })];
    const { parts } = accountOf({ objects }, readings({}));
    expect(parts).toMatchObject([{ id: 'mount:0:55', bytes: MIB, notes: ['unmounted', 'not-reached'] }]);
  });

  it('leaves out what is no Shmem: huge pages, files on disk', () => {
    const objects = [
      segment(1, { rssBytes: 4 * MIB, hugePageBytes: 2 * MIB, status: ['hugetlb'] }),
      posix('/y', 4, { kind: 'file', device: '8:1', allocatedBytes: MIB }),
      posix('/z', 5, { device: '8:1', onDisk: 'ext4', allocatedBytes: undefined }),
    ];
    const pool = { pageBytes: 2 * MIB, pages: 6, free: 3, reserved: 0, surplus: 0 };
    const account = accountOf({ objects }, readings({ shmemBytes: 0, pools: [pool] }));
    expect(account.parts).toEqual([]);
    expect(account.huge).toMatchObject([{ remainderBytes: 2 * MIB, parts: [{ kind: 'sysv', bytes: 4 * MIB }] }]);
  });

  it.each([...OWNER_KINDS, 'process' as const])('by %s: sums are the objects, the files and the remainder', (by) => {
    fc.assert(
      fc.property(fc.array(arbitraryObject, { maxLength: 20 }), fc.nat(1 << 30), (objects, usedBytes) => {
        const mounts = [mount('0:27', '/dev/shm', { usedBytes })];
        const account = accountOf({ objects }, readings({ shmemBytes: 1 << 30, mounts }));
        const sums = sumBy({ objects }, account, by);
        const bytesOf = (kind: string) =>
          sums.filter((sum) => sum.kind === kind).reduce((sum, { bytes }) => sum + bytes, 0);
        const all = objects.reduce((sum, object) => sum + (costBytes(object) ?? 0), 0);
        isNear(bytesOf('objects'), all);
        expect(bytesOf('remainder')).toBe(account.remainderBytes);
        const parts = account.parts.reduce((sum, { bytes }) => sum + bytes, 0);
        isNear(parts + (account.remainderBytes ?? 0), 1 << 30, parts);
        for (const each of sums) expect(sumLabel(each, SURROUNDINGS)).toMatch(/^[^\n]*$/);
      }),
      { numRuns: 100 },
    );
  });

  it('by process: each holder has an equal part, and what nobody holds is nobody’s', () => {
    const objects = [
      posix('/a', 1, { device: '0:27', allocatedBytes: 8 * MIB, holders: [holder(7, 'web'), holder(8, 'db')] }),
      posix('/b', 6, { device: '0:27', allocatedBytes: MIB, holders: [] }),
    ];
    const sums = sumBy({ objects }, accountOf({ objects }, readings({})), 'process');
    expect(sums.map((sum) => [sumLabel(sum, SURROUNDINGS), sum.bytes / MIB])).toEqual([
      ['web[7]', 4],
      ['db[8]', 4],
      ['held by nobody', 1],
    ]);
  });
});
