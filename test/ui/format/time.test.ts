import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime, localTime } from '../../../src/ui/format/time.ts';

it('isoTime says what Date says, for every second from year 1 to 9999, in any order', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (sec) => {
      expect(isoTime(sec)).toBe(new Date(sec * 1000).toISOString());
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1_700_000_000, max: 1_700_000_200 }), (sec) => {
      expect(isoTime(sec)).toBe(new Date(sec * 1000).toISOString());
    }),
  );
});

it('isoTime tells apart what lies hours and days apart, one after the other', () => {
  const hour = fc.integer({ min: -300, max: 300 }).map((hours) => 1_700_000_040 + hours * 3840);
  fc.assert(
    fc.property(fc.array(hour, { maxLength: 50 }), (all) => {
      for (const sec of all) expect(isoTime(sec)).toBe(new Date(sec * 1000).toISOString());
    }),
  );
});

it('isoTime keeps milliseconds and gives nothing for what no calendar has', () => {
  expect(isoTime(1.5)).toBe('1970-01-01T00:00:01.500Z');
  for (const sec of [undefined, Number.NaN, 1e15, -1e15, 253_402_300_800, Number.POSITIVE_INFINITY]) {
    expect(isoTime(sec)).toBeUndefined();
  }
});

it('localTime is the clock on the wall', () => {
  const date = new Date(2026, 0, 31, 9, 5, 7);
  expect(localTime(date.getTime() / 1000)).toBe('2026-01-31 09:05:07');
  expect(localTime(undefined)).toBeUndefined();
});
