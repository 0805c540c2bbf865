// The classic bounded buffer: two counting semaphores, one of filled slots, one of empty ones, a call for every message.
import { monotonicNs } from '../clock.ts';
import { RING } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import { noWaits, type Sync } from './sync.ts';

/** A counting semaphore of the kernel or of libc. */
export interface Semaphore {
  /** Takes one without blocking; false when there is none. */
  readonly tryTake: () => boolean;
  /** Sleeps until it can take one, at most WAIT_MS; false when it could not. */
  readonly take: () => boolean;
  readonly give: () => void;
}

/**
 * One permit is one message: the waits hand out one at a time, and the indices in the ring are only for the meter. Time is
 * accounted to the calls that slept.
 */
export function makePermitSync(view: RingView, slots: number, filled: Semaphore, empty: Semaphore): Sync {
  const { words } = view;
  const counts = noWaits();
  const head = wordAt(RING.head);
  const tail = wordAt(RING.tail);
  const takeOrSleep = (semaphore: Semaphore) => {
    if (semaphore.tryTake()) return true;
    counts.waits++;
    counts.sleeps++;
    const startNs = monotonicNs();
    const taken = semaphore.take();
    counts.stallNs += monotonicNs() - startNs;
    return taken;
  };
  return {
    waitData: (from) => (takeOrSleep(filled) ? (from + 1) | 0 : from),
    waitSpace: (to) => (takeOrSleep(empty) ? (to - slots + 1) | 0 : (to - slots) | 0),
    publish: (to) => {
      Atomics.store(words, head, to);
      counts.wakes++;
      filled.give();
    },
    release: (to) => {
      Atomics.store(words, tail, to);
      counts.wakes++;
      empty.give();
    },
    counts,
    isPerMessage: true,
  };
}
