// What a load does and came to, in words: the same on the command line and in the dashboard.

import type { Percentiles } from '../../load/model/histogram.ts';
import { type Interval, isTrue, type Meter, type Truth } from '../../load/model/meter.ts';
import { formatByteRate, formatCount, formatNs, formatShare, threeDigits } from './load-numbers.ts';

/** Above this the machine was too busy for the figures to be taken for its limits. */
const NOISY_SHARE = 0.1;

export const PHASES: Readonly<Record<Meter['phase'], string>> = {
  starting: 'starting the workers …',
  probing: 'measuring round trip and wake-up …',
  'warm-up': 'warming up …',
  running: 'running …',
  stopping: 'stopping …',
  done: 'done',
  failed: 'failed',
};

export const DAMAGED = 'THE DATA WERE DAMAGED: do not trust this machine or this program; please report it';

/** `76.9 M messages/s, 4.92 GB/s` */
export const spellRates = ({ messagesPerSecond, bytesPerSecond }: Interval): string =>
  `${formatCount(messagesPerSecond)} messages/s, ${formatByteRate(bytesPerSecond)}`;

/** How near it is to what the memory can do; absent until that was measured. */
export function spellMemcpy({ memcpyBytesPerSecond, setup }: Meter, span: Interval): string | undefined {
  if (!memcpyBytesPerSecond) return undefined;
  const share = span.bytesPerSecond / setup.pairs / memcpyBytesPerSecond;
  return `${formatShare(share)} of what one processor alone copies into the ring (${formatByteRate(memcpyBytesPerSecond)})`;
}

/** Which of the two holds the other up. */
export function spellSlowerSide({ producer, consumer }: Interval): string {
  const difference = producer.waitShare - consumer.waitShare;
  if (Math.abs(difference) < 0.05) return 'both are about as fast';
  return difference > 0 ? 'the consumer is the slower side' : 'the producer is the slower side';
}

/** Little's law: what a message waits in the queue at full load; said so that nobody takes it for a latency of the ring. */
export function spellQueueing({ setup }: Meter, span: Interval): string | undefined {
  if (setup.transport !== 'shm' || span.messagesPerSecond === 0) return undefined;
  const queued = (span.occupancyMean * setup.slots * setup.pairs) / span.messagesPerSecond;
  return `about ${formatNs(queued * 1e9)} a message at full load; for latency offer a fixed rate`;
}

/** `p50 364 ns, p90 452 ns, p99 648 ns, p99.9 51.7 µs, max 1.79 ms` */
export const spellPercentiles = ({ p50, p90, p99, p999, max }: Percentiles): string =>
  [
    `p50 ${formatNs(p50)}`,
    `p90 ${formatNs(p90)}`,
    `p99 ${formatNs(p99)}`,
    `p99.9 ${formatNs(p999)}`,
    `max ${formatNs(max)}`,
  ].join(', ');

export const ROUND_TRIP_HOW = 'one message, empty ring';
export const ONE_WAY_HOW = 'from the intended send, at the rate offered';

export const spellCost = (cpuSecondsPerGB: number): string => `${threeDigits(cpuSecondsPerGB)} s per GB, both sides`;

export const spellChecking = ({ checkShare }: Interval, verify: string): string =>
  `${formatShare(checkShare)} of the consumer's time (verify ${verify})`;

/** The counts of the verification as a sentence: `214 M messages, every byte of 13.4 M: nothing torn, lost or reordered`. */
export function spellTruth(truth: Truth, verify: string): string {
  const { verified, checkedFull, torn, lost, reordered } = truth;
  const wrong = isTrue(truth)
    ? 'nothing torn, lost or reordered'
    : `${torn} TORN, ${lost} LOST, ${reordered} REORDERED`;
  if (verify === 'off') return isTrue(truth) ? 'nothing was checked (verify off)' : `not checked, but ${wrong}`;
  return `${formatCount(verified)} messages, every byte of ${formatCount(checkedFull)}: ${wrong}`;
}

/** Absent while the machine is quiet enough for the figures to mean something. */
export function spellNoise({ othersCpuShare }: Interval): string | undefined {
  if (othersCpuShare === undefined || othersCpuShare <= NOISY_SHARE) return undefined;
  return `others used ${formatShare(othersCpuShare)} of the machine: expect more when it is idle`;
}
