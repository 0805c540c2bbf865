// Judging what arrived: stamps at both ends of every message, all bytes of some. Counts what is wrong, never stops.
import type { VerifyLevel } from './model/options.ts';
import { type Pattern, WINDOWS, windowOf } from './pattern.ts';

/** Counts since the start; a message is counted as at most one of torn and reordered. */
export interface Findings {
  verified: number;
  checkedFull: number;
  /** The two ends, or the bytes between, do not belong together. */
  torn: number;
  /** Sequence numbers that never came. */
  lost: number;
  /** Came twice or after a later one. */
  reordered: number;
}

/**
 * Checks `count` messages that lie `strideBytes` apart from place `base` on, the first of which should be `sequence`. In a private copy they
 * lie from 0 on.
 */
export type Check = (sequence: number, count: number, base?: number) => void;

export interface Checker {
  readonly check: Check;
  readonly findings: Findings;
}

const COMPARE_BY_LOOP_BYTES = 256;
const SAMPLE_MASK = 15;
/** More of them cost more, in the caches, than a comparison by offsets. */
const MOST_VIEWS = 64;

/**
 * Makes a checker over `copy`, the consumer's private copies (or the ring itself), `strideBytes` apart. `slots` shifts the choice of the 16th
 * message by one each time round the ring, so that every slot has its turn.
 */
export function makeChecker(
  level: VerifyLevel,
  copy: Uint8Array<ArrayBuffer>,
  geometry: { readonly sizeBytes: number; readonly strideBytes: number; readonly slots: number },
  pattern: Pattern,
): Checker {
  const findings: Findings = { verified: 0, checkedFull: 0, torn: 0, lost: 0, reordered: 0 };
  if (level === 'off') return { check: () => {}, findings };
  const { sizeBytes, strideBytes, slots } = geometry;
  const words = new Int32Array(copy.buffer, copy.byteOffset, copy.byteLength >> 2);
  const strideWords = strideBytes >> 2;
  const lastWord = (sizeBytes >> 2) - 1;
  const lapShift = Math.log2(slots);
  const sampleMask = level === 'full' ? 0 : SAMPLE_MASK;
  const checksTail = level !== 'seq';
  const checksBody = level !== 'seq' && sizeBytes > 8;
  const isSame = makeComparison(words, copy, strideBytes, sizeBytes, pattern);
  // By how much the stamps run ahead of the index: grows by one with each message that the producer left out.
  let skew = 0;

  const judge = (at: number, sequence: number) => {
    const first = words[at];
    if (checksTail && first !== words[at + lastWord]) {
      findings.torn++;
      return;
    }
    const ahead = (first - sequence - skew) | 0;
    if (ahead > 0) {
      findings.lost += ahead;
      skew = (skew + ahead) | 0;
    } else if (ahead < 0) {
      findings.reordered++;
    }
  };

  const isRightAt = (at: number, expected: number) =>
    words[at] === expected && (!checksTail || words[at + lastWord] === expected);

  /** Every byte of each 16th of a run whose stamps are right, from the one that is its turn in this lap. */
  const compareSome = (sequence: number, count: number, base: number) => {
    const lap = sequence >>> lapShift;
    for (let index = -(sequence + lap) & sampleMask; index < count; index += sampleMask + 1) {
      findings.checkedFull++;
      if (!isSame(base + index, windowOf((sequence + index + skew) | 0))) findings.torn++;
    }
  };
  const judgeEach = (sequence: number, count: number, base: number) => {
    for (let index = 0; index < count; index++) {
      const expected = (sequence + index + skew) | 0;
      const at = (base + index) * strideWords;
      if (!isRightAt(at, expected)) judge(at, (sequence + index) | 0);
      else if (checksBody && !isSame(base + index, windowOf(expected))) findings.torn++;
    }
  };
  const check = (sequence: number, count: number, base = 0) => {
    findings.verified += count;
    // No branch a message: nearly always all of them are right.
    let different = 0;
    const last = checksTail ? lastWord : 0;
    for (
      let index = 0, at = base * strideWords, expected = (sequence + skew) | 0;
      index < count;
      index++, at += strideWords
    ) {
      different |= (words[at] ^ expected) | (words[at + last] ^ expected);
      expected = (expected + 1) | 0;
    }
    if (different !== 0) judgeEach(sequence, count, base);
    else if (checksBody) compareSome(sequence, count, base);
  };
  return { check, findings };
}

/** Compares everything between the stamps of message `index` with window `window`. */
export function makeComparison(
  words: Int32Array,
  copy: Uint8Array<ArrayBuffer>,
  strideBytes: number,
  sizeBytes: number,
  pattern: Pattern,
): (index: number, window: number) => boolean {
  if (sizeBytes <= COMPARE_BY_LOOP_BYTES) {
    const table = new Int32Array(pattern.bytes.buffer, pattern.bytes.byteOffset, pattern.bytes.byteLength >> 2);
    const lastWord = (sizeBytes >> 2) - 1;
    return (index, window) => {
      const at = (index * strideBytes) >> 2;
      const from = (window * pattern.stepBytes) >> 2;
      let different = 0;
      for (let word = 1; word < lastWord; word++) different |= words[at + word] ^ table[from + word];
      return different === 0;
    };
  }
  const inner = (base: Uint8Array<ArrayBuffer>, start: number) =>
    Buffer.from(base.buffer, base.byteOffset + start + 4, sizeBytes - 8);
  const places = Math.floor(copy.length / strideBytes);
  if (places > MOST_VIEWS) {
    const all = Buffer.from(copy.buffer, copy.byteOffset, copy.byteLength);
    return (index, window) => {
      const at = index * strideBytes + 4;
      const from = window * pattern.stepBytes + 4;
      return all.compare(pattern.bytes, from, from + sizeBytes - 8, at, at + sizeBytes - 8) === 0;
    };
  }
  const copies = Array.from({ length: places }, (_, i) => inner(copy, i * strideBytes));
  const windows = Array.from({ length: WINDOWS }, (_, i) => inner(pattern.bytes, i * pattern.stepBytes));
  return (index, window) => copies[index].equals(windows[window]);
}
