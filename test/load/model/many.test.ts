// The arithmetic of a ring that many share: its fairness, and the account of what was sent and what came.
import { describe, expect, it } from 'vitest';
import { parseCpuList } from '../../../src/load/model/cpu-list.ts';
import { type Account, jainIndex, manyGeometry, settle, sumBelow } from '../../../src/load/model/many.ts';

/** What consumers got of a producer that sent `sent` messages. */
const account = (sent: number, numbers: readonly number[]): Account => ({
  sent,
  got: numbers.length,
  gotSum: numbers.reduce((sum, number) => (sum + number) | 0, 0),
});

describe('the account of a shared ring', () => {
  it('is settled when every message came once, in whatever order', () => {
    expect(settle([account(4, [3, 0, 2, 1]), account(0, [])])).toEqual({ lost: 0, repeated: 0 });
  });

  it('counts what never came, what came twice, and one of each that hide each other', () => {
    expect(settle([account(4, [0, 1, 3])])).toEqual({ lost: 1, repeated: 0 });
    expect(settle([account(3, [0, 1, 2, 2])])).toEqual({ lost: 0, repeated: 1 });
    expect(settle([account(4, [0, 1, 1, 3])])).toEqual({ lost: 1, repeated: 1 });
  });

  it('adds up also beyond 2^32 messages', () => {
    const added = (count: number) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum = (sum + i) | 0;
      return sum;
    };
    for (const count of [0, 1, 2, 100_000, 3_000_000])
      expect(sumBelow(count)).toBe(added(count) === 0 ? 0 : added(count));
    // 2^33: 0 + … + (n - 1) is 2^32 * (2^33 - 1), a multiple of 2^32.
    expect(sumBelow(2 ** 33)).toBe(0);
  });

  it('is fair at 1, and one of n at 1/n', () => {
    expect(jainIndex([5, 5, 5])).toBeCloseTo(1);
    expect(jainIndex([9, 0, 0])).toBeCloseTo(1 / 3);
    expect(jainIndex([0, 0])).toBe(1);
  });
});

it('the slots of a shared ring lie behind all headers, each with room for its message and the trailer', () => {
  for (const sizeBytes of [8, 64, 104, 4096, 16 * 1024 ** 2]) {
    const { slots, strideBytes, slotsAt, ringBytes, segmentBytes } = manyGeometry(sizeBytes, 5);
    expect(Number.isInteger(Math.log2(slots))).toBe(true);
    expect(strideBytes).toBeGreaterThanOrEqual(sizeBytes + 16);
    expect(slotsAt).toBe(5 * ringBytes);
    expect(segmentBytes).toBeGreaterThanOrEqual(slotsAt + slots * strideBytes);
  }
});

it('lists of processors are read as the kernel writes them, and nothing else is', () => {
  expect(parseCpuList('0-3,8,10-11\n')).toEqual([0, 1, 2, 3, 8, 10, 11]);
  expect(parseCpuList('\n')).toEqual([]);
  for (const text of ['0-', 'x', '1;2', '-1']) expect(parseCpuList(text)).toEqual([]);
  expect(parseCpuList('0-99999,0-99999').length).toBeLessThanOrEqual(65_536 + 1);
});
