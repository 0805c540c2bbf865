// The meter: rates from counters, shares that stay shares, and a history that does not grow for ever.
import { describe, expect, it } from 'vitest';
import { HISTOGRAM_BUCKETS, record } from '../../../src/load/model/histogram.ts';
import {
  advanceMeter,
  HISTORY_LENGTH,
  intervalBetween,
  isTrue,
  type MeterSetup,
  newMeter,
  truthOf,
} from '../../../src/load/model/meter.ts';
import type { Reading, SideReading } from '../../../src/load/model/reading.ts';

const SETUP: MeterSetup = {
  sync: 'futex',
  backing: 'sysv',
  transport: 'shm',
  sizeBytes: 64,
  pairs: 2,
  slots: 1024,
  batch: 32,
  group: 1,
  verify: 'sample',
  segmentName: 'sysv:1',
  segmentBytes: 1,
  durationSec: 10,
  workers: [],
};
const SEEN = { occupancyMean: 0.5, occupancyMax: 1 };

function side(seconds: number, messages: number): SideReading {
  const ns = seconds * 1e9;
  return {
    messages,
    waits: 0,
    stallNs: ns / 2,
    sleeps: seconds * 10,
    wakes: seconds * 20,
    switches: seconds * 30,
    cpuUserNs: ns * 1.5,
    cpuSystemNs: ns * 0.25,
    heartbeatNs: ns,
  };
}

/** Two pairs after `seconds`, a million messages a second. */
function reading(seconds: number): Reading {
  return {
    atNs: seconds * 1e9,
    producer: side(seconds, seconds * 1e6 + 100),
    consumer: side(seconds, seconds * 1e6),
    verified: seconds * 1e6,
    checkedFull: seconds * 6e4,
    torn: 0,
    lost: 0,
    reordered: 0,
    repeated: 0,
    stale: 0,
    checkNs: seconds * 2e8,
    latency: new Uint32Array(HISTOGRAM_BUCKETS),
    maxLatencyNs: 0,
    memcpyRing: 2e9,
    memcpyCache: 4e9,
  };
}

describe('an interval of the meter', () => {
  const row = intervalBetween(SETUP, reading(1), reading(2), reading(4), SEEN);

  it('counts by the consumer, in the time that passed', () => {
    expect(row).toMatchObject({
      startSec: 1,
      seconds: 2,
      messages: 2e6,
      bytes: 128e6,
      messagesPerSecond: 1e6,
      bytesPerSecond: 64e6,
    });
  });

  it('gives shares of each pair and seconds of processor per GB', () => {
    expect(row.producer.waitShare).toBeCloseTo(0.25);
    expect(row.producer.cpuUserShare).toBeCloseTo(0.75);
    expect(row.consumer.sleepsPerSecond).toBeCloseTo(10);
    expect(row.checkShare).toBeCloseTo(0.1);
    expect(row.cpuSecondsPerGB).toBeCloseTo((2 * 1.75 * 2) / 0.128);
  });

  it('has no latency without a rate, and percentiles of that interval alone with one', () => {
    expect(row.oneWayNs).toBeUndefined();
    const [from, to] = [reading(2), reading(3)];
    record(from.latency, 1e6);
    record(to.latency, 1e6);
    record(to.latency, 100);
    const rated = intervalBetween({ ...SETUP, rate: 5 }, reading(1), from, to, SEEN);
    expect(rated.oneWayNs).toMatchObject({ count: 1, p50: 101 });
  });

  it('is harmless when nothing moved and no time passed', () => {
    const nothing = intervalBetween(SETUP, reading(1), reading(1), reading(1), SEEN);
    expect(nothing).toMatchObject({ messages: 0, messagesPerSecond: 0, bytesPerSecond: 0 });
    expect(nothing.cpuSecondsPerGB).toBeUndefined();
    for (const value of Object.values(nothing.producer)) expect(Number.isFinite(value)).toBe(true);
  });
});

describe('the state of the meter', () => {
  it('is plain data, keeps every row and the latest of its history', () => {
    let meter = newMeter(SETUP);
    for (let i = 1; i <= HISTORY_LENGTH + 20; i++) {
      const row = intervalBetween(SETUP, reading(0), reading(i - 1), reading(i), SEEN);
      meter = advanceMeter(meter, { now: row, row, total: row }, reading(i), 0.25);
    }
    expect(structuredClone(meter)).toEqual(meter);
    expect(meter.intervals).toHaveLength(HISTORY_LENGTH + 20);
    expect(meter.history.bytesPerSecond).toHaveLength(HISTORY_LENGTH);
    expect(meter).toMatchObject({ phase: 'running', occupancy: 0.25, memcpyBytesPerSecond: 2e9 });
  });

  it('counts what was published and never came as lost', () => {
    expect(isTrue(truthOf(reading(1)))).toBe(true);
    expect(truthOf(reading(1), 3)).toMatchObject({ lost: 3 });
    expect(isTrue(truthOf(reading(1), 3))).toBe(false);
  });
});
