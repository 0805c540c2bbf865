// Reads the counters in the segment, which costs the load nothing.
import { monotonicNs } from './clock.ts';
import { merge } from './model/histogram.ts';
import type { Reading, SideReading } from './model/reading.ts';
import { COUNTER, distance, RING } from './model/ring.ts';
import { type RingView, wordAt } from './ring-view.ts';

/** Sums the counters of all rings. */
export function readCounters(views: readonly RingView[]): Reading {
  const sum = (side: 'producer' | 'consumer', at: number) => views.reduce((total, view) => total + view[side][at], 0);
  const sideOf = (side: 'producer' | 'consumer'): SideReading => ({
    messages: sum(side, COUNTER.messages),
    waits: sum(side, COUNTER.waits),
    stallNs: sum(side, COUNTER.stallNs),
    sleeps: sum(side, COUNTER.sleeps),
    wakes: sum(side, COUNTER.wakes),
    cpuUserNs: sum(side, COUNTER.cpuUserNs),
    cpuSystemNs: sum(side, COUNTER.cpuSystemNs),
    switches: sum(side, COUNTER.switches),
    heartbeatNs: Math.min(...views.map((view) => view[side][COUNTER.heartbeatNs])),
  });
  const memcpy = (at: number) => Math.min(...views.map((view) => view.producer[at]));
  return {
    atNs: monotonicNs(),
    producer: sideOf('producer'),
    consumer: sideOf('consumer'),
    verified: sum('consumer', COUNTER.verified),
    checkedFull: sum('consumer', COUNTER.checkedFull),
    torn: sum('consumer', COUNTER.torn),
    lost: sum('consumer', COUNTER.lost),
    reordered: sum('consumer', COUNTER.reordered),
    repeated: sum('consumer', COUNTER.repeated),
    stale: sum('consumer', COUNTER.stale),
    checkNs: sum('consumer', COUNTER.checkNs),
    latency: views.length === 1 ? views[0].latency.slice() : merge(views.map((view) => view.latency)),
    maxLatencyNs: Math.max(...views.map((view) => view.consumer[COUNTER.maxLatencyNs])),
    memcpyRing: memcpy(COUNTER.memcpyRing),
    memcpyCache: memcpy(COUNTER.memcpyCache),
  };
}

/** Messages that are in the rings now, as a share of all slots (0 to 1). */
export function readOccupancy(views: readonly RingView[], slots: number): number {
  let waiting = 0;
  for (const { words } of views) {
    const tail = Atomics.load(words, wordAt(RING.tail));
    const head = Atomics.load(words, wordAt(RING.head));
    waiting += Math.min(slots, Math.max(0, distance(head, tail)));
  }
  return waiting / (slots * views.length);
}
