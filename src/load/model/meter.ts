// PURE: the state of the throughput meter, as plain data that any screen can draw: rates, who waits, truth, latency, history.
import type { Growth } from './growth.ts';
import { type Percentiles, percentiles, subtract } from './histogram.ts';
import type { Fairness } from './many.ts';
import type { LoadProblem } from './problem.ts';
import type { Reading, SideReading } from './reading.ts';

/** What ran, so that a number can be repeated. */
export interface MeterSetup {
  readonly sync: string;
  readonly backing: string;
  readonly transport: string;
  readonly sizeBytes: number;
  readonly pairs: number;
  readonly slots: number;
  readonly batch: number;
  readonly group: number;
  readonly verify: string;
  /** How messages are got at, where they are not copied. */
  readonly api?: string;
  /** Of a ring that many share. */
  readonly producers?: number;
  readonly consumers?: number;
  readonly huge?: boolean;
  /** Messages per second and pair that are offered; absent: as many as possible. */
  readonly rate?: number;
  /** Of a buffer that grows: how far, all rings together. */
  readonly mostBytes?: number;
  /** Messages per second and pair that the reader takes at most; absent: as many as it can. */
  readonly readerRate?: number;
  readonly segmentName: string;
  readonly segmentBytes: number;
  readonly durationSec: number;
  readonly workers: readonly WorkerInfo[];
}

export interface WorkerInfo {
  readonly role: 'producer' | 'consumer';
  readonly pair: number;
  readonly pid: number;
  /** The processor that it is bound to; absent: any. */
  readonly cpu?: number;
}

/** One side over a stretch of time. Shares are of the time of all pairs, 0 to 1. */
export interface SideRate {
  /** Time it spent waiting for the other side. */
  readonly waitShare: number;
  readonly sleepsPerSecond: number;
  readonly wakesPerSecond: number;
  readonly switchesPerSecond: number;
  /** Processor seconds per second of each pair's process. */
  readonly cpuUserShare: number;
  readonly cpuSystemShare: number;
}

/** A stretch of time: one row while it runs, or everything since the warm-up. */
export interface Interval {
  /** Since the warm-up. */
  readonly startSec: number;
  readonly seconds: number;
  /** By the consumer's counter. */
  readonly messages: number;
  readonly bytes: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly producedMessages: number;
  readonly producer: SideRate;
  readonly consumer: SideRate;
  /** Share of the slots that were filled, 0 to 1, sampled 50 times a second. */
  readonly occupancyMean: number;
  readonly occupancyMax: number;
  /** Share of the consumer's time that went into checking. */
  readonly checkShare: number;
  /** Processor seconds of both sides per 10^9 bytes; absent while nothing moved. */
  readonly cpuSecondsPerGB?: number;
  readonly verified: number;
  readonly checkedFull: number;
  /** Messages that were torn, lost or reordered. */
  readonly wrong: number;
  /** One way at a fixed rate, timed from the intended send. */
  readonly oneWayNs?: Percentiles;
  /** Share of the machine that others used, 0 to 1; absent where /proc/stat cannot be read. */
  readonly othersCpuShare?: number;
}

/** Since the workers started, the warm-up and the end included: a wrong message is wrong whenever it came. */
export interface Truth {
  readonly verified: number;
  readonly checkedFull: number;
  readonly torn: number;
  readonly lost: number;
  readonly reordered: number;
  /** With sync `none` only, where nobody promises anything: looks that found the same message again, or an older one. */
  readonly repeated?: number;
  readonly stale?: number;
}

export interface Meter {
  readonly phase: 'starting' | 'probing' | 'warm-up' | 'running' | 'stopping' | 'done' | 'failed';
  readonly setup: MeterSetup;
  /** Since the warm-up, in seconds; 0 before. */
  readonly elapsedSec: number;
  /** The latest stretch: a row, or a part of one where the live figures move faster than the rows. */
  readonly now?: Interval;
  readonly total?: Interval;
  /** One row after the other. */
  readonly intervals: readonly Interval[];
  readonly truth: Truth;
  /** Of a buffer that grows. */
  readonly growth?: Growth;
  /** Of a ring that many share. */
  readonly fairness?: Fairness;
  /** The latest occupancy, 0 to 1. */
  readonly occupancy: number;
  /** On an empty ring, measured before the load starts; absent when it was not asked for. */
  readonly roundTripNs?: Percentiles;
  /** What waking a sleeping process costs on this machine, one way. */
  readonly wakeNs?: number;
  /** Of one processor into the same ring alone, and into one slot in the nearest cache. */
  readonly memcpyBytesPerSecond?: number;
  readonly memcpyCacheBytesPerSecond?: number;
  readonly history: History;
  readonly problem?: LoadProblem;
}

/** The latest values, oldest first, for sparklines; all of the same length, at most HISTORY_LENGTH. */
export interface History {
  readonly bytesPerSecond: readonly number[];
  readonly messagesPerSecond: readonly number[];
  readonly occupancy: readonly number[];
}

export const HISTORY_LENGTH = 240;
const NO_TRUTH: Truth = { verified: 0, checkedFull: 0, torn: 0, lost: 0, reordered: 0 };

/** What was seen between two readings, besides the counters. */
export interface Observed {
  readonly occupancyMean: number;
  readonly occupancyMax: number;
  readonly othersCpuShare?: number;
}

/** The meter before anything runs. */
export function newMeter(setup: MeterSetup, known: Pick<Meter, 'roundTripNs' | 'wakeNs'> = {}): Meter {
  const history = { bytesPerSecond: [], messagesPerSecond: [], occupancy: [] };
  return { phase: 'starting', setup, elapsedSec: 0, intervals: [], truth: NO_TRUTH, occupancy: 0, history, ...known };
}

