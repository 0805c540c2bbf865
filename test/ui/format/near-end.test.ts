// What ls, summary and doctor say of limits: ours first, and a bounded number of lines, whoever makes how many.
import { expect, test } from 'vitest';
import type { ShmMount } from '../../../src/probe/model/snapshot.ts';
import { nearEndLines } from '../../../src/ui/format/near-end.ts';
import { head } from '../sample-objects.ts';

const ours: ShmMount = { path: '/dev/shm', device: '0:27', sizeBytes: 1000 << 12, usedBytes: 910 << 12 };
const crowd = (count: number): ShmMount[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ path: `/proc/${100 + at}/root/dev/shm`, device: `0:${500 + at}`, mountNamespace: `${at}` },
    ...{ sizeBytes: 4096, usedBytes: 4096 },
  }));
const linesOf = (mounts: readonly ShmMount[]) =>
  nearEndLines({ ...head(), limits: { ...head().limits, mounts }, objects: [] });

test('ours stands first, though thousands of others are fuller', () => {
  const lines = linesOf([...crowd(5000), ours]);
  expect(lines[0]).toMatch(/^\/dev\/shm 91% full/);
  expect(lines.length).toBeLessThan(8);
  expect(lines.at(-1)).toBe(
    '4996 more limits of other users, namespaces and containers near the end (shmtop summary --json lists all)',
  );
});

test('what a user fills in our own mount namespace is counted among those of others', () => {
  const users = crowd(30).map(({ sizeBytes, usedBytes, device }, at) => ({
    ...{ sizeBytes, usedBytes, device, path: `/run/user/${1000 + at}`, isOfOthers: true },
  }));
  const lines = linesOf([...users, ours]);
  expect(lines[0]).toMatch(/^\/dev\/shm 91% full/);
  expect(lines.at(-1)).toMatch(/^26 more limits of other users/);
});

test('few are all told', () => {
  expect(linesOf([...crowd(3), ours])).toHaveLength(4);
  expect(linesOf([ours])).toHaveLength(1);
  expect(linesOf([])).toEqual([]);
});
