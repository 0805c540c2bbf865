// The clock that is never set: milliseconds of CLOCK_MONOTONIC (clock_gettime(2)).

/** `performance.now()` says the same from another beginning, but Node loads it when it is first used: 2 ms at every start. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