/** The stretch between two readings. `start` is the reading at the end of the warm-up. */
export function intervalBetween(
  setup: MeterSetup,
  start: Reading,
  from: Reading,
  to: Reading,
  seen: Observed,
): Interval {
  const seconds = (to.atNs - from.atNs) / 1e9;
  const per = (count: number) => (seconds > 0 ? count / seconds : 0);
  const messages = to.consumer.messages - from.consumer.messages;
  const bytes = messages * setup.sizeBytes;
  const cpuNs = cpuOf(to.producer) + cpuOf(to.consumer) - cpuOf(from.producer) - cpuOf(from.consumer);
  const oneWayNs =
    setup.rate === undefined ? undefined : percentiles(subtract(to.latency, from.latency), maxOf(from, to));
  return {
    startSec: (from.atNs - start.atNs) / 1e9,
    seconds,
    messages,
    bytes,
    messagesPerSecond: per(messages),
    bytesPerSecond: per(bytes),
    producedMessages: to.producer.messages - from.producer.messages,
    producer: rateOf(from.producer, to.producer, setup.producers ?? setup.pairs, seconds),
    consumer: rateOf(from.consumer, to.consumer, setup.consumers ?? setup.pairs, seconds),
    occupancyMean: seen.occupancyMean,
    occupancyMax: seen.occupancyMax,
    checkShare: share((to.checkNs - from.checkNs) / 1e9, seconds * (setup.consumers ?? setup.pairs)),
    ...(bytes > 0 ? { cpuSecondsPerGB: cpuNs / bytes } : {}),
    verified: to.verified - from.verified,
    checkedFull: to.checkedFull - from.checkedFull,
    wrong: wrongOf(to) - wrongOf(from),
    ...(oneWayNs ? { oneWayNs } : {}),
    ...(seen.othersCpuShare === undefined ? {} : { othersCpuShare: seen.othersCpuShare }),
  };
}

/** What passed since the meter was shown last. */
export interface Advance {
  readonly now: Interval;
  /** A whole row, where one ended. */
  readonly row?: Interval;
  /** Everything since the warm-up. */
  readonly total: Interval;
}

/** The meter a moment later, with at most the `mostRows` latest rows. */
export function advanceMeter(
  meter: Meter,
  { now, row, total }: Advance,
  reading: Reading,
  occupancy: number,
  mostRows = Infinity,
): Meter {
  const { history } = meter;
  const longer = (values: readonly number[], value: number) => [...values, value].slice(-HISTORY_LENGTH);
  return {
    ...meter,
    phase: 'running',
    elapsedSec: now.startSec + now.seconds,
    now,
    total,
    intervals: row ? [...meter.intervals, row].slice(-mostRows) : meter.intervals,
    truth: truthOf(reading, 0, meter.setup.sync === 'none'),
    occupancy,
    ...(reading.memcpyRing > 0 ? { memcpyBytesPerSecond: reading.memcpyRing } : {}),
    ...(reading.memcpyCache > 0 ? { memcpyCacheBytesPerSecond: reading.memcpyCache } : {}),
    history: {
      bytesPerSecond: longer(history.bytesPerSecond, now.bytesPerSecond),
      messagesPerSecond: longer(history.messagesPerSecond, now.messagesPerSecond),
      occupancy: longer(history.occupancy, now.occupancyMean),
    },
  };
}

/** The counts of the verification; `missing` are messages that were published and never taken out, at the very end. */
export function truthOf(reading: Reading, missing = 0, ofRace = false): Truth {
  const { verified, checkedFull, torn, lost, reordered, repeated, stale } = reading;
  if (ofRace) return { verified, checkedFull, torn, lost, reordered, repeated, stale };
  return { verified, checkedFull, torn, lost: lost + missing, reordered };
}

/** True for a race on purpose: damage is what was asked for. */
export function isRace(truth: Truth): boolean {
  return truth.repeated !== undefined;
}

/** True when no message was torn, lost or reordered, or none of that was promised. */
export function isTrue(truth: Truth): boolean {
  return isRace(truth) || wrongOf(truth) === 0;
}

const wrongOf = ({ torn, lost, reordered, repeated = 0, stale = 0 }: Truth | Reading) =>
  torn + lost + reordered + repeated + stale;

const cpuOf = (side: SideReading) => side.cpuUserNs + side.cpuSystemNs;
const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0);
// The recorder keeps one exact maximum for the whole run; it belongs to this stretch only if it grew in it.
const maxOf = (from: Reading, to: Reading) => (to.maxLatencyNs > from.maxLatencyNs ? to.maxLatencyNs : undefined);

function rateOf(from: SideReading, to: SideReading, pairs: number, seconds: number): SideRate {
  // These counters are written at heartbeats: their own times are the right measure of what passed.
  const heart = (to.heartbeatNs - from.heartbeatNs) / 1e9;
  const passed = heart > 0 ? heart : seconds;
  const per = (count: number) => (passed > 0 ? count / passed : 0);
  return {
    waitShare: share((to.stallNs - from.stallNs) / 1e9, passed * pairs),
    sleepsPerSecond: per(to.sleeps - from.sleeps),
    wakesPerSecond: per(to.wakes - from.wakes),
    switchesPerSecond: per(to.switches - from.switches),
    cpuUserShare: per(to.cpuUserNs - from.cpuUserNs) / 1e9 / pairs,
    cpuSystemShare: per(to.cpuSystemNs - from.cpuSystemNs) / 1e9 / pairs,
  };
}
