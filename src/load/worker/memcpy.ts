// How fast one processor copies the same messages into the same ring with nobody at the other end: the limit to compare with.
import { monotonicNs } from '../clock.ts';
import { COUNTER } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import type { RingSetup, RingView } from '../ring-view.ts';

/** The best of so many short tries: whatever disturbed the others is not the limit of the machine. */
const TRIES = 5;
const TRY_NS = 2.5e6;

/** Copies for about 25 ms in all and writes both figures, in bytes/s, into the producer's counters. The ring holds nothing yet. */
export function measureMemcpy(view: RingView, setup: RingSetup): void {
  const pattern = makePattern(setup.sizeBytes, setup.seed, setup.group);
  const { slots } = view;
  const inRing = setup.slots * setup.strideBytes;
  // One piece of up to 64 KiB a copy: what is measured is memory, not the price of a call for 64 bytes.
  const piece = Math.min(inRing, Math.max(setup.sizeBytes, 65_536), pattern.bytes.length);
  const source = pattern.bytes.subarray(0, piece);
  const bytesPerSecond = (pieces: number) => {
    const startNs = monotonicNs();
    let copied = 0;
    let elapsedNs = 0;
    for (let i = 0; elapsedNs < TRY_NS; i++) {
      slots.set(source, (i % pieces) * piece);
      copied += piece;
      if ((i & 15) === 15 || piece > 1 << 20) elapsedNs = monotonicNs() - startNs;
    }
    return (copied / elapsedNs) * 1e9;
  };
  const pieces = Math.max(1, Math.floor(inRing / piece));
  for (let i = 0; i < pieces; i++) slots.set(source, i * piece); // page faults and JIT are not what is measured
  const best = (count: number) => Math.max(...Array.from({ length: TRIES }, () => bytesPerSecond(count)));
  view.producer[COUNTER.memcpyRing] = best(pieces);
  view.producer[COUNTER.memcpyCache] = best(1);
}
