// PURE: what message n contains. Both sides make the same table from the seed, so every byte can be compared for free.
import { strideOf } from './model/ring.ts';

/** A prime, so that a slot holds another window each time round (the number of slots is a power of two). */
export const WINDOWS = 61;
const SMALL_BYTES = 1024;
const OVERLAP_BYTES = 64;

/**
 * The table: message n is the window n % 61 with the sequence number written over its first and last word. Small windows
 * lie side by side at the stride of the ring, and `extra` of them are repeated at the end, so that a run of messages is one
 * piece of memory; large ones overlap, 64 bytes apart, to stay in the cache.
 */
export interface Pattern {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** From window to window, in bytes. */
  readonly stepBytes: number;
}

/** The window of a sequence number (any int32), the same on both sides also where the number wraps. */
export function windowOf(sequence: number): number {
  return (sequence & 0x7fffffff) % WINDOWS;
}

/** Makes the table for messages of `sizeBytes`: xorshift32 from `seed`, so incompressible and never equal by chance. */
export function makePattern(sizeBytes: number, seed: number, extra = 0): Pattern {
  const isSmall = sizeBytes <= SMALL_BYTES;
  const stepBytes = isSmall ? strideOf(sizeBytes) : OVERLAP_BYTES;
  const repeated = isSmall ? extra : 0;
  const lengthBytes = (WINDOWS + repeated) * stepBytes + strideOf(sizeBytes);
  const words = new Uint32Array(lengthBytes / 4);
  let state = seed | 1;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  // Window by window and forwards, so that more than one table's length of them repeats too.
  const stepWords = stepBytes / 4;
  for (let i = 0; i < repeated; i++) words.copyWithin((WINDOWS + i) * stepWords, i * stepWords, (i + 1) * stepWords);
  return { bytes: new Uint8Array(words.buffer), stepBytes };
}
