// PURE: where everything lies in the segment of the load generator, and the arithmetic of its free-running indices.

/** "SHMTOPL1" as two little-endian words: what a reader checks before it believes anything else. */
export const RING_MAGIC = [0x544d4853, 0x314c504f] as const;
export const RING_VERSION = 1;

/** Bytes before the slots of one ring; the slots start on a page of their own. */
export const RING_HEADER_BYTES = 0x4000;

/**
 * Byte offsets in a ring. One writer a cache-line pair (128 bytes: x86 fetches the neighbour line too, some arm64 have
 * 128-byte lines), so that neither side slows the other by writing its own words.
 */
export const RING = {
  /** Written by the creator before READY, constant after: magic, version and the words of HEADER. */
  header: 0x000,
  /** u32, producer: sequence published. */
  head: 0x080,
  /** u32, consumer: sequence released. */
  tail: 0x100,
  /** u32: 1 while the consumer sleeps (futex), and the flag of mode `flag`. */
  consumerWait: 0x180,
  /** u32: 1 while the producer sleeps (futex). */
  producerWait: 0x200,
  /** u32, parent: one of CONTROL. */
  control: 0x280,
  /** u32 each, of the producer and (64 bytes on) of the consumer: one of PHASE. */
  producerPhase: 0x300,
  consumerPhase: 0x340,
  /** f64 words of COUNTER, 256 bytes. */
  producerCounters: 0x400,
  consumerCounters: 0x500,
  /** sem_t: filled slots, and (128 bytes on) empty slots. */
  filledSemaphore: 0x800,
  emptySemaphore: 0x900,
  /** u32: the pids of those who are signalled, or whose memory is read or written; then f64: where that memory lies there. */
  producerPid: 0xa00,
  consumerPid: 0xa40,
  foreignMemory: 0xa80,
  foreignPid: 0xa88,
  /** u32, consumer: signals that it has taken (mode `signal`). */
  signalsTaken: 0xac0,
  /** 1024 u32 (histogram.ts), consumer: latency of one way, or of a round trip in a duplex pair. */
  latencyHistogram: 0x1000,
  slots: RING_HEADER_BYTES,
} as const;

/** Byte offsets of the constant words in the header: u32 but for those named f64. */
export const HEADER = {
  version: 0x08,
  headerBytes: 0x0c,
  sizeBytes: 0x10,
  strideBytes: 0x14,
  slots: 0x18,
  sync: 0x1c,
  verify: 0x20,
  seed: 0x24,
  batch: 0x28,
  drain: 0x2c,
  group: 0x30,
  pair: 0x34,
  creatorPid: 0x38,
  /** How long to poll before sleeping, in microseconds. */
  spinUs: 0x3c,
  /** 0: as it comes; else 1 + the number of the processor that the producer, and the next word the consumer, is bound to. */
  producerCpu: 0x40,
  consumerCpu: 0x44,
  semaphoreSet: 0x48,
  /** One of JOB: what the two workers do with the ring. */
  job: 0x4c,
  /** A number of FAULT: a defect built in on purpose, for tests of the verification; 0 for none. */
  fault: 0x50,
  transport: 0x54,
  /** f64: messages per second to offer; 0 for as many as possible. */
  rate: 0x58,
  /** f64: CLOCK_MONOTONIC in ns; a worker ends by itself after it. */
  deadlineNs: 0x60,
  /** f64: CLOCK_MONOTONIC in ns of the creator's start, to tell two runs apart. */
  createdNs: 0x68,
  /** f64, written by the parent as it starts the run: when message 0 is due under a fixed rate. */
  startNs: 0x70,
  /** Sequence number of the first message: 0, but for tests of what happens where 32 bits end. */
  first: 0x78,
  /** One of APIS. */
  api: 0x7c,
} as const;

/** What the parent tells the workers. `warmUp` and `run` differ only in what is recorded. */
export const CONTROL = { wait: 0, warmUp: 1, run: 2, stop: 3 } as const;
/** How far a worker has come. `done`: nothing more will be written by it. */
export const PHASE = { none: 0, ready: 1, running: 2, done: 3, failed: 4 } as const;
/** `stream`: one way. `duplex`: ring 0 there, ring 1 back, one message in flight. */
export const JOB = { stream: 0, duplex: 1 } as const;
/** Defects for the tests: index before payload, writing a slot that is being read, a message left out. */
export const FAULT = { none: 0, earlyPublish: 1, overrun: 2, lost: 3 } as const;

