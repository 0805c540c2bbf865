// The bounded queue of many producers and many consumers (Vyukov's): who wins the exchange of an index owns those positions.

import { TRAILER } from '../model/many.ts';
import { contiguous, HEADER, RING, slotOf } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';

/** One side's door to the queue. */
export interface Door {
  /** Claims up to `most` positions that lie side by side; how many, 0 where there is none now. The first of them is `at()`. */
  readonly claim: (most: number) => number;
  readonly at: () => number;
  /** Hands what was claimed to the other side. */
  readonly pass: (at: number, count: number) => void;
  /** True when a claim would have a chance. */
  readonly isOpen: () => boolean;
  /** Times that another was faster. */
  readonly collisions: () => number;
}

interface Places {
  /** The header of the first ring, which has both indices. */
  readonly ring: RingView;
  readonly slots: Uint8Array<ArrayBuffer>;
  readonly slotCount: number;
  readonly strideBytes: number;
}

/** Producer: positions whose slot is free. */
export const producerDoor = (places: Places): Door => doorOf(places, RING.head, 0, 1);
/** Consumer: positions that hold a message; they are passed on to the next lap. */
export const consumerDoor = (places: Places): Door => doorOf(places, RING.tail, 1, places.slotCount);

function doorOf({ ring, slots, slotCount, strideBytes }: Places, index: number, due: number, ahead: number): Door {
  const { words } = ring;
  const turns = new Int32Array(slots.buffer, slots.byteOffset, slots.byteLength >> 2);
  const strideWords = strideBytes >> 2;
  const lastWord = strideWords - TRAILER.turn / 4;
  const word = wordAt(index);
  const turnOf = (position: number) => slotOf(position, slotCount) * strideWords + lastWord;
  const isDue = (position: number) => Atomics.load(turns, turnOf(position)) === ((position + due) | 0);
  let at = 0;
  let collisions = 0;
  const claim = (most: number) => {
    let position = Atomics.load(words, word);
    while (true) {
      const limit = contiguous(position, most, slotCount);
      let count = 0;
      while (count < limit && isDue((position + count) | 0)) count++;
      if (count === 0) {
        const again = Atomics.load(words, word);
        if (again === position) return 0;
        position = again;
        continue;
      }
      const seen = Atomics.compareExchange(words, word, position, (position + count) | 0);
      if (seen === position) {
        at = position;
        return count;
      }
      collisions++;
      position = seen;
    }
  };
  return {
    claim,
    at: () => at,
    pass: (first, count) => {
      for (let i = 0; i < count; i++) {
        const position = (first + i) | 0;
        Atomics.store(turns, turnOf(position), (position + ahead) | 0);
      }
    },
    isOpen: () => isDue(Atomics.load(words, word)),
    collisions: () => collisions,
  };
}

/** Parent, before the workers start: every slot waits for the producer of its first position. */
export function openQueue({ ring, slots, slotCount, strideBytes }: Places): void {
  const first = ring.header.getInt32(HEADER.first, true);
  const turns = new Int32Array(slots.buffer, slots.byteOffset, slots.byteLength >> 2);
  const strideWords = strideBytes >> 2;
  for (let i = 0; i < slotCount; i++) {
    const position = (first + i) | 0;
    turns[slotOf(position, slotCount) * strideWords + strideWords - TRAILER.turn / 4] = position;
  }
}
