// Taking messages out of the ring into private memory: one copy for a run of small ones, one each for large ones.
import type { RingSetup, RingView } from '../ring-view.ts';

/** Copies `count` messages that lie side by side from `slot` on to the start of the private memory. */
export type TakeMessages = (slot: number, count: number) => void;

// A new view costs about 30 ns, so a few small messages are faster word by word.
const FEW = 3;
const SMALL_BYTES = 64;

/** The reader for the size of the ring; `copy` has room for `drain` messages at the stride of the ring. */
export function makeReader(view: RingView, setup: RingSetup, copy: Uint8Array<ArrayBuffer>): TakeMessages {
  const { slots } = view;
  const { strideBytes, sizeBytes } = setup;
  if (copy.length < 2 * strideBytes && setup.slots <= 1024) {
    const messages = Array.from({ length: setup.slots }, (_, slot) => {
      return slots.subarray(slot * strideBytes, slot * strideBytes + sizeBytes);
    });
    return (slot) => copy.set(messages[slot]);
  }
  if (strideBytes > SMALL_BYTES) {
    return (slot, count) => copy.set(slots.subarray(slot * strideBytes, (slot + count) * strideBytes));
  }
  const from = new BigInt64Array(slots.buffer, slots.byteOffset, slots.byteLength >> 3);
  const to = new BigInt64Array(copy.buffer, copy.byteOffset, copy.byteLength >> 3);
  return (slot, count) => {
    if (count > FEW) {
      copy.set(slots.subarray(slot << 6, (slot + count) << 6));
      return;
    }
    const end = count << 3;
    const start = slot << 3;
    for (let i = 0; i < end; i++) to[i] = from[start + i];
  };
}
