// Kernel times (CLOCK_MONOTONIC) as milliseconds since the epoch.

let offsetMs: number | undefined;

/** What to add to monotonic milliseconds: taken once, so that events of all sources keep their order and distances when the clock is set. */
export function epochOffsetMs(): number {
  offsetMs ??= performance.timeOrigin + performance.now() - Number(process.hrtime.bigint() / 1000n) / 1000;
  return offsetMs;
}
