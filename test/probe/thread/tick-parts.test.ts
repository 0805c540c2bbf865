// A tick in parts: nothing is lost or doubled, one part at a time, and what comes out is the whole tick.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { cutIntoParts, TickGatherer, TickSender } from '../../../src/probe/thread/tick-parts.ts';
import type { Tick } from '../../../src/probe/thread/worker-protocol.ts';
import { head, segment } from '../../ui/sample-objects.ts';

const whole = (count: number, more: Partial<Tick> = {}): Omit<Tick, 'isPart'> => ({
  head: head(),
  changed: Array.from({ length: count }, (_, at) => segment(at)),
  removed: ['sysv:1:9'],
  unlisted: ['sysv:1:9'],
  sampleMs: 1,
  isFresh: true,
  events: [{ atMs: 1, event: 'created', source: 'poll', count: 1 }],
  ...more,
});

/** All parts, each taken at once. */
function partsOf(tick: Omit<Tick, 'isPart'>): Tick[] {
  const parts: Tick[] = [];
  let isOver = false;
  const sender = new TickSender((part) => parts.push(part));
  sender.start(tick, () => {
    isOver = true;
  });
  while (!isOver) sender.next();
  return parts;
}

describe('sending', () => {
  test('a tick without anything is one message', () => {
    expect(partsOf(whole(0))).toEqual([{ ...whole(0), isPart: false }]);
  });

  test('a few parts at a time: nothing piles up where nobody takes it', () => {
    const parts: Tick[] = [];
    const sender = new TickSender((part) => parts.push(part));
    sender.start(whole(5500), () => {});
    expect(parts.length).toBe(4);
    expect(sender.isSending).toBe(true);
    sender.next();
    expect(parts.length).toBe(5);
    sender.next();
    expect(sender.isSending).toBe(false);
    sender.next();
    expect(parts.map(({ isPart }) => isPart)).toEqual([true, true, true, true, true, false]);
  });

  test('what happens only once is told once: events first, what is gone last', () => {
    const parts = partsOf(whole(2500));
    expect(parts.map(({ events }) => events.length)).toEqual([1, 0, 0]);
    expect(parts.map(({ isFresh }) => isFresh)).toEqual([true, false, false]);
    expect(parts.map(({ removed }) => removed.length)).toEqual([0, 0, 1]);
    expect(parts.map(({ unlisted }) => unlisted?.length ?? 0)).toEqual([0, 0, 1]);
  });

  test('an object that thousands map many times is a message of its own', () => {
    const mapping = { start: 0, end: 4096, perms: 'rw-s' };
    const holder = { pid: 1, mappings: Array.from({ length: 60_000 }, () => mapping), fds: [] };
    const giant = segment(5, { holders: [holder] });
    const sizes = [...cutIntoParts([segment(1), giant, segment(2), segment(3)])].map((part) => part.length);
    expect(sizes).toEqual([2, 2]);
  });
});

test('what comes out is what went in, however many objects there are and whatever they weigh', () => {
  const holders = fc.array(fc.nat(400), { maxLength: 30 });
  fc.assert(
    fc.property(holders, fc.nat(3000), (counts, light) => {
      const heavy = counts.map(
        (count, at): ShmObject =>
          segment(at, { holders: Array.from({ length: count }, (_, pid) => ({ pid, mappings: [], fds: [] })) }),
      );
      const tick = { ...whole(light), changed: [...heavy, ...whole(light).changed] };
      const gatherer = new TickGatherer();
      const parts = partsOf(tick);
      const out = parts.flatMap((part) => gatherer.take(part, true) ?? []);
      expect(out).toEqual([{ ...tick, isPart: false }]);
    }),
    { numRuns: 30 },
  );
});

describe('receiving', () => {
  test('while nothing is shown the first part is, and the rest comes together', () => {
    const gatherer = new TickGatherer();
    const [first, second, third] = partsOf(whole(2500));
    expect(gatherer.take(first, false)).toBe(first);
    expect(gatherer.take(second, true)).toBeUndefined();
    const rest = gatherer.take(third, true);
    expect(rest?.changed.length).toBe(1500);
    expect(rest).toMatchObject({ isPart: false, isFresh: false, removed: ['sysv:1:9'] });
  });

  test('what is shown before the first tick is replaced by the whole of it at once, and is nothing once there are rows', () => {
    const early: Tick = { ...whole(3), isPart: true, isGlance: true };
    const gatherer = new TickGatherer();
    expect(gatherer.take(early, false)).toBe(early);
    const out = partsOf(whole(2500)).map((part) => gatherer.take(part, true));
    expect(out.slice(0, -1)).toEqual([undefined, undefined]);
    expect(out[2]).toEqual({ ...whole(2500), isPart: false });
    const again = new TickGatherer();
    expect(again.take(early, true)).toBeUndefined();
    expect(partsOf(whole(5)).map((part) => again.take(part, true))).toEqual([{ ...whole(5), isPart: false }]);
  });

  test('a thread that was started again replaces all at once: no frame without rows in between', () => {
    const gatherer = new TickGatherer();
    const out = partsOf(whole(2500)).map((part) => gatherer.take(part, true));
    expect(out.slice(0, -1)).toEqual([undefined, undefined]);
    expect(out[2]).toMatchObject({ isFresh: true, isPart: false });
    expect(out[2]?.changed.length).toBe(2500);
  });
});
