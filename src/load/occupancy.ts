// How full the rings are, sampled 50 times a second: since the last look, since the last row, since the start.
import type { Crew } from './crew.ts';
import type { Observed } from './model/meter.ts';
import { readOccupancy } from './read-counters.ts';

const SAMPLE_MS = 20;

export interface OccupancyWatch {
  /** 0 to 1. */
  readonly latest: () => number;
  readonly sinceStart: () => Observed;
  /** What was seen since the last call. */
  readonly sinceRow: () => Observed;
  readonly sinceStep: () => Observed;
  readonly end: () => void;
}

/** Starts sampling; `end` it before the rings go. */
export function watchOccupancy(crew: Pick<Crew, 'views'>, slots: number): OccupancyWatch {
  const all = newSpan();
  const row = newSpan();
  const step = newSpan();
  let latest = 0;
  const timer = setInterval(() => {
    const views = crew.views();
    if (views.length === 0) return;
    latest = readOccupancy(views, slots);
    for (const span of [all, row, step]) {
      span.sum += latest;
      span.count++;
      span.max = Math.max(span.max, latest);
    }
  }, SAMPLE_MS);
  const observed = ({ sum, count, max }: typeof all) => ({
    occupancyMean: count > 0 ? sum / count : latest,
    occupancyMax: max,
  });
  const taken = (span: typeof all) => {
    const seen = observed(span);
    Object.assign(span, newSpan());
    return seen;
  };
  return {
    latest: () => latest,
    sinceStart: () => observed(all),
    sinceRow: () => taken(row),
    sinceStep: () => taken(step),
    end: () => clearInterval(timer),
  };
}

const newSpan = () => ({ sum: 0, count: 0, max: 0 });
