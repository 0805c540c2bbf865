// What a load came to, in lines for a person: rate, who waited, latency, cost, truth.
import { isRace, isTrue, type Meter, type Truth } from '../../load/model/meter.ts';
import { spellFairness } from '../../ui/format/fairness.ts';
import { formatCount, formatNs, formatShare } from '../../ui/format/load-numbers.ts';
import {
  DAMAGED,
  ONE_WAY_HOW,
  ROUND_TRIP_HOW,
  spellBalance,
  spellChecking,
  spellCost,
  spellGrowth,
  spellMemcpy,
  spellNoise,
  spellPercentiles,
  spellProcessor,
  spellQueueing,
  spellRates,
  spellRing,
  spellSignals,
  spellTruth,
} from '../../ui/format/load-words.ts';

const LABEL_WIDTH = 12;
const RACE_HOW =
  'torn: parts of two messages; lost: never seen; repeated: seen again; stale: older than one seen before';

const line = (label: string, text: string) => `${label.padEnd(LABEL_WIDTH)}${text}`;

/** The summary of one run; empty when nothing was measured. */
export function summariseMeter(meter: Meter): string[] {
  const { total, setup } = meter;
  if (!total) return [];
  const { producer, consumer } = total;
  const lines = [
    line('throughput', spellRates(total)),
    line('', `${formatCount(total.messages)} messages in ${total.seconds.toFixed(1)} s (GB is 10^9 bytes)`),
    ...optional('', spellMemcpy(meter, total)[0]),
    line(
      'waiting',
      `producer ${formatShare(producer.waitShare)}, consumer ${formatShare(consumer.waitShare)}; ${spellBalance(meter, total)}`,
    ),
    ...(setup.sync === 'none' ? [] : [line('', `ring ${spellRing(undefined, total)[0]}`)]),
    line('sleeps', `producer ${perSecond(producer.sleepsPerSecond)}, consumer ${perSecond(consumer.sleepsPerSecond)}`),
  ];
  if (meter.wakeNs !== undefined)
    lines.push(line('wake-up', `${formatNs(meter.wakeNs)} on this machine, measured before`));
  if (meter.roundTripNs)
    lines.push(line('round trip', spellPercentiles(meter.roundTripNs)[0]), line('', `(${ROUND_TRIP_HOW})`));
  if (total.oneWayNs) lines.push(line('one way', spellPercentiles(total.oneWayNs)[0]), line('', `(${ONE_WAY_HOW})`));
  else lines.push(...optional('queueing', spellQueueing(meter, total)[0]));
  lines.push(...optional('growth', spellGrowth(meter)[0]));
  if (meter.fairness) lines.push(line('fairness', spellFairness(meter.fairness)[0]));
  lines.push(...optional('signals', spellSignals(meter, total)[0]));
  if (total.cpuSecondsPerGB !== undefined) {
    lines.push(line('processor', spellCost(total.cpuSecondsPerGB)[0]));
    lines.push(line('', `producer ${spellProcessor(producer)}`), line('', `consumer ${spellProcessor(consumer)}`));
  }
  // Where many share a ring it is not timed.
  if (!meter.fairness) lines.push(line('checking', spellChecking(total, setup.verify)[0]));
  lines.push(...truthLines(meter.truth), ...optional('noisy', spellNoise(total)[0]));
  return lines;
}

/** The counts of the verification, exact, and what to think of them. */
export function truthLines(truth: Truth): string[] {
  if (isRace(truth)) return [line('a race', spellTruth(truth, '')[0]), line('', RACE_HOW)];
  const { verified, checkedFull, torn, lost, reordered } = truth;
  const lines = [
    line(
      'verified',
      `${verified} messages, every byte of ${checkedFull}: torn ${torn}, lost ${lost}, reordered ${reordered}`,
    ),
  ];
  if (!isTrue(truth)) lines.push(line('', DAMAGED[0]));
  return lines;
}

const optional = (label: string, text: string | undefined) => (text === undefined ? [] : [line(label, text)]);
const perSecond = (count: number) => `${formatCount(count)}/s`;
