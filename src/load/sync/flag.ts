// Mode flag: one word says "there is a message", both sides poll it, one message in flight. How the first lesson does it.
import { monotonicNs } from '../clock.ts';
import { RING } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import { noWaits, type Sync } from './sync.ts';

const POLLS = 1 << 16;
const TIMED = 64;

export function makeFlagSync(view: RingView, slots: number): Sync {
  const { words } = view;
  const counts = noWaits();
  const flag = wordAt(RING.consumerWait);
  const head = wordAt(RING.head);
  const tail = wordAt(RING.tail);
  const poll = (wanted: number) => {
    for (let i = 0; i < POLLS; i++) {
      if (words[flag] === wanted && Atomics.load(words, flag) === wanted) return true;
      if ((i & 63) === 63 && Atomics.load(words, flag) === wanted) return true;
    }
    return false;
  };
  const wait = (wanted: number) => {
    if (Atomics.load(words, flag) === wanted) return true;
    const weight = ++counts.waits % TIMED === 0 ? TIMED : 0;
    if (weight === 0) return poll(wanted);
    const startNs = monotonicNs();
    const isThere = poll(wanted);
    counts.stallNs += (monotonicNs() - startNs) * weight;
    return isThere;
  };
  return {
    waitData: (from) => (wait(1) ? (from + 1) | 0 : from),
    waitSpace: (to) => (wait(0) ? (to - slots + 1) | 0 : (to - slots) | 0),
    publish: (to) => {
      Atomics.store(words, head, to);
      Atomics.store(words, flag, 1);
    },
    release: (to) => {
      Atomics.store(words, tail, to);
      Atomics.store(words, flag, 0);
    },
    counts,
    isPerMessage: true,
  };
}
