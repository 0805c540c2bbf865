// The merging of observations into events, on a machine that exists in this file only.
import { describe, expect, test } from 'vitest';
import { EventMerge } from '../../../src/probe/merge/event-merge.ts';
import type { ShmEvent } from '../../../src/probe/model/event/event.ts';
import { addEvents, heldMs, NO_HISTORIES } from '../../../src/probe/model/event/object-history.ts';
import type { MapSeen, Range } from '../../../src/probe/model/event/observation.ts';
import type { SysvRow } from '../../../src/probe/model/join/sysv-row.ts';
import { head, segment } from '../../ui/sample-objects.ts';

const NS = '4026531839';
const DEAD = 4444;

function rowOf(shmid: number, more: Partial<SysvRow> = {}): SysvRow {
  const nobody = { key: 1, mode: 0o600, uid: 0, gid: 0, cuid: 0, cgid: 0, lpid: 0, nattch: 0 };
  return {
    ipcNamespace: NS,
    shmid,
    sizeBytes: 4096,
    cpid: 5,
    atimeSec: 0,
    dtimeSec: 0,
    ctimeSec: 1,
    ...nobody,
    ...more,
  };
}

function machine(hasMaps: boolean) {
  const rows = new Map<number, SysvRow>();
  const ranges = new Map<number, Range[]>();
  const events: ShmEvent[] = [];
  const merge = new EventMerge({
    devices: { kernelShm: 1, hugetlb: new Set(), mounts: new Set([27]), mountRoots: new Set() },
    ownNamespace: NS,
    hasMaps,
    hasExits: true,
    isExact: false,
    around: {
      segment: (shmid) => rows.get(shmid),
      ipcNamespace: () => NS,
      comm: (pid) => `c${pid}`,
      ranges: (pid) => ranges.get(pid) ?? [],
      sharesMemory: () => false,
      isAlive: (pid) => pid !== DEAD,
      livesOn: () => false,
    },
    emit: (event) => events.push(event),
  });
  const told = () => events.splice(0).map(({ event, pid, count }) => `${event} ${pid ?? '-'} x${count}`);
  return { merge, rows, ranges, told, events };
}

const map = (pid: number, atMs: number, more: Partial<MapSeen> = {}): MapSeen => ({
  kind: 'map',
  source: 'perf',
  atMs,
  pid,
  start: 0x1000,
  end: 0x4000,
  prot: 3,
  device: 1,
  inode: 0,
  name: '/SYSV00000001 (deleted)',
  ...more,
});
const close = (pid: number, atMs: number) => ({ kind: 'close', source: 'fanotify', atMs, pid, inode: 0 }) as const;

test('who had died before the watch began is no event', () => {
  const { merge, rows, told } = machine(false);
  rows.set(3, rowOf(3, { cpid: DEAD }));
  rows.set(4, rowOf(4));
  merge.seed({ ...head(), objects: [segment(3), segment(4)] }, 1);
  merge.checkOwners(2);
  expect(told()).toEqual([]);
});

describe('with mappings seen', () => {
  test('the first attach tells the creation, a close the detach, and inode 0 is a segment', () => {
    const { merge, rows, told, events } = machine(true);
    rows.set(0, rowOf(0, { nattch: 1, lpid: 9 }));
    merge.apply(map(9, 1));
    expect(events[0]?.id).toBe(`sysv:${NS}:0`);
    merge.apply(close(9, 2));
    expect(told()).toEqual(['created 5 x1', 'attached 9 x1', 'detached 9 x1']);
  });

  test('an exit and the close that follows it are one detach', () => {
    const { merge, rows, told } = machine(true);
    rows.set(0, rowOf(0));
    merge.apply(map(9, 1));
    merge.apply({ kind: 'exit', source: 'perf', atMs: 2, pid: 9, tid: 9 });
    merge.apply(close(9, 3));
    expect(told()).toEqual(['created 5 x1', 'attached 9 x1', 'detached 9 x1']);
  });

  test('pieces made by mprotect and their joining are no attaches', () => {
    const { merge, rows, told } = machine(true);
    rows.set(0, rowOf(0));
    merge.apply(map(9, 1));
    merge.apply(map(9, 2, { start: 0x2000, end: 0x3000, prot: 1 }));
    merge.apply(map(9, 3));
    expect(told()).toEqual(['created 5 x1', 'attached 9 x1']);
  });

  test('the same range again means that it was let go of in between; its close is then no news', () => {
    const { merge, rows, ranges, told } = machine(true);
    rows.set(0, rowOf(0));
    ranges.set(9, [{ start: 0x1000, end: 0x4000 }]);
    merge.apply(map(9, 1));
    merge.apply(map(9, 2));
    merge.apply(close(9, 3));
    expect(told()).toEqual(['created 5 x1', 'attached 9 x1', 'detached 9 x1', 'attached 9 x1']);
  });

  test('merged closes of several attaches are counted by a look', () => {
    const { merge, rows, told } = machine(true);
    rows.set(0, rowOf(0));
    for (const [at, start] of [0x10000, 0x20000, 0x30000].entries())
      merge.apply(map(9, at, { start, end: start + 4096 }));
    merge.apply(close(9, 9));
    expect(told().at(-1)).toBe('detached 9 x3');
  });

  test('a detach that no source told is found by the check', () => {
    const { merge, rows, told } = machine(true);
    rows.set(0, rowOf(0, { nattch: 1, lpid: 9 }));
    merge.apply(map(9, 1));
    const after = rowOf(0, { nattch: 0, lpid: 9, dtimeSec: 2 });
    rows.set(0, after);
    merge.apply({ kind: 'row', source: 'poll', atMs: 100, shmid: 0, row: after });
    expect(merge.isUnsettled).toBe(true);
    merge.settle(200);
    expect(told().at(-1)).toBe('detached 9 x1');
    expect(merge.isUnsettled).toBe(false);
  });

  test('what was lost is told', () => {
    const { merge, told } = machine(true);
    merge.apply({ kind: 'lost', source: 'perf', atMs: 1, count: 7, detail: 'records' });
    expect(told()).toEqual(['lost - x7']);
  });
});

