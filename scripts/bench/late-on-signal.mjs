// Preloaded by bench-ui: at SIGUSR2 tells, in a sequence that terminals ignore, how late the timers of the UI thread were since
// the last time, and the longest work between two of them by the thread's own clock, which neighbours on the machine cannot
// lengthen. A timer of 5 ms: what made it late is what a key would have had to wait for.
import { isMainThread } from 'node:worker_threads';

const PERIOD_MS = 5;

if (isMainThread) {
  let late = [];
  let longestMs = 0;
  let dueMs = performance.now() + PERIOD_MS;
  let cpu = process.threadCpuUsage();
  const tick = () => {
    const nowMs = performance.now();
    const used = process.threadCpuUsage(cpu);
    cpu = process.threadCpuUsage();
    longestMs = Math.max(longestMs, (used.user + used.system) / 1000);
    late.push(Math.max(0, nowMs - dueMs));
    dueMs = nowMs + PERIOD_MS;
    setTimeout(tick, PERIOD_MS).unref();
  };
  setTimeout(tick, PERIOD_MS).unref();
  process.on('SIGUSR2', () => {
    const sorted = late.sort((a, b) => a - b);
    const at = (share) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
    process.stdout.write(`\x1b]777;late=${at(0.5)},${at(0.99)},${at(1)},${longestMs.toFixed(2)}\x07`);
    late = [];
    longestMs = 0;
  });
}
