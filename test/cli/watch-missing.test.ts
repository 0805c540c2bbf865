// An ID that is watched for and never there: told at the end, as every command tells it.
import { describe, expect, it } from 'vitest';
import { openEventTest } from '../../src/cli/watch-filter.ts';
import type { ShmEvent } from '../../src/probe/model/event/event.ts';
import { NOW_MS, OWN_IPC, posix, segment } from './examples.ts';

const created = (shmid: number): ShmEvent => ({
  atMs: NOW_MS,
  event: 'created',
  id: `sysv:${OWN_IPC}:${shmid}`,
  shortId: `sysv:${shmid}`,
  source: 'poll',
  count: 1,
});

describe('the IDs that a watch misses', () => {
  const test = (...words: readonly string[]) =>
    openEventTest(words, { objects: [segment(5), posix('/x', 7)] }, () => undefined);

  it('are those that were not there at the beginning, as they were typed', () => {
    expect(test('sysv:5', '/SYSV00005305', 'posix:x', '/dev/shm/x', 'kind=sysv').missing()).toEqual([]);
    expect(test('sysv:5', 'sysv:6', '/y').missing()).toEqual(['sysv:6', 'posix:/y']);
  });

  it('are none of those of which an event told later', () => {
    const watched = test('sysv:6', 'sysv:8');
    expect(watched.matches(created(6))).toBe(true);
    expect(watched.matches(created(7))).toBe(false);
    expect(watched.missing()).toEqual(['sysv:8']);
  });
});
