// A value that was told when it changed, as columns of equal time for a sparkline.

export interface Step {
  readonly atMs: number;
  readonly value: number;
}

export interface Trend {
  /** Oldest first; each is the highest value within its stretch of time, so that a short attach is seen. */
  readonly values: readonly number[];
  readonly seconds: number;
  readonly least: number;
  readonly most: number;
}

/** The last `seconds`, or as much as is known, in `columns`; undefined where nothing is. */
export function trendOf(steps: readonly Step[], nowMs: number, seconds: number, columns: number): Trend | undefined {
  const [first] = steps;
  if (!first || columns < 1) return undefined;
  const fromMs = Math.max(first.atMs, nowMs - seconds * 1000);
  const widthMs = Math.max(1, (nowMs - fromMs) / columns);
  const before = steps.findLast(({ atMs }) => atMs <= fromMs) ?? first;
  const values: number[] = [];
  let last = before.value;
  let next = steps.indexOf(before) + 1;
  for (let column = 1; column <= columns; column++) {
    let most = last;
    for (let step = steps[next]; step && step.atMs <= fromMs + column * widthMs; step = steps[++next]) {
      last = step.value;
      most = Math.max(most, last);
    }
    values.push(most);
  }
  const seen = steps.filter(({ atMs }) => atMs > fromMs).map(({ value }) => value);
  const all = [before.value, ...seen];
  return { values, seconds: (nowMs - fromMs) / 1000, least: Math.min(...all), most: Math.max(...all) };
}
