// What removal gives back, and how full the fullest limit would then be.
import { expect, test } from 'vitest';
import { ceilingsOf } from '../../../src/probe/model/ceilings.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { plan } from '../../../src/remove/model/plan.ts';
import { reliefOf } from '../../../src/remove/model/relief.ts';
import { reliefText } from '../../../src/ui/format/relief-words.ts';
import { head, NOW_MS, named, segment } from '../../ui/sample-objects.ts';

const MIB = 1024 ** 2;
const ABANDONED = { state: 'abandoned', evidence: [{ code: 'lease-free' }] } as const;
const left = (name: string, mib: number, more: Partial<ShmObject> = {}) =>
  named(name, { holders: [], allocatedBytes: mib * MIB, verdict: ABANDONED, ...more });
const mounts = [
  { path: '/dev/shm', device: '0:27', sizeBytes: 64 * MIB, usedBytes: 59 * MIB, inodes: 1000, inodesUsed: 50 },
];
const ceilings = (more: object = {}) =>
  ceilingsOf({ ...head().limits, mounts, ...more }, { totalBytes: 1024 * MIB, shmemBytes: 100 * MIB });
const relief = (objects: readonly ShmObject[], all = ceilings()) =>
  reliefOf(plan(objects, { force: false, isNamed: true, listedAtMs: NOW_MS }), all);
const text = (objects: readonly ShmObject[], all = ceilings(), unicode = true) =>
  reliefText(relief(objects, all), unicode);

test('says what comes back and what it does to the mount that it lies on', () => {
  expect(text([left('a', 20), left('b', 1)])).toBe('frees 21.0M: /dev/shm 92 → 59 %');
  expect(text([left('a', 20)], ceilings(), false)).toBe('frees 20.0M: /dev/shm 92 -> 61 %');
});

test('of several limits it is the fullest: segments that are nearly used up before memory that is not', () => {
  const all = ceilings({ shmmni: '10', segments: 9 });
  expect(text([segment(1), segment(2)], all)).toBe('frees 8.0K: segments 90 → 70 %');
  expect(text([segment(1), left('a', 20)], all)).toBe('frees 20.0M: /dev/shm 92 → 61 %');
  expect(relief([segment(1)], ceilings({ shmmni: '10', segments: 1 })).eased?.ceiling.kind).toBe('segments');
});

test('a segment of another IPC namespace eases no limit of ours, only the memory of the machine', () => {
  const other = segment(1, { shortId: 'sysv:1@4026532201', ipcNamespace: '4026532201', rssBytes: 50 * MIB });
  expect(text([other])).toBe('frees 50.0M: RAM 10 → 5 %');
});

test('what is held gives nothing back now, what stays gives nothing, what is on another tmpfs does not ease this one', () => {
  const held = named('held', { allocatedBytes: 20 * MIB });
  expect(relief([held])).toMatchObject({ goes: 0, freedBytes: 0, eased: undefined });
  expect(text([held])).toBeUndefined();
  expect(text([left('x', 20, { device: '0:99' })])).toBe('frees 20.0M: RAM 10 → 8 %');
  const attached = segment(3, { nattch: 1, verdict: { state: 'in-use', evidence: [{ code: 'attached', count: 1 }] } });
  const forced = plan([attached], { force: true, isNamed: true, listedAtMs: NOW_MS });
  expect(reliefOf(forced, ceilings())).toMatchObject({ goes: 1, freedBytes: 0, eased: undefined });
});

test('what has no memory has an inode: sockets and folders free it with their last name, a further name of a file does not', () => {
  const few = ceilings({ mounts: [{ ...mounts[0], usedBytes: 0, inodes: 20, inodesUsed: 19 }] });
  const socket = (name: string) => left(name, 0, { type: 'socket', allocatedBytes: 0 });
  expect(text([socket('a'), socket('b')], few)).toBe('frees 2 names: /dev/shm inodes 95 → 85 %');
  expect(reliefText(relief([socket('a')], few), true, 'inodes:0:27')).toBe('frees 1 name → 90 %');
  expect(relief([left('a', 1, { links: 2 })], few)).toMatchObject({ goes: 1, freedBytes: 0, eased: undefined });
});

test('never less than nothing, and no percentage without a limit or a use', () => {
  expect(relief([left('a', 500)]).eased?.after).toBe(0);
  const [shm] = mounts;
  const endless = ceilings({ mounts: [{ ...shm, sizeBytes: undefined, inodes: undefined }] });
  expect(relief([left('a', 1)], endless).eased?.ceiling.kind).toBe('shmem');
  expect(relief([], ceilings())).toEqual({ goes: 0, freedBytes: 0, eased: undefined });
});
