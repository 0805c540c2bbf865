// RANGE of the guidelines for monitoring plug-ins: which values alert, and whether a value that is only known from below to above does.

/** Values from `start` to `end` are fine; with `isInside` those are the ones that alert. Both ends belong to it. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly isInside: boolean;
}

/** What a value may be, from the lowest to the highest; both the same where it is known. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

export const RANGE_WORDS = 'a range, such as 10, 10:, 10:20 or @10:20';

/** `[@][start:][end]`; `~` is no lower end, a missing end no upper one. `number` reads what stands there, without its sign. */
export function parseRange(text: string, number: (text: string) => number | undefined): Range | undefined {
  const [, at = '', first, colon = '', last = ''] = /^(@?)([^@:]*)(:?)([^@:]*)$/.exec(text) ?? [];
  if (first === undefined || (first === '' && last === '')) return undefined;
  const signed = (word: string) => {
    const value = number(word.replace(/^-/, ''));
    return value === undefined || !word.startsWith('-') ? value : -value;
  };
  const start = colon === '' || first === '' ? 0 : first === '~' ? Number.NEGATIVE_INFINITY : signed(first);
  const upper = colon === '' ? first : last;
  const end = upper === '' ? Number.POSITIVE_INFINITY : signed(upper);
  if (start === undefined || end === undefined || start > end) return undefined;
  return { start, end, isInside: at !== '' };
}

/** As performance data have it: numbers alone. */
export function spellRange({ start, end, isInside }: Range): string {
  const from = start === 0 ? '' : `${start === Number.NEGATIVE_INFINITY ? '~' : start}:`;
  const to = end === Number.POSITIVE_INFINITY ? '' : String(end);
  return `${isInside ? '@' : ''}${from === '' && to === '' ? '0:' : from}${to}`;
}

/** Whether a value alerts, whichever it is of the span. */
export function alerts({ start, end, isInside }: Range, { low, high }: Span): 'always' | 'maybe' | 'never' {
  const isWithin = low >= start && high <= end;
  const isWithout = high < start || low > end;
  if (isInside ? isWithin : isWithout) return 'always';
  return (isInside ? isWithout : isWithin) ? 'never' : 'maybe';
}
