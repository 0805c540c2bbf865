import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bigDigits } from '../../../src/ui/draw/big-digits.ts';
import { type ChartOptions, drawChart } from '../../../src/ui/draw/chart.ts';
import { boxesFor } from '../../../src/ui/format/boxes.ts';

const BOXES = boxesFor(true);
const draw = (values: readonly number[], options: Partial<ChartOptions> = {}) =>
  drawChart(values, { width: 10, height: 1, window: 10, count: values.length, isScrolling: false, ...options }, BOXES);

describe('a chart', () => {
  test('has exactly the lines and columns it was given, whatever the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { maxLength: 240 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 9 }),
        (values, width, height, isScrolling, more) => {
          const lines = draw(values, { width, height, window: 240, isScrolling, count: values.length + more });
          expect(lines.map(({ length }) => length)).toEqual(new Array(height).fill(width));
        },
      ),
    );
  });

  test('stands on zero: half the greatest value is half as high', () => {
    expect(draw([4, 8, 0], { height: 2 })).toEqual([' █        ', '██        ']);
    expect(draw([4, 8], { most: 16 })).toEqual(['▂▄        ']);
  });

  test('grows from the left and is full when the planned time is over, each value over its time', () => {
    expect(draw([1, 1], { window: 4, width: 8 })).toEqual(['████    ']);
    expect(draw([1, 1, 1, 1], { window: 4, width: 8 })).toEqual(['████████']);
    expect(draw([2, 4, 2, 4], { window: 4, width: 2 })).toEqual(['██']);
  });

  test('keeps its columns while it scrolls: a value more never changes any but the last', () => {
    const values = Array.from({ length: 60 }, (_, at) => 50 + ((at * 37) % 50));
    for (let count = 41; count < 60; count++) {
      const at = (end: number) =>
        draw(values.slice(Math.max(0, end - 40), end), {
          window: 40,
          width: 10,
          count: end,
          isScrolling: true,
          most: 100,
        })[0];
      const [before, after] = [at(count - 1), at(count)];
      const isNewColumn = (count - 1) % 4 === 0;
      expect(after.slice(1, 9)).toBe(isNewColumn ? before.slice(2, 10) : before.slice(1, 9));
    }
  });
});

test('big digits are three lines of equal length', () => {
  for (const text of ['0', '76.9', '1234567890', '950', '-']) {
    const [first, second, third] = bigDigits(text);
    expect(second).toHaveLength(first.length);
    expect(third).toHaveLength(first.length);
  }
});
