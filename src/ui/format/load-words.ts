// What a load does and came to, in words: the same on the command line and in the dashboard.
// Where it returns several texts, they say the same, the whole one first, each shorter than the one before.

import type { Percentiles } from '../../load/model/histogram.ts';
import { type Interval, isRace, isTrue, type Meter, type SideRate, type Truth } from '../../load/model/meter.ts';
import type { LoadProblem } from '../../load/model/problem.ts';
import { bytesText } from '../../load/model/size.ts';
import { formatByteRate, formatCount, formatNs, formatShare, threeDigits } from './load-numbers.ts';

/** Above this the machine was too busy for the figures to be taken for its limits. */
const NOISY_SHARE = 0.1;
/** Of a rate; the rest is how exactly a stretch of time can be cut. */
const RATE_KEPT = 0.97;

export const PHASES: Readonly<Record<Meter['phase'], string>> = {
  starting: 'starting the workers …',
  probing: 'measuring round trip and wake-up …',
  'warm-up': 'warming up …',
  running: 'running …',
  stopping: 'stopping …',
  done: 'done',
  failed: 'failed',
};

export const DAMAGED: readonly string[] = [
  'THE DATA WERE DAMAGED: do not trust this machine or this program; please report it',
  'THE DATA WERE DAMAGED: please report it',
  'THE DATA WERE DAMAGED',
];

/** `76.9 M messages/s, 4.92 GB/s` */
export const spellRates = ({ messagesPerSecond, bytesPerSecond }: Interval): string =>
  `${formatCount(messagesPerSecond)} messages/s, ${formatByteRate(bytesPerSecond)}`;

/** How near it is to what the memory can do; none until that was measured. */
export function spellMemcpy({ memcpyBytesPerSecond, setup }: Meter, span: Interval): readonly string[] {
  if (!memcpyBytesPerSecond) return [];
  const share = formatShare(span.bytesPerSecond / setup.pairs / memcpyBytesPerSecond);
  const limit = formatByteRate(memcpyBytesPerSecond);
  return [
    `${share} of what one processor alone copies into the ring (${limit})`,
    `${share} of what one processor copies (${limit})`,
    `${share} of ${limit}`,
  ];
}

/** How full the ring is `now` (0 to 1; absent when the load is over) and was. */
export function spellRing(now: number | undefined, { occupancyMean, occupancyMax }: Interval): readonly string[] {
  const [mean, most] = [formatShare(occupancyMean), formatShare(occupancyMax)];
  const at = now === undefined ? '' : `${formatShare(now)} now, `;
  return [`filled ${at}${mean} on average, ${most} at most`, `${at}mean ${mean}, max ${most}`, `${at}mean ${mean}`];
}

/** What one side did with its time. */
export function spellSide(side: SideRate): readonly string[] {
  const { waitShare, sleepsPerSecond, wakesPerSecond, cpuUserShare, cpuSystemShare } = side;
  const waits = formatShare(waitShare);
  const sleeps = `sleeps ${formatCount(sleepsPerSecond)}/s`;
  const wakes = `wakes the other ${formatCount(wakesPerSecond)}/s`;
  const cpu = `CPU ${formatShare(cpuUserShare + cpuSystemShare)}`;
  return [
    `waits ${waits} of the time, ${sleeps}, ${wakes}; CPU ${spellProcessor(side)}`,
    `waits ${waits}, ${sleeps}, ${wakes}; ${cpu}`,
    `waits ${waits}, ${sleeps}; ${cpu}`,
    `waits ${waits}; ${cpu}`,
  ];
}

export const spellProcessor = ({ cpuUserShare, cpuSystemShare }: SideRate): string =>
  `${formatShare(cpuUserShare)} user ${formatShare(cpuSystemShare)} system`;

/** Which of the two holds the other up; at a fixed rate, whether it is kept. */
export function spellBalance({ setup: { rate, pairs, sync } }: Meter, span: Interval): string {
  const { producer, consumer } = span;
  if (rate !== undefined) {
    const share = span.messagesPerSecond / (rate * pairs);
    return share >= RATE_KEPT
      ? 'the rate offered is kept'
      : `only ${formatShare(share)} of the rate offered is reached`;
  }
  if (sync === 'none') return 'nobody waits for anybody';
  const difference = producer.waitShare - consumer.waitShare;
  if (Math.abs(difference) < 0.05) return 'both are about as fast';
  return difference > 0 ? 'the consumer is the slower side' : 'the producer is the slower side';
}

/** Little's law: what a message waits in the queue at full load; said so that nobody takes it for a latency of the ring. */
export function spellQueueing({ setup }: Meter, span: Interval): readonly string[] {
  if (setup.transport !== 'shm' || setup.sync === 'none' || span.messagesPerSecond === 0) return [];
  const queued = formatNs(((span.occupancyMean * setup.slots * setup.pairs) / span.messagesPerSecond) * 1e9);
  return [
    `about ${queued} a message at full load; for latency offer a fixed rate`,
    `about ${queued} at full load; for latency fix a rate`,
    `about ${queued} at full load`,
  ];
}

