// Meters of loads for tests of the Throughput screen: plain data, made up.
import type { Interval, Meter, MeterSetup, SideRate } from '../../src/load/model/meter.ts';

const SIDE: SideRate = {
  waitShare: 0.04,
  sleepsPerSecond: 361,
  wakesPerSecond: 908,
  switchesPerSecond: 1300,
  cpuUserShare: 0.94,
  cpuSystemShare: 0.01,
};

const SETUP: MeterSetup = {
  sync: 'futex',
  backing: 'sysv',
  transport: 'shm',
  sizeBytes: 64,
  pairs: 1,
  slots: 16_384,
  batch: 32,
  group: 1,
  verify: 'sample',
  segmentName: 'sysv:1 (key 0x534d6bf6 when made)',
  segmentBytes: 1_064_960,
  durationSec: 10,
  workers: [
    { role: 'producer', pair: 0, pid: 4711 },
    { role: 'consumer', pair: 0, pid: 4712 },
  ],
};

/** One second of it, the `second`th. */
export function sampleInterval(second: number, more: Partial<Interval> = {}): Interval {
  const messagesPerSecond = 76.9e6 + (second % 7) * 1e6;
  return {
    startSec: second - 1,
    seconds: 1,
    messages: messagesPerSecond,
    bytes: messagesPerSecond * 64,
    messagesPerSecond,
    bytesPerSecond: messagesPerSecond * 64,
    producedMessages: messagesPerSecond,
    producer: SIDE,
    consumer: { ...SIDE, waitShare: 0.2 },
    occupancyMean: 0.31,
    occupancyMax: 1,
    checkShare: 0.18,
    cpuSecondsPerGB: 0.35,
    verified: messagesPerSecond,
    checkedFull: messagesPerSecond / 16,
    wrong: 0,
    othersCpuShare: 0.02,
    ...more,
  };
}

/** A load after `seconds` seconds, with live figures four times a second. */
export function sampleMeter(seconds: number, more: Partial<Meter> = {}): Meter {
  const intervals = Array.from({ length: seconds }, (_, at) => sampleInterval(at + 1));
  const values = Array.from({ length: Math.min(240, seconds * 4) }, (_, at) => 76.9e6 + (at % 9) * 1e6);
  return {
    phase: 'running',
    setup: SETUP,
    elapsedSec: seconds,
    now: { ...sampleInterval(seconds), startSec: seconds - 0.25, seconds: 0.25 },
    total: { ...sampleInterval(1), startSec: 0, seconds, messages: 76.9e6 * seconds },
    intervals,
    truth: { verified: 214e6, checkedFull: 13.4e6, torn: 0, lost: 0, reordered: 0 },
    occupancy: 0.47,
    roundTripNs: { count: 1e6, p50: 364, p90: 452, p99: 648, p999: 51_700, max: 1.79e6 },
    wakeNs: 2100,
    memcpyBytesPerSecond: 39.4e9,
    history: {
      messagesPerSecond: values,
      bytesPerSecond: values.map((value) => value * 64),
      occupancy: values.map((_, at) => (at % 10) / 10),
    },
    ...more,
  };
}

export const STARTING: Meter = {
  phase: 'probing',
  setup: { ...SETUP, segmentName: '', workers: [] },
  elapsedSec: 0,
  intervals: [],
  truth: { verified: 0, checkedFull: 0, torn: 0, lost: 0, reordered: 0 },
  occupancy: 0,
  history: { messagesPerSecond: [], bytesPerSecond: [], occupancy: [] },
};

export const DONE = sampleMeter(10, { phase: 'done' });

const ONE_WAY = { count: 1e5, p50: 6980, p90: 3.38e6, p99: 29.6e6, p999: 39.3e6, max: 40.4e6 };
const rated = (second: number) =>
  sampleInterval(second, { messagesPerSecond: 100_000, bytesPerSecond: 6.4e6, oneWayNs: ONE_WAY });

/** At 100 k messages a second and pair, eight pairs. */
export const RATED = sampleMeter(10, {
  setup: {
    ...SETUP,
    rate: 100_000,
    pairs: 8,
    workers: Array.from({ length: 16 }, (_, at) => ({
      role: at % 2 === 0 ? ('producer' as const) : ('consumer' as const),
      pair: at >> 1,
      pid: 4711 + at,
    })),
  },
  intervals: Array.from({ length: 10 }, (_, at) => rated(at + 1)),
  total: rated(1),
});

export const DAMAGED = sampleMeter(10, {
  phase: 'done',
  truth: { verified: 214e6, checkedFull: 13.4e6, torn: 3, lost: 0, reordered: 1 },
  intervals: [sampleInterval(1), sampleInterval(2, { wrong: 4 })],
});

export const FAILED = sampleMeter(3, {
  phase: 'failed',
  problem: {
    kind: 'failed',
    message: 'The consumer (pid 4712) was killed by SIGKILL. The other workers were stopped.',
  },
});
