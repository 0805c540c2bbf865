// What a load came to, in lines for a person: rate, who waited, latency, cost, truth.
import type { Comparison } from '../../load/compare.ts';
import type { Percentiles } from '../../load/model/histogram.ts';
import { isTrue, type Meter, type Truth } from '../../load/model/meter.ts';
import { exactSizeText } from '../../load/model/size.ts';
import { formatByteRate, formatCount, formatNs, formatRatio, formatShare, threeDigits } from './numbers.ts';

/** Above this the machine was too busy for the figures to be taken for its limits. */
const NOISY_SHARE = 0.1;
const LABEL_WIDTH = 12;

const line = (label: string, text: string) => `${label.padEnd(LABEL_WIDTH)}${text}`;

/** The summary of one run; empty when nothing was measured. */
export function summariseMeter(meter: Meter): string[] {
  const { total, setup } = meter;
  if (!total) return [];
  const lines = [
    line('throughput', `${formatCount(total.messagesPerSecond)} messages/s, ${formatByteRate(total.bytesPerSecond)}`),
    line('', `${formatCount(total.messages)} messages in ${total.seconds.toFixed(1)} s (GB is 10^9 bytes)`),
    ...memcpyLine(meter),
    line(
      'waiting',
      `producer ${formatShare(total.producer.waitShare)}, consumer ${formatShare(total.consumer.waitShare)}; ${bottleneck(meter)}`,
    ),
    line('', `ring filled ${formatShare(total.occupancyMean)} on average, ${formatShare(total.occupancyMax)} at most`),
    line(
      'sleeps',
      `producer ${perSecond(total.producer.sleepsPerSecond)}, consumer ${perSecond(total.consumer.sleepsPerSecond)}`,
    ),
  ];
  if (meter.wakeNs !== undefined)
    lines.push(line('wake-up', `${formatNs(meter.wakeNs)} on this machine, measured before`));
  if (meter.roundTripNs) lines.push(...percentileLines('round trip', meter.roundTripNs, 'one message, empty ring'));
  if (total.oneWayNs)
    lines.push(...percentileLines('one way', total.oneWayNs, 'from the intended send, at the rate offered'));
  else lines.push(...queueLine(meter));
  if (total.cpuSecondsPerGB !== undefined) {
    const { producer, consumer } = total;
    const side = (user: number, system: number) => `${formatShare(user)} user ${formatShare(system)} system`;
    lines.push(line('processor', `${threeDigits(total.cpuSecondsPerGB)} s per GB, both sides`));
    lines.push(line('', `producer ${side(producer.cpuUserShare, producer.cpuSystemShare)}`));
    lines.push(line('', `consumer ${side(consumer.cpuUserShare, consumer.cpuSystemShare)}`));
  }
  lines.push(line('checking', `${formatShare(total.checkShare)} of the consumer's time (--verify ${setup.verify})`));
  lines.push(...truthLines(meter.truth));
  if (total.othersCpuShare !== undefined && total.othersCpuShare > NOISY_SHARE) {
    lines.push(
      line('noisy', `others used ${formatShare(total.othersCpuShare)} of the machine: expect more when it is idle`),
    );
  }
  return lines;
}

/** The counts of the verification, and what to think of them. */
export function truthLines(truth: Truth): string[] {
  const { verified, checkedFull, torn, lost, reordered } = truth;
  const lines = [
    line(
      'verified',
      `${verified} messages, every byte of ${checkedFull}: torn ${torn}, lost ${lost}, reordered ${reordered}`,
    ),
  ];
  if (!isTrue(truth))
    lines.push(line('', 'THE DATA WERE DAMAGED: do not trust this machine or this program; please report it'));
  return lines;
}

const perSecond = (count: number) => `${formatCount(count)}/s`;

function memcpyLine({ total, memcpyBytesPerSecond, setup }: Meter): string[] {
  if (!total || !memcpyBytesPerSecond) return [];
  const share = total.bytesPerSecond / setup.pairs / memcpyBytesPerSecond;
  return [
    line(
      '',
      `${formatShare(share)} of what one processor alone copies into the ring (${formatByteRate(memcpyBytesPerSecond)})`,
    ),
  ];
}

function bottleneck({ total }: Meter): string {
  if (!total) return '';
  const difference = total.producer.waitShare - total.consumer.waitShare;
  if (Math.abs(difference) < 0.05) return 'both are about as fast';
  return difference > 0 ? 'the consumer is the slower side' : 'the producer is the slower side';
}

/** Little's law: what a message waits in the queue at full load; said so that nobody takes it for a latency of the ring. */
function queueLine({ total, setup }: Meter): string[] {
  if (!total || setup.transport !== 'shm' || total.messagesPerSecond === 0) return [];
  const queued = (total.occupancyMean * setup.slots * setup.pairs) / total.messagesPerSecond;
  return [line('queueing', `about ${formatNs(queued * 1e9)} a message at full load; for latency offer a --rate`)];
}

function percentileLines(label: string, { p50, p90, p99, p999, max }: Percentiles, how: string): string[] {
  const values = [
    `p50 ${formatNs(p50)}`,
    `p90 ${formatNs(p90)}`,
    `p99 ${formatNs(p99)}`,
    `p99.9 ${formatNs(p999)}`,
    `max ${formatNs(max)}`,
  ];
  return [line(label, values.join(', ')), line('', `(${how})`)];
}

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
