// `shmtop check`: one value against its thresholds, by the conventions of monitoring plug-ins: one line on standard output, also of what
// went wrong, and exit codes of their own (0 fine, 1 warning, 2 critical, 3 not known; help and version too are not an answer).
import { namespacesOf, parseObjectFilter } from '../filter/object-filter.ts';
import { measureMounts, measureSegments, measureSemaphores } from './check/ceilings-used.ts';
import { measureLeftovers } from './check/leftovers.ts';
import { MEASURES, type Measure, numberIn, unitWords } from './check/measure.ts';
import { type Perf, pluginLine } from './check/plugin-line.ts';
import { parseRange, RANGE_WORDS, type Range } from './check/range.ts';
import type { Measured, NotMeasured, Reading } from './check/reading.ts';
import { exitCodeOf, type Status, statusOf, type Thresholds, worstOf } from './check/status.ts';
import type { CliContext } from './context.ts';
import { namedNamespaces } from './named-namespaces.ts';
import { understood } from './understood.ts';
import { UsageError } from './usage.ts';

export interface CheckOptions {
  /** Those that were asked for: one makes sense. */
  readonly measures: readonly string[];
  /** As typed. */
  readonly warning?: string;
  readonly critical?: string;
  readonly namespace?: string;
  /** Seconds. */
  readonly minAge: number;
}

/** Those that were typed. */
export const measuresIn = (isGiven: (name: string) => boolean): readonly string[] =>
  MEASURES.map(({ option }) => option).filter(isGiven);

/** Throws UsageError for what makes no sense; `checkFailed` tells it. */
export async function check(context: CliContext, words: readonly string[], options: CheckOptions): Promise<number> {
  const measure = measureOf(options.measures);
  const thresholds = thresholdsOf(measure, options);
  const measured = await measureBy(measure, context, words, options);
  if ('problem' in measured) return answer(context, 'UNKNOWN', measured.problem);
  const { readings, notes } = measured;
  const statuses = readings.map((reading) => statusOf(reading, thresholds));
  const text = [...readings.map(({ words }) => words), ...notes].join('; ');
  return answer(
    context,
    worstOf(statuses),
    text,
    readings.flatMap((reading) => perfsOf(reading, measure, thresholds)),
  );
}

/** The same of what was thrown, whatever it was: who reads exit codes must not take a fault for a warning. */
export function checkFailed(context: CliContext, error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof UsageError ? '. See shmtop check --help' : '';
  return answer(context, 'UNKNOWN', `${error instanceof UsageError ? '' : 'a fault of shmtop: '}${message}${hint}`);
}

function answer(context: CliContext, status: Status, words: string, perfs: readonly Perf[] = []): number {
  try {
    context.stdout.write(pluginLine(status, words, perfs));
    return exitCodeOf(status);
  } catch {
    return exitCodeOf('UNKNOWN'); // EPIPE, ENOSPC, EIO: nobody was told
  }
}

function measureOf(asked: readonly string[]): Measure {
  const [measure, ...more] = MEASURES.filter(({ option }) => asked.includes(option));
  if (measure && more.length === 0) return measure;
  const all = MEASURES.map(({ option }) => `--${option}`).join(', ');
  throw new UsageError(`check needs one measure, ${measure ? `not ${asked.length}` : 'and none is given'}: ${all}`);
}

function thresholdsOf(measure: Measure, { warning, critical }: CheckOptions): Thresholds {
  const isGiven = warning !== undefined || critical !== undefined;
  const ofMeasure = 'critical' in measure ? measure.critical : undefined;
  return {
    warning: rangeOf(measure, '--warning', isGiven ? warning : measure.warning),
    critical: rangeOf(measure, '--critical', isGiven ? critical : ofMeasure),
  };
}

function rangeOf({ unit }: Measure, option: string, text: string | undefined): Range | undefined {
  if (text === undefined) return undefined;
  const range = parseRange(text, (number) => numberIn(unit, number));
  if (range) return range;
  throw new UsageError(`${option} takes ${RANGE_WORDS}${unitWords(unit)}; "${text}" is not understood`);
}

async function measureBy(
  { option }: Measure,
  context: CliContext,
  words: readonly string[],
  options: CheckOptions,
): Promise<Measured | NotMeasured> {
  const isCounted = option === 'abandoned' || option === 'orphaned' || option === 'abandoned-bytes';
  if (!isCounted && words.length > 0) throw new UsageError(`--${option} is of the machine and takes no filter words`);
  if (!isCounted && options.namespace !== undefined)
    throw new UsageError(`--${option} is of our own namespaces: --namespace goes with --abandoned and --orphaned`);
  if (option === 'semaphores-used') return measureSemaphores(await context.semaphores());
  const filter = understood(parseObjectFilter(words));
  const reach = namedNamespaces(options.namespace, namespacesOf(filter));
  const snapshot = context.sample({ includeFiles: false, minAgeSec: options.minAge, rss: isCounted });
  switch (option) {
    case 'segments-used':
      return measureSegments(snapshot);
    case 'shm-used':
      return measureMounts(snapshot, 'bytes');
    case 'inodes-used':
      return measureMounts(snapshot, 'inodes');
    default: {
      const state = option === 'orphaned' ? 'orphaned' : 'abandoned';
      const inBytes = option === 'abandoned-bytes';
      return measureLeftovers(snapshot, { state, inBytes, filter, reach, blocked: context.rules.blocked });
    }
  }
}

function perfsOf(
  { label, value, max, beside = [] }: Reading,
  { unit }: Measure,
  thresholds: Thresholds,
): readonly Perf[] {
  return [{ label, value, unit, thresholds, max }, ...beside];
}
