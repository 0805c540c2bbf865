// The last minutes of what the header and the ceilings show: for sparklines, rates and "full in".
import { itemAt } from '../../probe/model/item-at.ts';

/** One number over time; samples are milliseconds since the epoch and a value. The oldest are dropped. */
export interface Series {
  readonly atMs: readonly number[];
  readonly values: readonly number[];
}

export type History = Readonly<Record<string, Series>>;

const MOST_SAMPLES = 300;
/** Below this many seconds no rate is told: two samples are no trend. */
const LEAST_SECONDS = 4;

export function addSample(series: Series | undefined, atMs: number, value: number): Series {
  if (!series) return { atMs: [atMs], values: [value] };
  return {
    atMs: [...series.atMs, atMs].slice(-MOST_SAMPLES),
    values: [...series.values, value].slice(-MOST_SAMPLES),
  };
}

/** When the last sample was added; undefined before the first. */
export function latestMs(history: History): number | undefined {
  const times = Object.values(history).flatMap(({ atMs }) => atMs.at(-1) ?? []);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** One sample for each value that is known. */
export function addSamples(
  history: History,
  atMs: number,
  values: Readonly<Record<string, number | undefined>>,
  intervalMs?: number,
): History {
  const next: Record<string, Series> = { ...history };
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) next[name] = addSample(filled(next[name], atMs, intervalMs), atMs, value);
  }
  return next;
}

/** Samples that were left out because nothing changed are put back, so that a sparkline's columns stay of equal time. */
function filled(series: Series | undefined, atMs: number, intervalMs: number | undefined): Series | undefined {
  if (!series || !intervalMs) return series;
  let full = series;
  const lastMs = series.atMs.at(-1);
  const value = series.values.at(-1);
  if (lastMs === undefined || value === undefined) return series;
  const missing = Math.min(MOST_SAMPLES, Math.round((atMs - lastMs) / intervalMs) - 1);
  for (let at = 1; at <= missing; at++) full = addSample(full, lastMs + at * intervalMs, value);
  return full;
}

/** Units a second over the last `seconds` (least squares); absent while too little is known. */
export function ratePerSecond(series: Series | undefined, seconds = 60): number | undefined {
  if (!series || series.atMs.length < 3) return undefined;
  const lastMs = itemAt(series.atMs, series.atMs.length - 1);
  const points = series.atMs.flatMap((atMs, at) =>
    lastMs - atMs <= seconds * 1000 ? [{ x: (atMs - lastMs) / 1000, y: itemAt(series.values, at) }] : [],
  );
  const span = -(points[0]?.x ?? 0);
  if (points.length < 3 || span < LEAST_SECONDS) return undefined;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

/** Seconds until `limit` at the present rate; absent when it does not grow. */
export function secondsToFull(series: Series | undefined, limit: number): number | undefined {
  const rate = ratePerSecond(series);
  const value = series?.values[series.values.length - 1];
  if (rate === undefined || value === undefined || rate <= 0 || value >= limit) return undefined;
  const seconds = (limit - value) / rate;
  return seconds < 10 * 365 * 86400 ? seconds : undefined;
}
