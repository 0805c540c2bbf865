// Kernel times (CLOCK_MONOTONIC) as milliseconds since the epoch.

/** What to add to monotonic milliseconds; taken once, so that events keep their distances when the clock is set. */
export function epochOffsetMs(): number {
  return performance.timeOrigin + performance.now() - Number(process.hrtime.bigint() / 1000n) / 1000;
}
