// PURE: the middle and the spread of a few measurements.

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, least and greatest; undefined of nothing. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [min] = sorted;
  const max = sorted.at(-1);
  const above = sorted[middle];
  if (min === undefined || max === undefined || above === undefined) return undefined;
  const below = sorted.length % 2 === 1 ? above : (sorted[middle - 1] ?? above);
  return { median: (below + above) / 2, min, max };
}
