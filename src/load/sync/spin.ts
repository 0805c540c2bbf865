// Mode spin: both sides poll the index of the other and never sleep. The fastest answer, a whole processor a side.
import { monotonicNs } from '../clock.ts';
import { RING } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import { makeSpin } from './spinner.ts';
import { noWaits, type Sync } from './sync.ts';

const POLLS = 1 << 16;

export function makeSpinSync(view: RingView, slots: number): Sync {
  const { words } = view;
  const counts = noWaits();
  const spin = makeSpin(words, counts);
  const head = wordAt(RING.head);
  const tail = wordAt(RING.tail);
  const wait = (at: number, target: number) => {
    const value = spin(at, target, POLLS);
    if (((value - target) | 0) >= 0) return value;
    const startNs = monotonicNs();
    const later = spin(at, target, POLLS);
    counts.stallNs += 2 * (monotonicNs() - startNs);
    return later;
  };
  return {
    waitData: (from) => wait(head, (from + 1) | 0),
    waitSpace: (to, need) => wait(tail, (to - slots + need) | 0),
    publish: (to) => {
      Atomics.store(words, head, to);
    },
    release: (to) => {
      Atomics.store(words, tail, to);
    },
    counts,
    isPerMessage: false,
  };
}
