// Mode futex: polls for a moment, then sleeps on a word of the segment; the other side calls the kernel only if one sleeps.
import { futexWait, futexWake } from '../../native/futex.ts';
import type { Libc } from '../../native/libc.ts';
import { writeTimespec } from '../../native/timespec.ts';
import { monotonicNs } from '../clock.ts';
import { RING } from '../model/ring.ts';
import { type RingSetup, type RingView, wordAt } from '../ring-view.ts';
import { makeSpin, pollsPerMicrosecond } from './spinner.ts';
import { noWaits, type Sync, WAIT_MS } from './sync.ts';

const LEAST_SPIN_US = 2;

/**
 * The order that makes it safe (both words with Atomics, so it holds on arm64 too): the sleeper stores its flag, then looks
 * at the index again; the waker stores the index, then looks at the flag. The time-out bounds whatever else may go wrong.
 * The time to poll adapts: doubled when polling caught the message or would have, halved when the sleep was long.
 */
export function makeFutexSync(libc: Libc, view: RingView, setup: RingSetup): Sync {
  const { words, address } = view;
  const { slots, spinUs } = setup;
  const counts = noWaits();
  const spin = makeSpin(words, counts);
  const timeout = libc.allocate(16);
  writeTimespec(timeout, WAIT_MS);
  const head = wordAt(RING.head);
  const tail = wordAt(RING.tail);
  const perUs = spinUs === 0 ? 0 : pollsPerMicrosecond(words, head);
  const most = Math.round(spinUs * perUs);
  const least = Math.min(most, Math.round(LEAST_SPIN_US * perUs));
  let polls = most;

  const wait = (at: number, target: number, flagOffset: number) => {
    const value = spin(at, target, polls);
    if (((value - target) | 0) >= 0) {
      if (polls < most) polls = Math.min(most, polls * 2);
      return value;
    }
    const spunNs = perUs > 0 ? (polls / perUs) * 1000 : 0;
    return sleep(at, target, flagOffset, spunNs);
  };
  const sleep = (at: number, target: number, flagOffset: number, spunNs: number) => {
    const flag = wordAt(flagOffset);
    const startNs = monotonicNs();
    Atomics.store(words, flag, 1);
    if (((Atomics.load(words, at) - target) | 0) < 0) {
      counts.sleeps++;
      futexWait(libc, address + flagOffset, 1, timeout.address);
    }
    Atomics.store(words, flag, 0);
    const sleptNs = monotonicNs() - startNs;
    counts.stallNs += spunNs + sleptNs;
    if (most > 0) polls = sleptNs <= spinUs * 2000 ? Math.min(most, polls * 2) : Math.max(least, polls >> 1);
    return Atomics.load(words, at);
  };
  const wakeIfAsleep = (flagOffset: number) => {
    const flag = wordAt(flagOffset);
    if (Atomics.load(words, flag) !== 1 || Atomics.compareExchange(words, flag, 1, 0) !== 1) return;
    counts.wakes++;
    futexWake(libc, address + flagOffset, 1);
  };
  return {
    waitData: (from) => wait(head, (from + 1) | 0, RING.consumerWait),
    waitSpace: (to, need) => wait(tail, (to - slots + need) | 0, RING.producerWait),
    publish: (to) => {
      Atomics.store(words, head, to);
      wakeIfAsleep(RING.consumerWait);
    },
    release: (to) => {
      Atomics.store(words, tail, to);
      wakeIfAsleep(RING.producerWait);
    },
    counts,
    isPerMessage: false,
  };
}
