// Waiting until messages are due at a fixed rate: sleeps while there is time, polls the clock for the last moment.
import { futexWait } from '../../native/futex.ts';
import type { Libc } from '../../native/libc.ts';
import { writeTimespec } from '../../native/timespec.ts';
import { monotonicNs } from '../clock.ts';
import { RING } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';

// A sleep comes back some 60 µs late in a virtual machine; so the rest is polled, where a second processor allows it.
const POLL_NS = 150_000;
const LONGEST_MS = 100;

/**
 * A function (sent, most) that waits until message number `sent` is due and says how many are by then, at most `most`; 0 when
 * it came back early (after 100 ms, or because control changed).
 */
export function makePace(
  libc: Libc,
  view: RingView,
  startNs: number,
  rate: number,
  polls: boolean,
): (sent: number, most: number) => number {
  const timeout = libc.allocate(16);
  const control = wordAt(RING.control);
  const intervalNs = 1e9 / rate;
  const pollNs = polls ? POLL_NS : 0;
  return (sent, most) => {
    const dueNs = startNs + sent * intervalNs;
    let nowNs = monotonicNs();
    if (dueNs - nowNs > pollNs) {
      const sleepMs = Math.min(LONGEST_MS, (dueNs - nowNs - pollNs) / 1e6);
      writeTimespec(timeout, sleepMs);
      futexWait(libc, view.address + RING.control, view.words[control], timeout.address);
      nowNs = monotonicNs();
      if (dueNs - nowNs > pollNs) return 0;
    }
    while (nowNs < dueNs) nowNs = monotonicNs();
    return Math.min(most, Math.floor((nowNs - startNs) / intervalNs) - sent + 1);
  };
}
