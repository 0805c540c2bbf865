// A shared ring in mapped memory: the headers of all workers, and the slots behind them.
import { MANY, MOST_SIDES } from '../model/many.ts';
import { RING_HEADER_BYTES } from '../model/ring.ts';
import { type RingView, viewRing, wordAt } from '../ring-view.ts';

export interface SharedRing {
  /** Number 0 has both indices and the words that are slept on. */
  readonly rings: readonly RingView[];
  readonly slots: Uint8Array<ArrayBuffer>;
  readonly producers: number;
  readonly consumers: number;
}

/** What one consumer got, by producer: written by it alone. */
export interface Tally {
  readonly counts: Float64Array<ArrayBuffer>;
  readonly sums: Int32Array<ArrayBuffer>;
}

/** From any header of the segment; undefined where the ring is not shared by many. */
export function sharedRing(
  memory: ArrayBuffer,
  address: number,
  { words }: RingView,
  { slots, strideBytes }: { readonly slots: number; readonly strideBytes: number },
): SharedRing | undefined {
  const producers = words[wordAt(MANY.producers)];
  const consumers = words[wordAt(MANY.consumers)];
  if (producers === 0) return undefined;
  const count = Math.max(producers, consumers);
  return {
    rings: Array.from({ length: count }, (_, index) => viewRing(memory, address, index, RING_HEADER_BYTES)),
    slots: new Uint8Array(memory, count * RING_HEADER_BYTES, slots * strideBytes),
    producers,
    consumers,
  };
}

export function tallyOf({ words }: RingView): Tally {
  return {
    counts: new Float64Array(words.buffer, words.byteOffset + MANY.counts, MOST_SIDES),
    sums: new Int32Array(words.buffer, words.byteOffset + MANY.sums, MOST_SIDES),
  };
}
