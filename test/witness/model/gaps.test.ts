// Times in which something may have been missed: put together, bounded, and found in the clock.
import { describe, expect, test } from 'vitest';
import { clockGap } from '../../../src/witness/model/clock-watch.ts';
import { GapBook, MOST_GAPS } from '../../../src/witness/model/gap-book.ts';

describe('gaps', () => {
  test('of one kind that are near are one', () => {
    const book = new GapBook();
    book.add({ fromMs: 0, untilMs: 100, why: 'overflow' });
    book.add({ fromMs: 300, untilMs: 400, why: 'overflow' });
    book.add({ fromMs: 5000, untilMs: 6000, why: 'overflow' });
    expect(book.list).toEqual([
      { fromMs: 0, untilMs: 400, why: 'overflow' },
      { fromMs: 5000, untilMs: 6000, why: 'overflow' },
    ]);
  });

  test('that lasts is closed by whoever comes next', () => {
    const book = new GapBook([{ fromMs: 10, why: 'stopped' }]);
    book.close('stopped', 50);
    expect(book.list).toEqual([{ fromMs: 10, untilMs: 50, why: 'stopped' }]);
  });

  test('of too many the oldest become one that covers them all', () => {
    const book = new GapBook();
    for (let at = 0; at < 500; at++) book.add({ fromMs: at * 10_000, untilMs: at * 10_000 + 10, why: `${at % 2}` });
    expect(book.list.length).toBe(MOST_GAPS);
    expect(book.list[0]?.fromMs).toBe(0);
    expect(book.list[0]?.untilMs).toBeGreaterThan((500 - MOST_GAPS) * 10_000);
  });
});

describe('the clock', () => {
  const before = { nowMs: 1_000_000, realMs: 500_000, suspendedMs: 0 };

  test.each([
    ['goes on', { nowMs: 1_001_000, realMs: 500_000, suspendedMs: 0 }, undefined],
    ['is put right slowly', { nowMs: 1_001_080, realMs: 500_080, suspendedMs: 0 }, undefined],
    [
      'is set back an hour: until it has caught up nothing is gapless',
      { nowMs: -2_599_000, realMs: -3_100_000, suspendedMs: 0 },
      { fromMs: -2_599_000, untilMs: 1_000_000, why: 'clock' },
    ],
    [
      'is set ahead',
      { nowMs: 4_601_000, realMs: 4_100_000, suspendedMs: 0 },
      { fromMs: 1_000_000, untilMs: 4_601_000, why: 'clock' },
    ],
    [
      'stood still with the machine',
      { nowMs: 1_061_000, realMs: 500_000, suspendedMs: 60_000 },
      { fromMs: 1_000_000, untilMs: 1_061_000, why: 'suspended' },
    ],
  ])('%s', (_, now, gap) => {
    expect(clockGap(before, now)).toEqual(gap);
  });
});
