// What a load came to, in lines for a person: rate, who waited, latency, cost, truth.
import type { Comparison } from '../../load/compare.ts';
import { isTrue, type Meter, type Truth } from '../../load/model/meter.ts';
import { exactSizeText } from '../../load/model/size.ts';
import {
  formatByteRate,
  formatCount,
  formatNs,
  formatRatio,
  formatShare,
  threeDigits,
} from '../../ui/format/load-numbers.ts';
import {
  DAMAGED,
  ONE_WAY_HOW,
  ROUND_TRIP_HOW,
  spellBalance,
  spellChecking,
  spellCost,
  spellMemcpy,
  spellNoise,
  spellPercentiles,
  spellProcessor,
  spellQueueing,
  spellRates,
  spellRing,
} from '../../ui/format/load-words.ts';

const LABEL_WIDTH = 12;

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
    line('', `ring ${spellRing(undefined, total)[0]}`),
    line('sleeps', `producer ${perSecond(producer.sleepsPerSecond)}, consumer ${perSecond(consumer.sleepsPerSecond)}`),
  ];
  if (meter.wakeNs !== undefined)
    lines.push(line('wake-up', `${formatNs(meter.wakeNs)} on this machine, measured before`));
  if (meter.roundTripNs)
    lines.push(line('round trip', spellPercentiles(meter.roundTripNs)[0]), line('', `(${ROUND_TRIP_HOW})`));
  if (total.oneWayNs) lines.push(line('one way', spellPercentiles(total.oneWayNs)[0]), line('', `(${ONE_WAY_HOW})`));
  else lines.push(...optional('queueing', spellQueueing(meter, total)[0]));
  if (total.cpuSecondsPerGB !== undefined) {
    lines.push(line('processor', spellCost(total.cpuSecondsPerGB)[0]));
    lines.push(line('', `producer ${spellProcessor(producer)}`), line('', `consumer ${spellProcessor(consumer)}`));
  }
  lines.push(line('checking', spellChecking(total, setup.verify)[0]));
  lines.push(...truthLines(meter.truth), ...optional('noisy', spellNoise(total)[0]));
  return lines;
}

/** The counts of the verification, exact, and what to think of them. */
export function truthLines(truth: Truth): string[] {
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

/** The comparison as a table, with the default pipe and the best of the others named apart. */
export function summariseComparison(comparison: Comparison, width: number): string[] {
  const { rows, defaultPipe, best } = comparison;
  if (rows.length === 0) return [];
  const isNarrow = width < 76;
  const header = `${'through'.padEnd(19)}${'messages/s'.padStart(10)}${'bytes/s'.padStart(12)}`;
  const rest = isNarrow ? '' : `${'least'.padStart(12)}${'most'.padStart(12)}${'CPU s/GB'.padStart(10)}`;
  const lines = [
    `${exactSizeText(comparison.sizeBytes)} messages, medians of ${comparison.rounds} interleaved rounds`,
    `${header}${rest}`,
  ];
  for (const row of rows) {
    const { bytesPerSecond: bytes, messagesPerSecond } = row;
    const first = `${row.label.padEnd(19)}${formatCount(messagesPerSecond.median).padStart(10)}${formatByteRate(bytes.median).padStart(12)}`;
    const spread = `${formatByteRate(bytes.min).padStart(12)}${formatByteRate(bytes.max).padStart(12)}`;
    const cpu = (row.cpuSecondsPerGB === undefined ? '' : threeDigits(row.cpuSecondsPerGB)).padStart(10);
    lines.push(isNarrow ? first : `${first}${spread}${cpu}`);
  }
  const against = (row: typeof best, name: string) => {
    if (!row) return [];
    const { median, min, max } = row.shmRatio;
    const text = `shared memory is ${formatRatio(median)} [${formatRatio(min)}..${formatRatio(max)}] ${name}: ${row.label}`;
    return [text];
  };
  return [...lines, ...against(defaultPipe, 'the default pipe'), ...against(best, 'the best of the others')];
}
