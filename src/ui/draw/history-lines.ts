// What was seen to happen to one object while the dashboard ran: trends, and who held it how long.
import { escapeBytes } from '../../probe/model/bytes.ts';
import { type Hold, heldMs, type ObjectHistory } from '../../probe/model/event/object-history.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import { sparksBetween } from '../format/boxes.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { formatDuration } from '../format/duration.ts';
import { clockTime } from '../format/event-text.ts';
import { formatMilliseconds } from '../format/milliseconds.ts';
import { countOf } from '../format/totals.ts';
import { type Step, trendOf } from '../state/trend.ts';
import type { Kit } from './pen.ts';

const TREND_SECONDS = 300;
const TREND_COLUMNS = 24;
const MOST_HOLDS = 6;

/** Sparklines of nattch and of what it costs, each with its least and most; none where nothing moved. */
export function trendLines({ boxes }: Kit, history: ObjectHistory | undefined, nowMs: number): string[] {
  const { points = [] } = history ?? {};
  const steps = (read: (point: (typeof points)[number]) => number | undefined): Step[] =>
    points.flatMap((point) => {
      const value = read(point);
      return value === undefined ? [] : [{ atMs: point.atMs, value }];
    });
  const line = (name: string, values: readonly Step[], spell: (value: number) => string) => {
    const trend = trendOf(values, nowMs, TREND_SECONDS, TREND_COLUMNS);
    if (!trend || trend.least === trend.most) return [];
    const range = `${spell(trend.least)} to ${spell(trend.most)}`;
    return [
      `${sparksBetween(trend.values, trend.least, trend.most, boxes.sparks)} ${name} ${range}, ${formatDuration(trend.seconds)}`,
    ];
  };
  return [
    ...line(
      'nattch',
      steps(({ nattch }) => nattch),
      String,
    ),
    ...line(
      'memory',
      steps(({ costBytes }) => costBytes),
      formatIecBytes,
    ),
  ];
}

/** Who holds it and who did, the latest first, and how long. */
export function holdLines(history: ObjectHistory | undefined, nowMs: number): string[] {
  const { holds = [] } = history ?? {};
  if (holds.length === 0) return [];
  const lasting = holds.filter(({ untilMs }) => untilMs === undefined);
  const ended = holds.filter(({ untilMs }) => untilMs !== undefined);
  const shown = [...lasting, ...ended].length > MOST_HOLDS ? [...lasting.slice(-3), ...ended.slice(-3)] : holds;
  const lines = [...shown].sort((a, b) => lastSign(b) - lastSign(a)).map((hold) => holdLine(hold, nowMs));
  const lengths = ended.flatMap((hold) => heldMs(hold, nowMs) ?? []).sort((a, b) => a - b);
  if (lengths.length > 1) {
    const [least, middle, most] = [0, lengths.length >> 1, lengths.length - 1].map((at) =>
      formatMilliseconds(itemAt(lengths, at)),
    );
    lines.push(
      `the last ${countOf(lengths.length, 'attach', 'attaches')} held ${least} to ${most}, half of them up to ${middle}`,
    );
  }
  return lines;
}

const lastSign = ({ fromMs = 0, untilMs }: Hold) => untilMs ?? Math.max(fromMs, Number.MAX_SAFE_INTEGER);

function holdLine(hold: Hold, nowMs: number): string {
  const { pid, comm, fromMs, untilMs } = hold;
  const who = `${comm === undefined ? '?' : escapeBytes(comm)}[${pid}]`;
  const held = heldMs(hold, nowMs);
  if (untilMs === undefined) return `${who} since ${clockTime(fromMs ?? nowMs)} (${formatMilliseconds(held ?? 0)})`;
  return `${who} until ${clockTime(untilMs)}, ${held === undefined ? 'since before the watch' : `for ${formatMilliseconds(held)}`}`;
}
