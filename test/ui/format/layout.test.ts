import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnWish, columnGap, layoutColumns } from '../../../src/ui/format/layout.ts';

const wish: fc.Arbitrary<ColumnWish> = fc
  .record({
    min: fc.integer({ min: 1, max: 20 }),
    more: fc.nat(30),
    full: fc.integer({ min: 1, max: 300 }),
    priority: fc.nat(6),
  })
  .map(({ min, more, full, priority }) => ({ min: Math.min(min, full), wanted: min + more, full, priority }));

const used = (places: readonly { width: number }[], width: number) =>
  places.reduce((sum, place) => sum + place.width, 0) + columnGap(width) * Math.max(0, places.length - 1);

describe('layoutColumns', () => {
  it('never exceeds the width, keeps the order, and keeps at least one column', () => {
    fc.assert(
      fc.property(
        fc.array(wish, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 250 }),
        (wishes, width) => {
          const places = layoutColumns(wishes, width);
          expect(used(places, width)).toBeLessThanOrEqual(width);
          if (wishes.some(({ priority }) => priority === 0)) expect(places.length).toBeGreaterThan(0);
          expect(places.map(({ index }) => index)).toEqual([...places.map(({ index }) => index)].sort((a, b) => a - b));
          for (const { index, width: given } of places) {
            expect(given).toBeGreaterThan(0);
            expect(given).toBeLessThanOrEqual(wishes[index].full);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('gives every column all it needs where there is room', () => {
    const wishes = [
      { min: 1, wanted: 4, full: 40, priority: 0 },
      { min: 1, wanted: 4, full: 30, priority: 3 },
    ];
    expect(layoutColumns(wishes, 200)).toEqual([
      { index: 0, width: 40 },
      { index: 1, width: 30 },
    ]);
  });

  it('lets columns in by priority, not by place', () => {
    const wishes = [
      { min: 4, wanted: 10, full: 10, priority: 2 },
      { min: 4, wanted: 10, full: 10, priority: 0 },
      { min: 4, wanted: 10, full: 10, priority: 1 },
    ];
    expect(layoutColumns(wishes, 21).map(({ index }) => index)).toEqual([1, 2]);
  });

  it('narrows what must stay before it lets go of it', () => {
    const must = { min: 5, wanted: 10, full: 10, priority: 0 };
    expect(layoutColumns([must, must, must], 20)).toEqual([
      { index: 0, width: 8 },
      { index: 1, width: 5 },
      { index: 2, width: 5 },
    ]);
    expect(layoutColumns([must, must, must], 12).map(({ index }) => index)).toEqual([0, 1]);
    expect(layoutColumns([must], 3)).toEqual([{ index: 0, width: 3 }]);
  });
});
