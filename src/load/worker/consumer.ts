// The consumer: takes out all that has come in as few copies as possible, gives the slots back, then judges its own copy; or works on the
// messages where they lie, and gives the slots back afterwards.
import { clockCostNs, monotonicNs } from '../clock.ts';
import { record } from '../model/histogram.ts';
import { CONTROL, COUNTER, contiguous, RING, slotOf } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import { startNsOf, wordAt } from '../ring-view.ts';
import { makeChecker } from '../verify.ts';
import { isProducerGone, mayEnd } from './ending.ts';
import { makeReader } from './reader.ts';
import type { Role } from './role.ts';
import { tellFindings } from './tell-findings.ts';

/** Every so many checks one is timed and stands for the others; a prime, so that it meets each 16th message as often. */
const TIMED = 251;
// A check that took longer than this was interrupted: 2 µs, and memcmp is faster than 1 byte a ns everywhere.
const mostNs = (bytes: number) => 2000 + bytes;

/** Runs until the producer is done and everything published was taken, or the parent or the time is gone. */
export function consume({ view, setup, sync, beat, access }: Role): void {
  const { slots, drain, rate } = setup;
  const { words } = view;
  const counters = view.consumer;
  const most = sync.isPerMessage ? 1 : drain;
  const isInPlace = setup.api === 'view';
  const copy = isInPlace ? view.slots : (access?.copy ?? new Uint8Array(most * setup.strideBytes));
  const take = isInPlace ? () => {} : (access?.take ?? makeReader(view, setup, copy));
  const checker = makeChecker(setup.verify, copy, setup, makePattern(setup.sizeBytes, setup.seed, setup.group));
  const { findings } = checker;
  const control = wordAt(RING.control);
  const intervalNs = rate > 0 ? 1e9 / rate : 0;
  const startNs = startNsOf(view);
  const readingNs = clockCostNs();
  let tail = setup.first;
  let known = setup.first; // messages before this one may be read
  let taken = 0;
  let batches = 0;
  let isRecording = false;

  const recordLatency = (count: number) => {
    if (!isRecording) {
      if (words[control] !== CONTROL.run) return;
      isRecording = true;
    }
    const nowNs = monotonicNs();
    for (let i = 0; i < count; i++) {
      const latencyNs = nowNs - (startNs + (taken + i) * intervalNs);
      record(view.latency, latencyNs);
      if (latencyNs > counters[COUNTER.maxLatencyNs]) counters[COUNTER.maxLatencyNs] = latencyNs;
    }
  };
  const isGone = () => isProducerGone(view);
  const isEmpty = () => Atomics.load(words, wordAt(RING.head)) === tail;

  while (true) {
    if (((known - tail) | 0) < 1) {
      known = sync.waitData(tail);
      if (((known - tail) | 0) < 1) {
        if (mayEnd(view, beat, isGone, isEmpty)) break;
        continue;
      }
    }
    const available = (known - tail) | 0;
    const count = contiguous(tail, available < most ? available : most, slots);
    const slot = slotOf(tail, slots);
    const base = isInPlace ? slot : 0;
    take(slot, count);
    const first = tail;
    tail = (tail + count) | 0;
    if (!isInPlace) sync.release(tail);
    if (intervalNs > 0) recordLatency(count);
    if (++batches % TIMED === 0) {
      const beforeNs = monotonicNs();
      checker.check(first, count, base);
      const tookNs = Math.min(monotonicNs() - beforeNs - readingNs, mostNs(count * setup.strideBytes));
      counters[COUNTER.checkNs] += Math.max(0, tookNs) * TIMED;
    } else {
      checker.check(first, count, base);
    }
    if (isInPlace) sync.release(tail);
    taken += count;
    counters[COUNTER.messages] = taken;
    tellFindings(counters, findings);
    beat.tick();
  }
  beat.now();
}
