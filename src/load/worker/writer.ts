// Writing a run of messages into their slots: the window of the table, with the sequence number over both ends.
import { makePattern, type Pattern, WINDOWS, windowOf } from '../pattern.ts';
import type { RingSetup, RingView } from '../ring-view.ts';

/**
 * Writes `count` messages from `sequence` on into the slots from `slot` on. The caller keeps the run within the ring
 * (`contiguous`), within `runLimit` messages, and on one side of 2^31, where the table begins anew.
 */
export type WriteRun = (slot: number, sequence: number, count: number) => void;

const WORDS_BYTES = 64;

/** How many messages from `sequence` on may be written in one run, as far as the table goes. */
export function runLimit(sequence: number, most: number): number {
  return Math.min(most, 0x80000000 - (sequence & 0x7fffffff));
}

/** The fastest way for the size: `most` is the longest run. No view is made a message. */
export function makeWriter(view: RingView, setup: RingSetup, most: number): WriteRun {
  if (setup.group > 1) return groupWriter(view, setup);
  if (setup.sizeBytes <= 8) return stampWriter(view, setup);
  return setup.sizeBytes <= WORDS_BYTES ? stagedWriter(view, setup, most) : directWriter(view, setup);
}

const tableOf = ({ sizeBytes, seed, group }: RingSetup): Pattern => makePattern(sizeBytes, seed, group);
const wordsOf = (bytes: Uint8Array<ArrayBuffer>) =>
  new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);

/** 8 bytes: the two stamps are the message. */
function stampWriter({ slots }: RingView, { strideBytes }: RingSetup): WriteRun {
  const stamps = wordsOf(slots);
  const strideWords = strideBytes >> 2;
  return (slot, sequence, count) => {
    for (let i = 0, at = slot * strideWords; i < count; i++, at += strideWords) {
      stamps[at] = (sequence + i) | 0;
      stamps[at + 1] = (sequence + i) | 0;
    }
  };
}

/**
 * Up to 64 bytes: each message is put together word by word in private memory (64-bit words, bit for bit, where a copy of
 * doubles may change a NaN), and the run goes into the ring with one copy. Ten small stores into a line that the other
 * processor has just read fill the store buffer while they wait for it; the two wide ones of memmove do not.
 */
function stagedWriter({ slots }: RingView, setup: RingSetup, most: number): WriteRun {
  const { sizeBytes, strideBytes } = setup;
  const pattern = tableOf(setup);
  const staging = new Uint8Array(most * strideBytes);
  const stamps = wordsOf(staging);
  const to = new BigInt64Array(staging.buffer);
  const from = new BigInt64Array(pattern.bytes.buffer);
  const last = (sizeBytes >> 2) - 1;
  const put = sizeBytes === WORDS_BYTES ? putEight(to, from) : putSome(to, from, sizeBytes >> 3);
  return (slot, sequence, count) => {
    let window = windowOf(sequence);
    for (let i = 0; i < count; i++) {
      put(i << 3, window << 3);
      const at = i << 4;
      stamps[at] = (sequence + i) | 0;
      stamps[at + last] = (sequence + i) | 0;
      window = window === WINDOWS - 1 ? 0 : window + 1;
    }
    slots.set(count === most ? staging : staging.subarray(0, count * strideBytes), slot * strideBytes);
  };
}

function putEight(to: BigInt64Array, from: BigInt64Array): (t: number, f: number) => void {
  return (t, f) => {
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

function putSome(to: BigInt64Array, from: BigInt64Array, length: number): (t: number, f: number) => void {
  return (t, f) => {
    for (let i = 0; i < length; i++) to[t + i] = from[f + i];
  };
}

/** Above 64 bytes, or at any stride: one memmove a message straight into its slot, then the stamps. */
export function directWriter({ slots }: Pick<RingView, 'slots'>, setup: RingSetup): WriteRun {
  const { sizeBytes, strideBytes } = setup;
  const pattern = tableOf(setup);
  const stamps = wordsOf(slots);
  const strideWords = strideBytes >> 2;
  const last = (sizeBytes >> 2) - 1;
  const windows = Array.from({ length: WINDOWS }, (_, window) => {
    const start = window * pattern.stepBytes;
    return pattern.bytes.subarray(start, start + sizeBytes);
  });
  return (slot, sequence, count) => {
    let window = windowOf(sequence);
    for (let i = 0; i < count; i++) {
      slots.set(windows[window], (slot + i) * strideBytes);
      const at = (slot + i) * strideWords;
      stamps[at] = (sequence + i) | 0;
      stamps[at + last] = (sequence + i) | 0;
      window = window === WINDOWS - 1 ? 0 : window + 1;
    }
  };
}

/**
 * Groups: the messages lie ready side by side in the producer's table, as in a program that has them in a row; only their
 * stamps are written one by one, and the run goes into the ring with one copy.
 */
function groupWriter({ slots }: RingView, setup: RingSetup): WriteRun {
  const { strideBytes, sizeBytes, group } = setup;
  const { bytes } = tableOf(setup);
  const stamps = wordsOf(bytes);
  const strideWords = strideBytes >> 2;
  const last = (sizeBytes >> 2) - 1;
  const groups = Array.from({ length: WINDOWS }, (_, window) => {
    return bytes.subarray(window * strideBytes, (window + group) * strideBytes);
  });
  return (slot, sequence, count) => {
    const window = windowOf(sequence);
    for (let i = 0, at = window * strideWords; i < count; i++, at += strideWords) {
      stamps[at] = (sequence + i) | 0;
      stamps[at + last] = (sequence + i) | 0;
    }
    const ready = groups[window];
    slots.set(count === group ? ready : ready.subarray(0, count * strideBytes), slot * strideBytes);
  };
}