/** Positions of the f64 counters, each written by one side only. Times in ns, bytes in bytes, since the worker started. */
export const COUNTER = {
  messages: 0,
  /** Times that the ring looked full (producer) or empty (consumer). */
  waits: 1,
  stallNs: 2,
  sleeps: 3,
  wakes: 4,
  cpuUserNs: 5,
  cpuSystemNs: 6,
  heartbeatNs: 7,
  switches: 8,
  /** Producer: bytes/s of the same copies into the same ring with nobody at the other end, measured before the start. */
  memcpyRing: 9,
  /** Producer: the same into one slot over and over, so in the nearest cache. */
  memcpyCache: 10,
  verified: 9,
  checkedFull: 10,
  torn: 11,
  lost: 12,
  reordered: 13,
  checkNs: 14,
  maxLatencyNs: 15,
  /** Mode `none`: looks that found a message for the second time, and one that is older than others that were seen. */
  repeated: 16,
  stale: 17,
} as const;

export interface RingGeometry {
  /** Of one message, a multiple of 8. */
  readonly sizeBytes: number;
  /** From one slot to the next: a multiple of 64. */
  readonly strideBytes: number;
  /** A power of two. */
  readonly slots: number;
  /** Header and slots of one ring, whole pages: ring n of a segment starts at n times this. */
  readonly ringBytes: number;
}

const KIB = 1024;
const MIB = KIB * KIB;
const PAGE = 4096;
const MAX_SLOTS = 16384;

/** From slot to slot: the message rounded up to cache lines. */
export function strideOf(sizeBytes: number): number {
  return Math.max(64, Math.ceil(sizeBytes / 64) * 64);
}

/**
 * How many slots: a ring of 1 MiB for the smallest messages and 4 MiB above is fastest (beyond the L2 of a core the lines
 * come from the shared cache and not from the other core), but never fewer than 8 slots, 4 above 1 MiB.
 */
export function slotsFor(strideBytes: number): number {
  const footprint = strideBytes <= 64 ? MIB : 4 * MIB;
  const fitting = 2 ** Math.floor(Math.log2(Math.max(1, footprint / strideBytes)));
  return Math.min(MAX_SLOTS, Math.max(strideBytes > MIB ? 4 : 8, fitting));
}

/** The geometry of a ring of messages of `sizeBytes`; `slots` (a power of two) overrides the choice. */
export function ringGeometry(sizeBytes: number, slots = slotsFor(strideOf(sizeBytes))): RingGeometry {
  const strideBytes = strideOf(sizeBytes);
  const ringBytes = Math.ceil((RING_HEADER_BYTES + slots * strideBytes) / PAGE) * PAGE;
  return { sizeBytes, strideBytes, slots, ringBytes };
}

/** How many messages are published at once: more costs latency, fewer costs hand-overs of the index line. */
export function batchFor(sizeBytes: number): number {
  if (sizeBytes <= 4 * KIB) return 32;
  if (sizeBytes <= 64 * KIB) return 8;
  return sizeBytes <= MIB ? 2 : 1;
}

/** How many messages the consumer takes out with one copy: at most 32, and at most 64 KiB, which stay in the nearest caches. */
export function drainFor(sizeBytes: number): number {
  if (sizeBytes <= 512) return 32;
  return sizeBytes <= 4 * KIB ? 16 : 1;
}

/** `later - earlier` of two free-running 32-bit sequence numbers, right across 2^31 and 2^32. */
export function distance(later: number, earlier: number): number {
  return (later - earlier) | 0;
}

/** The slot of a sequence number; `slots` is a power of two, so the wrap at 2^32 changes nothing. */
export function slotOf(sequence: number, slots: number): number {
  return sequence & (slots - 1);
}

/** How many of `count` messages from `sequence` on lie side by side before the ring begins anew. */
export function contiguous(sequence: number, count: number, slots: number): number {
  return Math.min(count, slots - slotOf(sequence, slots));
}
