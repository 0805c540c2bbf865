// Values over time as columns of blocks, several lines high, from zero to the greatest of them.
import type { Boxes } from '../format/boxes.ts';

export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  /** How many values the whole width is for. */
  readonly window: number;
  /** How many values there have been ever: where there are more than fit, columns keep their values and do not shimmer. */
  readonly count: number;
  /** Will there be more than fit? Then the latest are shown; else the values grow from the left until the width is full. */
  readonly isScrolling: boolean;
  /** What the full height stands for; the greatest of the columns unless told. */
  readonly most?: number;
}

/** `height` lines of exactly `width` columns; each column is the mean of its values. */
export function drawChart(values: readonly number[], options: ChartOptions, boxes: Boxes): string[] {
  const { width, height, isScrolling } = options;
  const columns = isScrolling ? latestColumns(values, options) : stretchedColumns(values, options);
  const top = options.most ?? Math.max(...columns, Number.MIN_VALUE);
  const steps = boxes.sparks.length;
  const levels = columns.map((value) =>
    Math.max(value > 0 ? 1 : 0, Math.round(Math.min(1, value / top) * height * steps)),
  );
  return Array.from({ length: height }, (_, line) => {
    const below = (height - 1 - line) * steps;
    return levels
      .map((level) => (level <= below ? ' ' : boxes.sparks[Math.min(steps, level - below) - 1]))
      .join('')
      .padEnd(width);
  });
}

/** Groups that start at whole multiples of their size, counted from the very first value; the last one still grows. */
function latestColumns(values: readonly number[], { width, window, count }: ChartOptions): number[] {
  const perColumn = Math.max(1, Math.ceil(window / width));
  const first = count - values.length;
  const columns: number[] = [];
  for (let at = 0; at < values.length; ) {
    const end = Math.min(values.length, at + perColumn - ((first + at) % perColumn));
    columns.push(mean(values.slice(at, end)));
    at = end;
  }
  return columns.slice(-width);
}

/** Every value over the columns that its time takes. */
function stretchedColumns(values: readonly number[], { width, window }: ChartOptions): number[] {
  const known = Math.min(width, Math.round((values.length * width) / window));
  return Array.from({ length: known }, (_, column) => {
    const from = Math.min(values.length - 1, Math.floor((column * window) / width));
    const to = Math.max(from + 1, Math.floor(((column + 1) * window) / width));
    return mean(values.slice(from, to));
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
