// What a thread does now and then, done together: each time the thread is woken costs more than most of what it does then.

/** Shorter than this part of the period, and the beat after the next one is meant: a timer may be a little early. */
const LEAST_SHARE = 0.25;

/** Milliseconds until the next beat of a clock that beats every `everyMs`; all timers of a thread that wait so end together. */
export function untilBeat(everyMs: number, nowMs = performance.now()): number {
  const restMs = everyMs - (nowMs % everyMs);
  return Math.ceil(restMs < everyMs * LEAST_SHARE ? restMs + everyMs : restMs);
}
