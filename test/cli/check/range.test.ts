// The ranges of monitoring plug-ins: what each alerts on, and what can be said of a value that is only known from below.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberIn } from '../../../src/cli/check/measure.ts';
import { alerts, parseRange, type Range, spellRange } from '../../../src/cli/check/range.ts';
import { statusOf } from '../../../src/cli/check/status.ts';

const range = (text: string, unit: '' | '%' | 'B' = '') => parseRange(text, (word) => numberIn(unit, word));
const at = (text: string, value: number) => {
  const found = range(text);
  return found && alerts(found, { low: value, high: value }) === 'always';
};

describe('a range', () => {
  // The table of the guidelines for the development of plug-ins, and its edges.
  it.each([
    ['10', [-1, 11, 10.5], [0, 5, 10]],
    ['10:', [9, -5, 9.99], [10, 11, 1e9]],
    ['~:10', [10.01, 11], [-1e9, 0, 10]],
    ['10:20', [9, 21], [10, 15, 20]],
    ['@10:20', [10, 15, 20], [9, 21]],
    ['0', [1, -1], [0]],
    ['@0', [0], [1, -1]],
    ['@~:5', [-3, 5], [6]],
    ['-5:5', [-6, 6], [-5, 5, 0]],
    [':10', [-1, 11], [0, 10]],
    ['1.5:2.5', [1.4, 2.6], [1.5, 2.5]],
  ] as const)('%s alerts where the guidelines say', (text, alerting, fine) => {
    for (const value of alerting) expect([value, at(text, value)]).toEqual([value, true]);
    for (const value of fine) expect([value, at(text, value)]).toEqual([value, false]);
  });

  it.each([
    '',
    ':',
    '@',
    '@:',
    '20:10',
    'x',
    '10:x',
    '1:2:3',
    '10@',
    '~',
    '~10',
    '1e3',
    '0x10',
    ' 10',
    'Infinity',
    'NaN',
    '--5',
    '5:-5',
  ])('%j is none', (text) => expect(range(text)).toBeUndefined());

  it('takes percent and bytes as the measure counts', () => {
    expect(range('80%', '%')).toMatchObject({ end: 80 });
    expect(range('10%:80%', '%')).toMatchObject({ start: 10, end: 80 });
    expect(range('80%')).toBeUndefined();
    expect(range('100M:1G', 'B')).toMatchObject({ start: 100 * 2 ** 20, end: 2 ** 30 });
  });

  const some = fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(50), fc.boolean(), fc.constantFrom('', 'low', 'high'))
    .map(
      ([start, more, isInside, open]): Range => ({
        start: open === 'low' ? Number.NEGATIVE_INFINITY : start,
        end: open === 'high' ? Number.POSITIVE_INFINITY : start + more,
        isInside,
      }),
    );

  it('spelled as performance data have it, means the same', () => {
    fc.assert(
      fc.property(some, (one) => {
        expect(range(spellRange(one))).toEqual(one);
      }),
    );
  });

  it('of a span alerts always, never, or maybe, as its values do', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: -60, max: 60 }), fc.nat(40), (one, low, more) => {
        const each = Array.from({ length: more * 2 + 1 }, (_, half) => low + half / 2);
        const found = new Set(each.map((value) => alerts(one, { low: value, high: value })));
        const expected = found.size > 1 ? 'maybe' : [...found][0];
        const answer = alerts(one, { low, high: low + more });
        // Around a short range both ends lie on the same side: it may only be more careful than the values at hand.
        expect([expected, 'maybe']).toContain(answer);
        if (found.size > 1) expect(answer).toBe('maybe');
      }),
    );
  });
});

describe('a number that may be larger in truth', () => {
  const status = (low: number, high: number, warning?: string, critical?: string) =>
    statusOf(
      { low, high },
      {
        warning: warning === undefined ? undefined : range(warning),
        critical: critical === undefined ? undefined : range(critical),
      },
    );
  const INF = Number.POSITIVE_INFINITY;

  it.each([
    [0, 0, '0', '10', 'OK'],
    [0, 3, '0', '10', 'UNKNOWN'],
    [0, INF, '0', '10', 'UNKNOWN'],
    [3, 5, '0', '10', 'WARNING'],
    [3, INF, '0', '10', 'WARNING'],
    [11, INF, '0', '10', 'CRITICAL'],
    [3, 5, '5', '10', 'OK'],
    [3, INF, undefined, '10', 'UNKNOWN'],
    [3, INF, undefined, undefined, 'OK'],
    // Too few alert: what is seen may be too few only since the others are hidden.
    [3, INF, '5:', undefined, 'UNKNOWN'],
    [3, INF, '@2:4', undefined, 'UNKNOWN'],
  ] as const)('%d to %d with -w %s -c %s is %s', (low, high, warning, critical, expected) => {
    expect(status(low, high, warning, critical)).toBe(expected);
  });

  it('is never called fine where any of its values is not', () => {
    const thresholds = fc.constantFrom('0', '5', '10:', '2:8', '@3:6', '~:4');
    fc.assert(
      fc.property(thresholds, thresholds, fc.nat(12), fc.nat(12), (warning, critical, low, more) => {
        const each = Array.from({ length: more + 1 }, (_, step) => status(low + step, low + step, warning, critical));
        const answer = status(low, low + more, warning, critical);
        if (answer === 'OK') expect(new Set(each)).toEqual(new Set(['OK']));
        if (answer === 'CRITICAL') expect(new Set(each)).toEqual(new Set(['CRITICAL']));
        if (answer === 'WARNING') expect(each).not.toContain('OK');
      }),
    );
  });
});
