// What was measured: values, each as far as it is known, and words about them.
import type { Perf } from './plugin-line.ts';
import type { Span } from './range.ts';

/** One value that is compared; in bytes, percent or a number of objects. */
export interface Reading extends Span {
  /** What was found; `low` and `high` say what it may be in truth. */
  readonly value: number;
  readonly label: string;
  readonly max?: number;
  readonly words: string;
  /** Further performance data, not compared. */
  readonly beside?: readonly Perf[];
}

export interface Measured {
  readonly readings: readonly Reading[];
  /** What else is to be told, behind all readings; why a value is not known, above all. */
  readonly notes: readonly string[];
}

/** Why there is nothing to compare. */
export interface NotMeasured {
  readonly problem: string;
}

const HUNDREDTHS = 100;

/** Percent of a limit, to the hundredth. */
export function shareOf(used: number, limit: number): number {
  return Math.round((used / limit) * 100 * HUNDREDTHS) / HUNDREDTHS;
}
