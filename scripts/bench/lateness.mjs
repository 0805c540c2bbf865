// How late a tick of the dashboard comes: a timer of 10 Hz with 8 ms of work, as the drawing of a screen takes.
const PERIOD_MS = 100;
const WORK_MS = 8;

/** Starts the timer; `end` stops it and gives how late the ticks came, in ms. */
export function watchLateness() {
  const late = [];
  let dueMs = performance.now() + PERIOD_MS;
  let timer;
  const tick = () => {
    const nowMs = performance.now();
    late.push(nowMs - dueMs);
    while (performance.now() - nowMs < WORK_MS);
    dueMs += PERIOD_MS;
    timer = setTimeout(tick, Math.max(0, dueMs - performance.now()));
  };
  timer = setTimeout(tick, PERIOD_MS);
  return {
    end: () => {
      clearTimeout(timer);
      late.sort((a, b) => a - b);
      return { maxMs: late.at(-1) ?? 0 };
    },
  };
}
