// What alarms: what is full before what is nearly so, before what will be.
import { expect, test } from 'vitest';
import { alarmsOf } from '../../../src/probe/model/alarm.ts';
import { type Ceiling, ceilingsOf } from '../../../src/probe/model/ceilings.ts';
import { alarmTexts } from '../../../src/ui/format/alarm-words.ts';
import { displayWidth } from '../../../src/ui/format/width.ts';
import { head, segment } from '../../ui/sample-objects.ts';

const MIB = 1024 ** 2;
const SHM = { path: '/dev/shm', device: '0:27', sizeBytes: 64 * MIB, usedBytes: 1, inodes: 1000, inodesUsed: 4 };
const all = (limits: object = {}, shmemBytes = 1): readonly Ceiling[] =>
  ceilingsOf({ ...head().limits, mounts: [SHM], ...limits }, { totalBytes: 100, shmemBytes }, []);
const told = (ceilings: readonly Ceiling[], fullInSec?: number) =>
  alarmsOf(ceilings, () => fullInSec).map(({ level, ceiling }) => `${ceiling.id} ${level}`);

test('nothing alarms while nothing is near its end', () => {
  expect(told(all())).toEqual([]);
  expect(told(all({ mounts: [{ ...SHM, usedBytes: 57 * MIB }] }))).toEqual([]);
  expect(told(all({ mounts: [{ path: '/dev/shm', device: '0:27' }] }))).toEqual([]);
});

test('full is without room for one more; near is from nine tenths on; the worst stands first', () => {
  expect(told(all({ mounts: [{ ...SHM, usedBytes: 60 * MIB, inodesUsed: 1000 }] }))).toEqual([
    'inodes:0:27 full',
    'bytes:0:27 near',
  ]);
  expect(told(all({ mounts: [{ ...SHM, usedBytes: 64 * MIB - 4095 }] }))).toEqual(['bytes:0:27 full']);
  expect(told(all({ mounts: [{ ...SHM, usedBytes: 64 * MIB - 4096 }] }))).toEqual(['bytes:0:27 near']);
  expect(told(all({ shmmni: '3' }))).toEqual(['segments full']);
  expect(told(all({ shmmni: '0' }))).toEqual([]);
});

test('what fills in minutes alarms from the half on, whatever its rate before', () => {
  const half = all({ mounts: [{ ...SHM, usedBytes: 40 * MIB }] });
  expect(told(half, 240)).toEqual(['bytes:0:27 soon']);
  expect(told(half, 3600)).toEqual([]);
  expect(told(all({ mounts: [{ ...SHM, usedBytes: 10 * MIB }] }), 10)).toEqual([]);
});

test('RAM is near, never full; one segment of the largest size that is allowed is no trouble', () => {
  expect(told(all({}, 100))).toEqual(['shmem near']);
  const largest = ceilingsOf({ ...head().limits, shmmax: '4096' }, undefined, [segment(0)]);
  expect(told(largest)).toEqual([]);
});

test('is told in as many words as there is room for, and never without the key', () => {
  const alarms = alarmsOf(all({ mounts: [{ ...SHM, usedBytes: 64 * MIB, inodesUsed: 970 }] }));
  const texts = alarmTexts(alarms, 'w');
  expect(texts[0]).toBe('! /dev/shm is full (64.0M of 64.0M), /dev/shm inodes 97 %: w shows who');
  expect(texts.at(-1)).toBe('! /dev/shm (w)');
  expect(texts.find((text) => displayWidth(text) <= 30)).toBe('! /dev/shm full: w shows who');
  const widths = texts.map(displayWidth);
  expect(widths).toEqual([...widths].sort((a, b) => b - a));
  for (const text of texts) expect(text).toMatch(/: w|\(w\)/);
  const soon = alarmsOf(all({ mounts: [{ ...SHM, usedBytes: 48 * MIB }] }), () => 250);
  expect(alarmTexts(soon, 'w')[0]).toBe('! /dev/shm 75 % full, all of it in 4m (48.0M of 64.0M): w shows who');
  expect(alarmTexts([], 'w')).toEqual([]);
});

test('a hair below full is not called full: 99 %, not 100', () => {
  const alarms = alarmsOf(all({ mounts: [{ ...SHM, usedBytes: 64 * MIB - 8192 }] }));
  expect(alarmTexts(alarms, 'w')[0]).toContain('99 % full');
});

test('what somebody else fills never stands before what is ours, however full it is', () => {
  const near = { ...SHM, usedBytes: 60 * MIB };
  const full = { sizeBytes: 4096, usedBytes: 4096 };
  const theirs = [
    { path: '/proc/7/root/dev/shm', device: '0:90', ...full },
    { path: '/run/user/1000', device: '0:91', isOfOthers: true, ...full },
  ];
  expect(told(all({ mounts: [...theirs, near] }))).toEqual(['bytes:0:27 near', 'bytes:0:90 full', 'bytes:0:91 full']);
});
