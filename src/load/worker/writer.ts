// Writing one message into its slot: the window of the table, then the sequence number over both ends.
import { type Pattern, WINDOWS, windowOf } from '../pattern.ts';
import type { RingSetup, RingView } from '../ring-view.ts';

/** Writes message `sequence` into slot `slot`. */
export type WriteMessage = (slot: number, sequence: number) => void;

const UNROLLED_BYTES = 64;

/**
 * The fastest copy for the size: 64-bit words up to 64 bytes (bit for bit, where a copy of doubles may change a NaN), memmove
 * through `set` above. No view is made a message.
 */
export function makeWriter(view: RingView, setup: RingSetup, pattern: Pattern): WriteMessage {
  const { sizeBytes, strideBytes } = setup;
  const { buffer, byteOffset, byteLength } = view.slots;
  const stamps = new Int32Array(buffer, byteOffset, byteLength >> 2);
  const strideWords = strideBytes >> 2;
  const lastWord = (sizeBytes >> 2) - 1;
  const copy = sizeBytes <= UNROLLED_BYTES ? wordCopy(view, setup, pattern) : memoryCopy(view, setup, pattern);
  return (slot, sequence) => {
    copy(slot, windowOf(sequence));
    const at = slot * strideWords;
    stamps[at] = sequence;
    stamps[at + lastWord] = sequence;
  };
}

function wordCopy(view: RingView, setup: RingSetup, pattern: Pattern): (slot: number, window: number) => void {
  const { buffer, byteOffset, byteLength } = view.slots;
  const to = new BigInt64Array(buffer, byteOffset, byteLength >> 3);
  const from = new BigInt64Array(pattern.bytes.buffer, 0, pattern.bytes.length >> 3);
  const length = setup.sizeBytes >> 3;
  if (length === 1) return () => {}; // the two stamps are the message
  if (length === 8) {
    return (slot, window) => {
      const t = slot << 3;
      const f = window << 3;
      to[t] = from[f];
      to[t + 1] = from[f + 1];
      to[t + 2] = from[f + 2];
      to[t + 3] = from[f + 3];
      to[t + 4] = from[f + 4];
      to[t + 5] = from[f + 5];
      to[t + 6] = from[f + 6];
      to[t + 7] = from[f + 7];
    };
  }
  return (slot, window) => {
    const t = slot << 3;
    const f = window << 3;
    for (let i = 0; i < length; i++) to[t + i] = from[f + i];
  };
}

function memoryCopy(view: RingView, setup: RingSetup, pattern: Pattern): (slot: number, window: number) => void {
  const { slots } = view;
  const { sizeBytes, strideBytes } = setup;
  const windows = Array.from({ length: WINDOWS }, (_, window) => {
    const start = window * pattern.stepBytes;
    return pattern.bytes.subarray(start, start + sizeBytes);
  });
  return (slot, window) => slots.set(windows[window], slot * strideBytes);
}

/**
 * Writes `count` messages side by side from `slot` on with one copy, then their stamps: what a program does that has its
 * messages ready in a row. The caller keeps the run within the ring and on one side of 2^31.
 */
export function makeGroupWriter(
  view: RingView,
  setup: RingSetup,
  pattern: Pattern,
): (slot: number, sequence: number, count: number) => void {
  const { strideBytes, sizeBytes, group } = setup;
  const { slots } = view;
  const stamps = new Int32Array(slots.buffer, slots.byteOffset, slots.byteLength >> 2);
  const strideWords = strideBytes >> 2;
  const lastWord = (sizeBytes >> 2) - 1;
  const full = Array.from({ length: WINDOWS }, (_, window) => {
    const start = window * strideBytes;
    return pattern.bytes.subarray(start, start + group * strideBytes);
  });
  return (slot, sequence, count) => {
    const source = full[windowOf(sequence)];
    slots.set(count === group ? source : source.subarray(0, count * strideBytes), slot * strideBytes);
    let at = slot * strideWords;
    for (let i = 0; i < count; i++, at += strideWords) {
      stamps[at] = (sequence + i) | 0;
      stamps[at + lastWord] = (sequence + i) | 0;
    }
  };
}
