// The latency histogram: exact where it says so, close everywhere, and additive.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketOf,
  bucketValue,
  HISTOGRAM_BUCKETS,
  merge,
  percentiles,
  record,
  subtract,
} from '../../../src/load/model/histogram.ts';

const empty = () => new Uint32Array(HISTOGRAM_BUCKETS);

describe('the latency histogram', () => {
  it('keeps every value within 3.2 % of itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        const bucket = bucketOf(value);
        expect(bucket).toBeLessThan(HISTOGRAM_BUCKETS);
        expect(Math.abs(bucketValue(bucket) - value)).toBeLessThanOrEqual(value * 0.032);
      }),
    );
  });

  it('has buckets that contain their own middle and never shrink as values grow', () => {
    for (let bucket = 0; bucket < bucketOf(0xffffffff); bucket++) expect(bucketOf(bucketValue(bucket))).toBe(bucket);
    fc.assert(
      fc.property(fc.nat(0x7fffffff), fc.nat(0x7fffffff), (a, b) => {
        expect(bucketOf(Math.min(a, b))).toBeLessThanOrEqual(bucketOf(Math.max(a, b)));
      }),
    );
  });

  it('takes negative, fractional and enormous values without leaving its buckets', () => {
    for (const value of [-5, 0.4, 63.9, 64.5, 1e12, Infinity]) {
      expect(bucketOf(value)).toBeGreaterThanOrEqual(0);
      expect(bucketOf(value)).toBeLessThan(HISTOGRAM_BUCKETS);
    }
  });

  it('agrees with sorted values on every percentile within a bucket', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 300 }), (values) => {
        const counts = empty();
        for (const value of values) record(counts, value);
        const sorted = [...values].sort((a, b) => a - b);
        const found = percentiles(counts, sorted[sorted.length - 1]);
        expect(found?.count).toBe(values.length);
        expect(found?.max).toBe(sorted[sorted.length - 1]);
        for (const [share, value] of [
          [0.5, found?.p50],
          [0.99, found?.p99],
        ] as const) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1];
          expect(Math.abs((value ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.033 + 1);
        }
      }),
    );
  });

  it('has nothing to say about nothing, and difference and sum undo each other', () => {
    expect(percentiles(empty())).toBeUndefined();
    const [a, b] = [empty(), empty()];
    record(a, 100);
    record(b, 5000);
    expect(subtract(merge([a, b]), a)).toEqual(b);
  });
});
