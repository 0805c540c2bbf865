// Polling one index word until it reaches a target, and an honest account of the time that took.
import { monotonicNs } from '../clock.ts';
import type { WaitCounts } from './sync.ts';

/** Every so many waits one is timed and stands for the others: a clock reading costs as much as a short wait. */
const TIMED = 64;
// The plain load is inlined (0.6 ns) and enough on x86; nothing promises that the compiler keeps it in the loop, and arm64
// needs the acquire, so each 64th look is Atomics.load, and so is the last one before the payload is touched.
const ATOMIC_MASK = 63;

/**
 * Polls `words[at]` at most `polls` times until `(value - target) | 0 >= 0`; the last value seen, acquired. When the polls ran
 * out the caller accounts for the time.
 */
export type Spin = (at: number, target: number, polls: number) => number;

export function makeSpin(words: Int32Array, counts: WaitCounts): Spin {
  const poll = (at: number, target: number, polls: number): number => {
    for (let i = 0; i < polls; i++) {
      if (((words[at] - target) | 0) >= 0) break;
      if ((i & ATOMIC_MASK) === ATOMIC_MASK && ((Atomics.load(words, at) - target) | 0) >= 0) break;
    }
    return Atomics.load(words, at);
  };
  return (at, target, polls) => {
    const value = Atomics.load(words, at);
    if (((value - target) | 0) >= 0) return value;
    if (++counts.waits % TIMED !== 0) return poll(at, target, polls);
    const startNs = monotonicNs();
    const polled = poll(at, target, polls);
    if (((polled - target) | 0) >= 0) counts.stallNs += (monotonicNs() - startNs) * TIMED;
    return polled;
  };
}

/** How many polls fit into a microsecond on this machine, measured for about 0.3 ms. */
export function pollsPerMicrosecond(words: Int32Array, at: number): number {
  const spin = makeSpin(words, { waits: 0, stallNs: 0, sleeps: 0, wakes: 0 });
  const never = (words[at] + 0x40000000) | 0;
  const polls = 65536;
  spin(at, never, polls);
  const startNs = monotonicNs();
  spin(at, never, polls);
  return Math.max(1, (polls / Math.max(1, monotonicNs() - startNs)) * 1000);
}
