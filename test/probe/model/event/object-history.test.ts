import { describe, expect, test } from 'vitest';
import type { ShmEvent } from '../../../../src/probe/model/event/event.ts';
import { addChanges, addEvents, heldMs, NO_HISTORIES } from '../../../../src/probe/model/event/object-history.ts';
import type { ShmObject } from '../../../../src/probe/model/object.ts';

const event = (atMs: number, name: ShmEvent['event'], more: Partial<ShmEvent> = {}): ShmEvent => ({
  atMs,
  event: name,
  source: 'perf',
  count: 1,
  id: 'sysv:1:5',
  pid: 9,
  comm: 'app',
  ...more,
});
const object = (more: Partial<ShmObject>): ShmObject => ({
  id: 'sysv:1:5',
  shortId: 'sysv:5',
  kind: 'sysv',
  rawName: '0x00000001',
  status: [],
  holders: [],
  verdict: { state: 'unknown', evidence: [] },
  ...more,
});

describe('the history of an object', () => {
  test('tells of each attach how long it was held, those that last and those that began before the watch too', () => {
    const history = addEvents(NO_HISTORIES, [
      event(50, 'detached', { pid: 3 }),
      event(100, 'attached'),
      event(140, 'detached'),
      event(150, 'attached', { pid: 8 }),
    ]).get('sysv:1:5');
    expect(history?.holds.map((hold) => heldMs(hold, 250))).toEqual([undefined, 40, 100]);
  });

  test('ends all attaches when the object is destroyed', () => {
    const history = addEvents(NO_HISTORIES, [event(1, 'attached', { count: 3 }), event(9, 'destroyed')]).get(
      'sysv:1:5',
    );
    expect(history?.holds.map(({ untilMs }) => untilMs)).toEqual([9, 9, 9]);
  });

  test('a name keeps its history when it is unlinked', () => {
    const named = object({ id: 'unlinked:0:27:4', kind: 'unlinked', allocatedBytes: 8192 });
    const before = { ...named, allocatedBytes: 4096 };
    const first = addEvents(NO_HISTORIES, [event(1, 'created', { id: 'posix:0:27:4' })]);
    const histories = addChanges(first, [{ before, after: named }], 10, 20);
    expect([...histories.keys()]).toEqual(['posix:0:27:4']);
    expect(histories.get('posix:0:27:4')?.points.map(({ costBytes }) => costBytes)).toEqual([4096, 8192]);
  });

  test('calls who still holds it as it is called now, and who is gone as it was called then', () => {
    const first = addEvents(NO_HISTORIES, [
      event(1, 'attached', { comm: 'MainThread' }),
      event(2, 'attached', { pid: 10, comm: 'MainThread' }),
      event(3, 'detached', { pid: 10, comm: 'MainThread' }),
    ]);
    const holder = (pid: number, comm: string) => ({ pid, comm, mappings: [], fds: [] });
    const after = object({ holders: [holder(9, 'worker'), holder(10, 'other')] });
    expect(addChanges(first, [{ before: object({}), after }], 3, 4).get('sysv:1:5')?.holds).toMatchObject([
      { pid: 9, comm: 'worker' },
      { pid: 10, comm: 'MainThread' },
    ]);
    const same = object({ holders: [holder(9, 'MainThread')] });
    expect(addChanges(first, [{ before: object({}), after: same }], 3, 4)).toBe(first);
  });

  test('has points only where nattch or cost moved, and none for what is new', () => {
    const same = {
      before: object({ nattch: 1, rssBytes: 4096 }),
      after: object({ nattch: 1, rssBytes: 4096, atimeSec: 5 }),
    };
    expect(addChanges(NO_HISTORIES, [same, { after: object({ nattch: 7 }) }], 1, 2)).toBe(NO_HISTORIES);
    const moved = addChanges(NO_HISTORIES, [{ before: object({ nattch: 1 }), after: object({ nattch: 4 }) }], 1, 2);
    expect(moved.get('sysv:1:5')?.points).toMatchObject([
      { atMs: 1, nattch: 1 },
      { atMs: 2, nattch: 4 },
    ]);
  });

  test('is bounded: events, holds, points and objects', () => {
    const many = Array.from({ length: 5000 }, (_, at) =>
      event(at, at % 2 ? 'detached' : 'attached', { nattch: at % 2 }),
    );
    const one = addEvents(NO_HISTORIES, many).get('sysv:1:5');
    expect(one?.events.length).toBeLessThanOrEqual(60);
    expect(one?.holds.length).toBeLessThanOrEqual(60);
    expect(one?.points.length).toBeLessThanOrEqual(120);
    const wide = addEvents(
      NO_HISTORIES,
      many.map((each, at) => ({ ...each, id: `sysv:1:${at}` })),
    );
    expect(wide.size).toBe(500);
    expect(wide.has('sysv:1:4999')).toBe(true);
  });
});
