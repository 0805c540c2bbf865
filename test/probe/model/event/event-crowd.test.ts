import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ShmEvent } from '../../../../src/probe/model/event/event.ts';
import { thinOut } from '../../../../src/probe/model/event/event-crowd.ts';

const event = (at: number, more: Partial<ShmEvent> = {}): ShmEvent => ({
  atMs: at,
  event: 'attached',
  source: 'perf',
  count: 1,
  id: `sysv:1:${at % 7}`,
  pid: at % 3,
  ...more,
});
const sum = (events: readonly ShmEvent[]) => events.reduce((total, { count }) => total + count, 0);

describe('thinning out a crowd of events', () => {
  test('leaves few events as they are', () => {
    const few = Array.from({ length: 200 }, (_, at) => event(at, { id: 'sysv:1:1', pid: 1 }));
    expect(thinOut(few, 10)).toBe(few);
  });

  test('counts equal ones of one process and object together, at the time of the last, the latest last', () => {
    const many = Array.from({ length: 2100 }, (_, at) => event(at));
    const thin = thinOut(many, 1000);
    expect(thin).toHaveLength(21);
    expect(sum(thin)).toBe(2100);
    expect(thin.at(-1)).toMatchObject({ atMs: 2099, count: 100 });
  });

  test('says how many it left out where even that is not enough', () => {
    const many = Array.from({ length: 3000 }, (_, at) => event(at, { id: `sysv:1:${at}`, count: 2 }));
    const thin = thinOut(many, 1000);
    expect(thin).toHaveLength(1001);
    expect(thin[0]).toMatchObject({ event: 'lost', count: 4000 });
  });

  test('never loses a count, whatever comes', () => {
    const arbitrary = fc.array(fc.record({ at: fc.nat(1000), id: fc.nat(30), count: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 190,
      maxLength: 900,
    });
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 1, max: 50 }), (all, most) => {
        const events = all.map(({ at, id, count }) => event(at, { id: `sysv:1:${id}`, count }));
        expect(sum(thinOut(events, most))).toBe(sum(events));
      }),
    );
  });
});
