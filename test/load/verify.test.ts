// Judging messages in private memory: each kind of damage is found and counted as what it is.

import { describe, expect, it } from 'vitest';
import type { VerifyLevel } from '../../src/load/model/options.ts';
import { ringGeometry } from '../../src/load/model/ring.ts';
import { makePattern, windowOf } from '../../src/load/pattern.ts';
import { makeChecker } from '../../src/load/verify.ts';

/** A checker, and a function that puts message `sequence` into place `index` as a producer writes it. */
function setup(sizeBytes: number, level: VerifyLevel, room = 32) {
  const geometry = ringGeometry(sizeBytes);
  const pattern = makePattern(sizeBytes, 7);
  const copy = new Uint8Array(room * geometry.strideBytes);
  const { check, findings } = makeChecker(level, copy, geometry, pattern);
  const view = new DataView(copy.buffer);
  const put = (index: number, sequence: number) => {
    const start = windowOf(sequence) * pattern.stepBytes;
    const at = index * geometry.strideBytes;
    copy.set(pattern.bytes.subarray(start, start + sizeBytes), at);
    view.setInt32(at, sequence | 0, true);
    view.setInt32(at + sizeBytes - 4, sequence | 0, true);
  };
  const receive = (index: number, sequence: number) => {
    put(0, sequence);
    check(index | 0, 1);
  };
  return { copy, view, put, check, receive, findings };
}

const SIZES = [8, 16, 64, 72, 256, 264, 1024, 4096, 65_536];

describe('verification', () => {
  it.each(SIZES)('finds nothing wrong in 100 right messages of %i bytes, also across 2^31 and 2^32', (size) => {
    for (const start of [0, 0x7fffffff - 50, 0xffffffff - 50]) {
      const { receive, findings } = setup(size, 'full');
      for (let i = 0; i < 100; i++) receive(start + i, start + i);
      expect(findings).toMatchObject({ verified: 100, torn: 0, lost: 0, reordered: 0 });
      expect(findings.checkedFull).toBe(size === 8 ? 0 : 100);
    }
  });

  it.each(SIZES.filter((size) => size > 8))('finds any one changed byte of %i with full verification', (size) => {
    for (const at of [5, size >> 1, size - 5].filter((byte) => byte >= 4 && byte < size - 4)) {
      const { copy, put, check, findings } = setup(size, 'full');
      put(0, 3);
      copy[at] ^= 1;
      check(3, 1);
      expect(findings.torn).toBe(1);
    }
  });

  it('finds a message whose ends belong to two messages, and one that is still the last lap', () => {
    const { view, put, check, receive, findings } = setup(64, 'sample');
    put(0, 0);
    view.setInt32(60, 99, true);
    check(0, 1);
    expect(findings).toMatchObject({ torn: 1, lost: 0 });
    receive(1, 1 - 16_384);
    expect(findings).toMatchObject({ torn: 1, reordered: 1 });
  });

  it('counts a gap once, and goes on from there', () => {
    const { receive, findings } = setup(64, 'sample');
    receive(0, 0);
    for (let i = 1; i < 50; i++) receive(i, i + 3);
    expect(findings).toMatchObject({ verified: 50, lost: 3, torn: 0, reordered: 0 });
  });

  it('counts two exchanged messages as one lost on the way and one out of order', () => {
    const { receive, findings } = setup(64, 'sample');
    for (const [index, sequence] of [0, 2, 1, 3].entries()) receive(index, sequence);
    expect(findings.reordered).toBeGreaterThanOrEqual(1);
  });

  it('compares every byte of one message in 16, a different one each time round', () => {
    const slots = ringGeometry(64).slots;
    const seen = new Set<number>();
    for (let lap = 0; lap < 16; lap++) {
      const { receive, findings } = setup(64, 'sample');
      for (let i = 0; i < 16; i++) {
        const before = findings.checkedFull;
        receive(lap * slots + i, lap * slots + i);
        if (findings.checkedFull > before) seen.add(i);
      }
      expect(findings.checkedFull).toBe(1);
    }
    expect(seen.size).toBe(16);
  });

  it('looks only at the first stamp with seq, and at nothing with off', () => {
    const seq = setup(64, 'seq');
    seq.put(0, 0);
    seq.view.setInt32(60, 99, true);
    seq.check(0, 1);
    expect(seq.findings).toMatchObject({ verified: 1, torn: 0 });
    seq.receive(1, 5);
    expect(seq.findings.lost).toBe(4);
    const off = setup(64, 'off');
    off.receive(0, 77);
    expect(off.findings).toMatchObject({ verified: 0, torn: 0, lost: 0 });
  });
});

describe('the table of messages', () => {
  it('repeats its windows behind the table, more than once round', () => {
    const { bytes, stepBytes } = makePattern(64, 1, 128);
    for (const window of [0, 60, 61, 121, 122, 188]) {
      const at = (index: number) => bytes.subarray(index * stepBytes, (index + 1) * stepBytes);
      expect(at(window)).toEqual(at(window % 61));
    }
  });

  it('is the same for the same seed and another for another', () => {
    expect(makePattern(1024, 3).bytes).toEqual(makePattern(1024, 3).bytes);
    expect(makePattern(1024, 3).bytes).not.toEqual(makePattern(1024, 5).bytes);
  });
});
