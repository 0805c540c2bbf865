import { expect, test } from 'vitest';
import { addSample, ratePerSecond, type Series, secondsToFull } from '../../../src/ui/state/history.ts';

const line = (perSecond: number, count = 30): Series =>
  Array.from({ length: count }).reduce<Series | undefined>(
    (series, _, at) => addSample(series, at * 1000, 100 + at * perSecond),
    undefined,
  ) ?? { atMs: [], values: [] };

test('the rate of a straight line is its slope, and the limit is reached when it is', () => {
  expect(ratePerSecond(line(10))).toBeCloseTo(10);
  expect(secondsToFull(line(10), 490)).toBeCloseTo(10);
});

test('what shrinks or stands still is never full, and two samples are no trend', () => {
  expect(secondsToFull(line(-1), 1000)).toBeUndefined();
  expect(secondsToFull(line(0), 1000)).toBeUndefined();
  expect(ratePerSecond(line(10, 2))).toBeUndefined();
});

test('only the last samples are kept', () => {
  expect(line(1, 1000).values.length).toBeLessThanOrEqual(300);
});
