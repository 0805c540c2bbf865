// Waiting at a door that many wait at: polls for a moment, then sleeps; whoever opens it wakes all that sleep there.
import { futexWait, futexWake } from '../../native/futex.ts';
import type { Libc } from '../../native/libc.ts';
import { writeTimespec } from '../../native/timespec.ts';
import { monotonicNs } from '../clock.ts';
import { type RingSetup, type RingView, wordAt } from '../ring-view.ts';
import { noWaits, WAIT_MS, type WaitCounts } from '../sync/sync.ts';

const ALL = 0x7fffffff;
const POLL_ROUND = 32;
/** A mode that never sleeps looks around so often. */
const SPIN_US = 20_000;

export interface Waiting {
  /** Until `isOpen`, at most about 100 ms. */
  readonly wait: (isOpen: () => boolean) => void;
  readonly counts: WaitCounts;
}

/**
 * Sleeps on the word at `flagOffset` of `ring`. It is only set back by who wakes: a sleeper who did it could take the mark of another away.
 * The sleeper sets the mark and looks again, the waker opens and looks at the mark, both with Atomics; the time-out bounds the rest.
 */
export function makeWaiting(libc: Libc, ring: RingView, setup: RingSetup, flagOffset: number): Waiting {
  const { words, address } = ring;
  const flag = wordAt(flagOffset);
  const timeout = libc.allocate(16);
  writeTimespec(timeout, WAIT_MS);
  const counts = noWaits();
  const sleeps = setup.sync !== 'spin';
  const pollNs = (sleeps ? setup.spinUs : SPIN_US) * 1000;
  const wait = (isOpen: () => boolean) => {
    counts.waits++;
    const startNs = monotonicNs();
    let isThere = false;
    do {
      for (let i = 0; i < POLL_ROUND && !isThere; i++) isThere = isOpen();
    } while (!isThere && monotonicNs() - startNs < pollNs);
    if (!isThere && sleeps) {
      Atomics.store(words, flag, 1);
      if (!isOpen()) {
        counts.sleeps++;
        futexWait(libc, address + flagOffset, 1, timeout.address);
      }
    }
    counts.stallNs += monotonicNs() - startNs;
  };
  return { wait, counts };
}

/** Wakes whoever sleeps on that word; a look at memory when nobody does. */
export function makeWake(libc: Libc, ring: RingView, flagOffset: number, counts: WaitCounts): () => void {
  const { words, address } = ring;
  const flag = wordAt(flagOffset);
  return () => {
    if (Atomics.load(words, flag) !== 1 || Atomics.compareExchange(words, flag, 1, 0) !== 1) return;
    counts.wakes++;
    futexWake(libc, address + flagOffset, ALL);
  };
}
