import { expect, test } from 'vitest';
import { ceilingsOf } from '../../../src/probe/model/ceilings.ts';
import type { NamespaceFacts } from '../../../src/probe/model/namespace-facts.ts';
import type { OtherLimit } from '../../../src/probe/model/other-limits.ts';
import type { Limits } from '../../../src/probe/model/snapshot.ts';
import { ceilingWords } from '../../../src/ui/format/ceiling-words.ts';
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

const namespace = (more: Partial<NamespaceFacts>): NamespaceFacts => ({
  ...{ id: '4026532201', isOwn: false, keptBy: 'process', processes: 1, segments: 0, pages: 0, mounts: [] },
  ...more,
});

test('the limits of another namespace are its own, and told where half of one is used', () => {
  const full = namespace({ shmmni: '4', segments: 2, shmall: '100', pages: 10 });
  const empty = namespace({ id: '4026532202', shmmni: '4096', segments: 20 });
  const ours = namespace({ id: '1', isOwn: true, shmmni: '4', segments: 4 });
  const found = ceilingsOf(limits({ mounts: [] }), undefined, undefined, [full, empty, ours]).slice(3);
  expect(found).toEqual([
    { kind: 'namespace-segments', id: 'segments:4026532201', unit: 'count', used: 2, limit: 4, namespace: full },
  ]);
});

test('other limits are ceilings too, each with the error that it causes and what helps', () => {
  const others: readonly OtherLimit[] = [
    { kind: 'semaphores', used: 3, limit: 32_000 },
    { kind: 'huge-pages', of: '2097152', used: 1, limit: 4 },
    { kind: 'group', of: '/system.slice/web\u001b.service', used: 8, limit: 16, shmemBytes: 4 },
  ];
  const found = ceilingsOf(limits({ mounts: [], others }), undefined).slice(3);
  expect(found.map(({ id, unit }) => [id, unit])).toEqual([
    ['semaphores:', 'count'],
    ['huge-pages:2097152', 'count'],
    ['group:/system.slice/web\u001b.service', 'bytes'],
  ]);
  const [semaphores, pages, group] = found.map(ceilingWords);
  expect(semaphores?.error).toContain('ENOSPC');
  expect(pages?.title).toBe('Huge pages of 2.0M');
  expect(group?.title).toBe('Memory of /system.slice/web\\x1b.service');
});
