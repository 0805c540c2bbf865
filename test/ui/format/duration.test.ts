import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/ui/format/duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [59.9, '59s'],
    [60, '1m'],
    [3599, '59m'],
    [3600, '1h00m'],
    [8040, '2h14m'],
    [86_399, '23h59m'],
    [273_600, '3d04h'],
    [8_639_999, '99d23h'],
    [8_640_000, '100d'],
    [-1, 'future'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('writes what parseDuration reads back, rounded down by less than its last unit', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        const back = parseDuration(formatDuration(seconds)) ?? Number.NaN;
        const unit = seconds < 60 ? 1 : seconds < 86_400 ? 60 : seconds < 8_640_000 ? 3600 : 86_400;
        expect(back).toBeLessThanOrEqual(seconds);
        expect(back).toBeGreaterThan(seconds - unit);
      }),
    );
  });
});

describe('parseDuration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['2h', 7200],
    ['7d', 604_800],
    ['1w', 604_800],
    ['1h30m', 5400],
    ['1.5H', 5400],
    ['0', 0],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['500ms', 0.5],
    ['1m500ms', 60.5],
    ['1.5s', 1.5],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '-1', '1x', '1 h', 'h', '1.', '.', '1.5.5', 'ms', 'm10', '99999999999999999999'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