/** `p50 364 ns, p90 452 ns, p99 648 ns, p99.9 51.7 µs, max 1.79 ms` */
export const spellPercentiles = ({ p50, p90, p99, p999, max }: Percentiles): readonly string[] => [
  `p50 ${formatNs(p50)}, p90 ${formatNs(p90)}, p99 ${formatNs(p99)}, p99.9 ${formatNs(p999)}, max ${formatNs(max)}`,
  `p50 ${formatNs(p50)}, p99 ${formatNs(p99)}, max ${formatNs(max)}`,
  `p50 ${formatNs(p50)}, p99 ${formatNs(p99)}`,
];

export const ROUND_TRIP_HOW = 'one message, empty ring';
export const ONE_WAY_HOW = 'from the intended send, at the rate offered';

export const spellCost = (cpuSecondsPerGB: number): readonly string[] => [
  `${threeDigits(cpuSecondsPerGB)} s per GB, both sides`,
  `${threeDigits(cpuSecondsPerGB)} s per GB`,
];

export const spellChecking = ({ checkShare }: Interval, verify: string): readonly string[] => [
  `${formatShare(checkShare)} of the consumer's time (verify ${verify})`,
  `${formatShare(checkShare)} of the consumer's time`,
];

/** The counts of the verification: `214 M messages, every byte of 13.4 M: nothing torn, lost or reordered`. */
export function spellTruth(truth: Truth, verify: string): readonly string[] {
  if (isRace(truth)) return spellRace(truth);
  const { verified, checkedFull, torn, lost, reordered } = truth;
  const isRight = isTrue(truth);
  const wrong = isRight ? 'nothing torn, lost or reordered' : `${torn} TORN, ${lost} LOST, ${reordered} REORDERED`;
  if (verify === 'off') return isRight ? ['nothing was checked (verify off)', 'not checked'] : [wrong];
  const count = formatCount(verified);
  const whole = `${count} messages, every byte of ${formatCount(checkedFull)}: ${wrong}`;
  return [whole, `${count} messages: ${wrong}`, isRight ? `${count}, none wrong` : wrong];
}

/** What a reader found that did not synchronise: no promise was broken, since none was made. */
function spellRace({ verified, torn, lost, repeated = 0, stale = 0 }: Truth): readonly string[] {
  const counts = { torn, lost, repeated, stale };
  const each = Object.entries(counts).map(([name, count]) => `${formatCount(count)} ${name}`);
  const looks = `${formatCount(verified)} looks`;
  return [
    `${looks}: ${each.join(', ')}: this is what synchronisation is for`,
    `${looks}: ${each.join(', ')}`,
    `${each.slice(0, 2).join(', ')}: a race`,
  ];
}

/** Of a buffer that grows: how far it did, and what happens at its bound. */
export function spellGrowth({ growth, setup }: Meter): readonly string[] {
  if (!growth) return [];
  const { segments, bytes, mostBytes, behind, waits } = growth;
  const size = `${bytesText(bytes)} of ${bytesText(mostBytes)}`;
  const many = segments === setup.pairs ? 'has not grown' : `grew to ${segments} segments`;
  if (waits > 0) {
    return [
      `${many}, all that it may have (${size}): now the writer waits, as with a bounded buffer (back pressure)`,
      `${many}, ${size}: the writer waits`,
      `${segments} segments, writer waits`,
    ];
  }
  return [
    `${many}, ${size}; the reader is ${formatCount(behind)} messages behind, and the writer never waits`,
    `${many}, ${size}`,
    `${segments} segments`,
  ];
}

/** Of mode signal: how many were sent, and how many messages each stands for. */
export function spellSignals({ setup }: Meter, span: Interval): readonly string[] {
  const { wakesPerSecond } = span.producer;
  if (setup.sync !== 'signal' || wakesPerSecond === 0) return [];
  const sent = `${formatCount(wakesPerSecond)}/s sent`;
  const each = formatCount(span.messagesPerSecond / wakesPerSecond);
  const slept = formatCount(span.consumer.sleepsPerSecond);
  return [
    `${sent}, one for ${each} messages, since many that wait stand for one look; the reader slept ${slept}/s`,
    `${sent}, one for ${each} messages`,
    `one for ${each} messages`,
  ];
}

/** None while the machine is quiet enough for the figures to mean something. */
export function spellNoise({ othersCpuShare }: Interval): readonly string[] {
  if (othersCpuShare === undefined || othersCpuShare <= NOISY_SHARE) return [];
  const share = formatShare(othersCpuShare);
  return [`others used ${share} of the machine: expect more when it is idle`, `others used ${share} of the machine`];
}

/** The end of a load in one line; `problem` where it could not start. */
export function spellEnd(
  meter: Meter | undefined,
  problem: LoadProblem | undefined,
): { text: string; isGood: boolean } {
  const why = problem ?? meter?.problem;
  if (why) return { text: why.message, isGood: false };
  if (!meter?.total?.messages) return { text: 'The load was stopped before anything was measured.', isGood: true };
  const { total, truth, setup } = meter;
  return { text: `Load done: ${spellRates(total)}; ${spellTruth(truth, setup.verify)[1]}`, isGood: isTrue(truth) };
}
