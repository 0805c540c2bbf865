// A ring in mapped memory as typed arrays, its constant words written by the creator and read by the workers.

import { HISTOGRAM_BUCKETS } from './model/histogram.ts';
import { APIS, SYNC_MODES, TRANSPORTS, VERIFY_LEVELS } from './model/options.ts';
import { COUNTER, HEADER, JOB, RING, RING_HEADER_BYTES, RING_MAGIC, RING_VERSION } from './model/ring.ts';
import type { LoadPlan } from './plan.ts';

/** u32 word index of a byte offset. */
export const wordAt = (byteOffset: number): number => byteOffset >> 2;

export interface RingView {
  /** The first RING_HEADER_BYTES, as int32: plain and Atomics access to head, tail, control … by `wordAt(RING.x)`. */
  readonly words: Int32Array<ArrayBuffer>;
  readonly header: DataView<ArrayBuffer>;
  readonly producer: Float64Array<ArrayBuffer>;
  readonly consumer: Float64Array<ArrayBuffer>;
  readonly latency: Uint32Array<ArrayBuffer>;
  readonly slots: Uint8Array<ArrayBuffer>;
  /** Of the ring in this process, for futex(2) and sem_t. */
  readonly address: number;
}

/** Ring number `index` of the segment mapped at `address`. */
export function viewRing(memory: ArrayBuffer, address: number, index: number, ringBytes: number): RingView {
  const start = index * ringBytes;
  const counters = Object.keys(COUNTER).length;
  return {
    words: new Int32Array(memory, start, RING_HEADER_BYTES / 4),
    header: new DataView(memory, start, 0x80),
    producer: new Float64Array(memory, start + RING.producerCounters, counters),
    consumer: new Float64Array(memory, start + RING.consumerCounters, counters),
    latency: new Uint32Array(memory, start + RING.latencyHistogram, HISTOGRAM_BUCKETS),
    slots: new Uint8Array(memory, start + RING.slots, ringBytes - RING.slots),
    address: address + start,
  };
}

/** What a worker reads from the header of its ring; the words of HEADER as values. */
export interface RingSetup {
  readonly sizeBytes: number;
  readonly strideBytes: number;
  readonly slots: number;
  readonly sync: (typeof SYNC_MODES)[number];
  readonly verify: (typeof VERIFY_LEVELS)[number];
  readonly transport: (typeof TRANSPORTS)[number];
  readonly job: 'stream' | 'duplex';
  readonly api: (typeof APIS)[number];
  readonly seed: number;
  readonly batch: number;
  readonly drain: number;
  readonly group: number;
  readonly pair: number;
  readonly spinUs: number;
  readonly fault: number;
  readonly first: number;
  readonly semaphoreSet: number;
  readonly producerCpu: number | undefined;
  readonly consumerCpu: number | undefined;
  /** Messages per second to offer; 0 for as many as possible. */
  readonly rate: number;
  readonly deadlineNs: number;
}

export interface RingIdentity {
  readonly pair: number;
  readonly seed: number;
  readonly creatorPid: number;
  readonly semaphoreSet: number;
  readonly producerCpu: number | undefined;
  readonly consumerCpu: number | undefined;
  readonly createdNs: number;
  readonly deadlineNs: number;
}

/** Writes the header of a ring, the magic last. */
export function writeHeader(view: RingView, plan: LoadPlan, identity: RingIdentity): void {
  const { header } = view;
  const u32 = (offset: number, value: number) => header.setUint32(offset, value, true);
  const f64 = (offset: number, value: number) => header.setFloat64(offset, value, true);
  u32(HEADER.version, RING_VERSION);
  u32(HEADER.headerBytes, RING_HEADER_BYTES);
  u32(HEADER.sizeBytes, plan.geometry.sizeBytes);
  u32(HEADER.strideBytes, plan.geometry.strideBytes);
  u32(HEADER.slots, plan.geometry.slots);
  u32(HEADER.sync, SYNC_MODES.indexOf(plan.sync));
  u32(HEADER.verify, VERIFY_LEVELS.indexOf(plan.verify));
  u32(HEADER.transport, TRANSPORTS.indexOf(plan.transport));
  u32(HEADER.job, JOB[plan.job]);
  u32(HEADER.seed, identity.seed);
  u32(HEADER.batch, plan.batch);
  u32(HEADER.drain, plan.drain);
  u32(HEADER.group, plan.group);
  u32(HEADER.pair, identity.pair);
  u32(HEADER.creatorPid, identity.creatorPid);
  u32(HEADER.spinUs, plan.spinUs);
  u32(HEADER.producerCpu, identity.producerCpu === undefined ? 0 : identity.producerCpu + 1);
  u32(HEADER.consumerCpu, identity.consumerCpu === undefined ? 0 : identity.consumerCpu + 1);
  u32(HEADER.semaphoreSet, identity.semaphoreSet);
  u32(HEADER.fault, plan.fault);
  u32(HEADER.first, plan.first);
  u32(HEADER.api, APIS.indexOf(plan.api));
  view.words[wordAt(RING.head)] = plan.first;
  view.words[wordAt(RING.tail)] = plan.first;
  f64(HEADER.rate, plan.rate ?? 0);
  f64(HEADER.createdNs, identity.createdNs);
  f64(HEADER.deadlineNs, identity.deadlineNs);
  Atomics.store(view.words, 1, RING_MAGIC[1]);
  Atomics.store(view.words, 0, RING_MAGIC[0]);
}

/** Reads the header; undefined when this is not a ring of this version, or not of the process `creatorPid`. */
export function readHeader(view: RingView, creatorPid: number): RingSetup | undefined {
  const { header, words } = view;
  const u32 = (offset: number) => header.getUint32(offset, true);
  const f64 = (offset: number) => header.getFloat64(offset, true);
  const isOurs = Atomics.load(words, 0) === RING_MAGIC[0] && Atomics.load(words, 1) === RING_MAGIC[1];
  if (!isOurs || u32(HEADER.version) !== RING_VERSION || u32(HEADER.creatorPid) !== creatorPid) return undefined;
  const cpu = (offset: number) => (u32(offset) === 0 ? undefined : u32(offset) - 1);
  return {
    sizeBytes: u32(HEADER.sizeBytes),
    strideBytes: u32(HEADER.strideBytes),
    slots: u32(HEADER.slots),
    sync: SYNC_MODES[u32(HEADER.sync)],
    verify: VERIFY_LEVELS[u32(HEADER.verify)],
    transport: TRANSPORTS[u32(HEADER.transport)],
    job: u32(HEADER.job) === JOB.duplex ? 'duplex' : 'stream',
    api: APIS[u32(HEADER.api)],
    seed: u32(HEADER.seed),
    batch: u32(HEADER.batch),
    drain: u32(HEADER.drain),
    group: u32(HEADER.group),
    pair: u32(HEADER.pair),
    spinUs: u32(HEADER.spinUs),
    fault: u32(HEADER.fault),
    first: u32(HEADER.first) | 0,
    semaphoreSet: u32(HEADER.semaphoreSet),
    producerCpu: cpu(HEADER.producerCpu),
    consumerCpu: cpu(HEADER.consumerCpu),
    rate: f64(HEADER.rate),
    deadlineNs: f64(HEADER.deadlineNs),
  };
}

/** When message 0 is due, CLOCK_MONOTONIC ns; valid once control is not `wait`. */
export function startNsOf(view: RingView): number {
  return view.header.getFloat64(HEADER.startNs, true);
}
