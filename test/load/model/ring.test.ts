// The layout of the ring and the arithmetic of its indices, at the places where 32 bits end.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contiguous,
  distance,
  HEADER,
  RING,
  RING_HEADER_BYTES,
  ringGeometry,
  slotOf,
  slotsFor,
  strideOf,
} from '../../../src/load/model/ring.ts';

const MIB = 1024 ** 2;

describe('the layout of a ring', () => {
  it('gives every word that one side writes a pair of cache lines of its own', () => {
    const owners = [RING.header, RING.head, RING.tail, RING.consumerWait, RING.producerWait, RING.control];
    for (const [i, offset] of owners.entries()) {
      expect(offset % 128).toBe(0);
      if (i > 0) expect(offset - owners[i - 1]).toBeGreaterThanOrEqual(128);
    }
  });

  it('keeps every header word within the 128 bytes of the header, f64 words aligned', () => {
    const offsets = Object.values(HEADER);
    expect(new Set(offsets).size).toBe(offsets.length);
    expect(Math.max(...offsets)).toBeLessThanOrEqual(0x7c);
    const wide = [HEADER.rate, HEADER.deadlineNs, HEADER.createdNs, HEADER.startNs];
    // Nothing reaches into the second word of an f64, or behind the end.
    for (const offset of wide) expect(offsets).not.toContain(offset + 4);
    for (const offset of [HEADER.rate, HEADER.deadlineNs, HEADER.createdNs, HEADER.startNs]) expect(offset % 8).toBe(0);
  });

  it('has whole cache lines a slot, a power of two of slots and whole pages a ring for every size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 * MIB }), (words) => {
        const { sizeBytes, strideBytes, slots, ringBytes } = ringGeometry(words * 8);
        expect(strideBytes % 64).toBe(0);
        expect(strideBytes - sizeBytes).toBeGreaterThanOrEqual(0);
        expect(Number.isInteger(Math.log2(slots))).toBe(true);
        expect(slots).toBeGreaterThanOrEqual(4);
        expect(ringBytes % 4096).toBe(0);
        expect(ringBytes).toBeGreaterThanOrEqual(RING_HEADER_BYTES + slots * strideBytes);
      }),
    );
  });

  it('takes 1 MiB for the smallest messages, 4 MiB up to 64 KiB, and 8 slots at 1 MiB', () => {
    expect(slotsFor(strideOf(64)) * 64).toBe(MIB);
    for (const size of [1024, 4096, 65_536]) expect(slotsFor(size) * size).toBe(4 * MIB);
    expect(slotsFor(MIB)).toBe(8);
    expect(slotsFor(16 * MIB)).toBe(4);
  });
});

describe('free-running indices', () => {
  it('count right across 2^31 and 2^32', () => {
    expect(distance(0x80000000 | 0, 0x7fffffff)).toBe(1);
    expect(distance(0, 0xffffffff | 0)).toBe(1);
    expect(distance(5, 0xfffffffb | 0)).toBe(10);
    expect(distance(0x7fffffff, 0x80000000 | 0)).toBe(-1);
  });

  it('find the next slot behind the last one, also where the number wraps', () => {
    for (const sequence of [0x7fffffff, 0xffffffff | 0, 41]) {
      expect(slotOf((sequence + 1) | 0, 1024)).toBe((slotOf(sequence, 1024) + 1) % 1024);
    }
  });

  it('give back what was added, for any start and any distance below 2^31', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 0x7fffffff }), (start, added) => {
        expect(distance((start + added) | 0, start)).toBe(added);
      }),
    );
  });

  it('never let a run of messages cross the end of the ring', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 4096 }), (sequence, count) => {
        const run = contiguous(sequence, count, 1024);
        expect(run).toBeGreaterThanOrEqual(1);
        expect(slotOf(sequence, 1024) + run).toBeLessThanOrEqual(1024);
      }),
    );
  });
});
