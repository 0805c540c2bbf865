// Gaps: counted together by source and reason, with the processes they are about.
import { expect, test } from 'vitest';
import { GapList } from '../../../src/probe/model/gap.ts';

test('an empty list has no gaps', () => {
  expect(new GapList().list()).toEqual([]);
});

test('gaps of one source and reason are one gap with a count and the pids', () => {
  const gaps = new GapList();
  gaps.add('maps', 'permission', { pid: 5 });
  gaps.add('maps', 'permission', { pid: 6 });
  gaps.add('maps', 'io', { pid: 7 });
  expect(gaps.list()).toEqual([
    { source: 'maps', reason: 'permission', count: 2, pids: [5, 6] },
    { source: 'maps', reason: 'io', count: 1, pids: [7] },
  ]);
});

test('gaps that say different things stay apart, and pids are left out where there are none', () => {
  const gaps = new GapList();
  gaps.add('dev-shm', 'permission', { detail: '/dev/shm/a: EACCES' });
  gaps.add('dev-shm', 'permission', { detail: '/dev/shm/b: EACCES' });
  gaps.add('sysv', 'malformed', { count: 3 });
  gaps.add('sysv', 'malformed', { count: 2 });
  expect(gaps.list()).toEqual([
    { source: 'dev-shm', reason: 'permission', count: 1, detail: '/dev/shm/a: EACCES' },
    { source: 'dev-shm', reason: 'permission', count: 1, detail: '/dev/shm/b: EACCES' },
    { source: 'sysv', reason: 'malformed', count: 5 },
  ]);
});

test('a process that is asked twice is one process', () => {
  const gaps = new GapList();
  gaps.add('maps', 'permission', { pid: 5 });
  gaps.add('maps', 'permission', { pid: 5 });
  expect(gaps.list()).toEqual([{ source: 'maps', reason: 'permission', count: 1, pids: [5] }]);
});