describe('with the segment table only', () => {
  test('two states tell attaches, detaches and pairs in between by count, with the last process', () => {
    const { merge, told } = machine(false);
    const row = (atMs: number, more: Partial<SysvRow>) =>
      merge.apply({ kind: 'row', source: 'poll', atMs, shmid: 3, row: rowOf(3, more) });
    row(1, {});
    row(2, { nattch: 2, lpid: 8 });
    row(3, { nattch: 1, lpid: 8 });
    row(4, { nattch: 1, lpid: 7 });
    row(5, { nattch: 1, lpid: 7, mode: 0o1600 });
    merge.apply({ kind: 'row', source: 'poll', atMs: 6, shmid: 3 });
    expect(told()).toEqual([
      'created 5 x1',
      'attached 8 x2',
      'detached 8 x1',
      'attached 7 x1',
      'detached 7 x1',
      'marked - x1',
      'destroyed - x1',
    ]);
  });

  test('a look into the middle of shmat(2), counted before it is dated or counted twice, tells one attach by the right process', () => {
    const { merge, told } = machine(false);
    const row = (atMs: number, more: Partial<SysvRow>) =>
      merge.apply({ kind: 'row', source: 'poll', atMs, shmid: 3, row: rowOf(3, more) });
    const idle = { nattch: 0, lpid: 7, atimeSec: 10, dtimeSec: 10 };
    row(10_500, idle);
    told();
    row(12_500, { ...idle, nattch: 1 }); // counted, not yet dated
    row(12_501, { ...idle, nattch: 1, lpid: 8, atimeSec: 12 });
    expect(told()).toEqual(['attached 8 x1']);
    row(12_600, { nattch: 0, lpid: 8, atimeSec: 12, dtimeSec: 12 });
    expect(told()).toEqual(['detached 8 x1']);
    row(14_500, { nattch: 2, lpid: 9, atimeSec: 14, dtimeSec: 12 });
    row(14_501, { nattch: 1, lpid: 9, atimeSec: 14, dtimeSec: 12 });
    expect(told()).toEqual(['attached 9 x2']); // what was told is not untold, but nobody detached
  });

  test('an attach that failed halfway is no event', () => {
    const { merge, told } = machine(false);
    const row = (atMs: number, more: Partial<SysvRow>) =>
      merge.apply({ kind: 'row', source: 'poll', atMs, shmid: 3, row: rowOf(3, more) });
    row(10_500, { lpid: 7, atimeSec: 10, dtimeSec: 10 });
    told();
    row(12_500, { nattch: 1, lpid: 7, atimeSec: 10, dtimeSec: 10 });
    row(12_501, { nattch: 0, lpid: 7, atimeSec: 10, dtimeSec: 10 });
    expect(told()).toEqual([]);
  });
});

test('a history keeps how long each process held an object', () => {
  const { merge, rows, events } = machine(true);
  rows.set(0, rowOf(0));
  merge.apply(map(9, 100));
  merge.apply(close(9, 140));
  const history = addEvents(NO_HISTORIES, events).get(`sysv:${NS}:0`);
  expect(history?.holds).toEqual([{ pid: 9, comm: 'c9', fromMs: 100, untilMs: 140 }]);
  expect(history?.holds.map((hold) => heldMs(hold, 999))).toEqual([40]);
});
