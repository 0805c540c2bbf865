// PURE: what the counters in the segment say at one instant, summed over the pairs.

/** One side, since its workers started. Times in ns. */
export interface SideReading {
  readonly messages: number;
  readonly waits: number;
  readonly stallNs: number;
  readonly sleeps: number;
  readonly wakes: number;
  readonly cpuUserNs: number;
  readonly cpuSystemNs: number;
  /** Context switches. */
  readonly switches: number;
  /** When the counters above were written last, the oldest of the pairs, CLOCK_MONOTONIC (the messages are newer). */
  readonly heartbeatNs: number;
}

export interface Reading {
  readonly atNs: number;
  readonly producer: SideReading;
  readonly consumer: SideReading;
  readonly verified: number;
  readonly checkedFull: number;
  readonly torn: number;
  readonly lost: number;
  readonly reordered: number;
  readonly repeated: number;
  readonly stale: number;
  readonly checkNs: number;
  /** Histogram (histogram.ts) of what the job measures: one way at a fixed rate, round trips of a duplex pair. */
  readonly latency: Uint32Array;
  readonly maxLatencyNs: number;
  /** Bytes/s of one processor, the least of the pairs; 0 until measured. */
  readonly memcpyRing: number;
  readonly memcpyCache: number;
}
