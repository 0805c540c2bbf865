import { expect, test } from 'vitest';
import { ceilingsOf } from '../../../src/probe/model/ceilings.ts';
import type { Limits } from '../../../src/probe/model/snapshot.ts';
import { head, named, segment } from '../../ui/sample-objects.ts';

const limits = (more: Partial<Limits> = {}): Limits => ({ ...head().limits, ...more });
const numbers = (...args: Parameters<typeof ceilingsOf>) =>
  ceilingsOf(...args).map(({ id, used, limit }) => [id, used, limit]);

test('every limit stands there once, with what is used of it', () => {
  const memory = { totalBytes: 16e9, shmemBytes: 1e9 };
  expect(numbers(limits({ shmall: '1000', shmmax: '8192' }), memory, [segment(1), segment(5), named('x')])).toEqual([
    ['shmem', 1e9, 16e9],
    ['segments', 3, 4096],
    ['pages', 100 * 4096, 1000 * 4096],
    ['largest', 6 * 4096, 8192],
    ['bytes:0:27', 1_048_576, 8_589_934_592],
    ['inodes:0:27', 4, 1000],
  ]);
});

test('a limit that no number can say exactly is none, in pages as well as in bytes', () => {
  const limitOf = (more: Partial<Limits>) =>
    ceilingsOf(limits(more), undefined).find(({ kind }) => kind === 'pages')?.limit;
  expect(limitOf({ shmall: '18446744073692774399' })).toBeUndefined();
  expect(limitOf({ shmall: String(2 ** 52) })).toBeUndefined();
  expect(limitOf({ shmall: undefined })).toBeUndefined();
  expect(limitOf({ shmall: '0' })).toBe(0);
});

test('what is not known has no number, and the largest is told only where it is asked for', () => {
  const [mount] = limits().mounts;
  const bare = limits({ mounts: [{ path: mount.path, device: mount.device }] });
  expect(numbers(bare, undefined)).toEqual([
    ['shmem', undefined, undefined],
    ['segments', 3, 4096],
    ['pages', 100 * 4096, undefined],
    ['bytes:0:27', undefined, undefined],
    ['inodes:0:27', undefined, undefined],
  ]);
});
