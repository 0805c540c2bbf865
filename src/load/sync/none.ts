// Mode none: nobody looks whether the other is ready. Not a way to do it, but what every other mode is there to prevent.
import { RING } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import { noWaits, type Sync } from './sync.ts';

/** All slots are always free, and nothing is ever announced; the indices are written for the meter, and nobody reads them. */
export function makeNoSync({ words }: RingView): Sync {
  return {
    waitData: (tail) => (tail + 1) | 0,
    waitSpace: (head) => head,
    publish: (head) => {
      Atomics.store(words, wordAt(RING.head), head);
    },
    release: () => {
      Atomics.store(words, wordAt(RING.tail), Atomics.load(words, wordAt(RING.head)));
    },
    counts: noWaits(),
    isPerMessage: false,
  };
}
