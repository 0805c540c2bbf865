import { expect, test } from 'vitest';
import { untilBeat } from '../../../src/probe/live/beat.ts';

test('timers of different periods end together', () => {
  for (const nowMs of [3, 61.5, 120.2])
    expect([250, 500, 1000].map((everyMs) => Math.floor(nowMs + untilBeat(everyMs, nowMs)))).toEqual([250, 500, 1000]);
});

test('a timer that ended a little early does not end twice', () => {
  expect(untilBeat(1000, 4999.2)).toBe(1001);
  expect(untilBeat(1000, 5000)).toBe(1000);
  expect(untilBeat(1000, 4700)).toBe(300);
});
