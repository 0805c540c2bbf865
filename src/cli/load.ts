// `shmtop load`: the load generator as a command. Turns words into options, and what the engine measured into text.

import type { LoadEngine } from '../load/engine.ts';
import { isTrue } from '../load/model/meter.ts';
import { DEFAULT_OPTIONS } from '../load/model/options.ts';
import { isProblem, type LoadProblem } from '../load/model/problem.ts';
import { sizeText } from '../load/model/size.ts';
import { SYNC_MODE_WORDS, SYNC_QUESTION } from '../ui/format/sync-modes.ts';
import { jsonText } from './json-text.ts';
import { apiLines, apisReport, compareApis } from './load/apis.ts';
import { summariseComparison } from './load/comparison.ts';
import type { LoadContext } from './load/context.ts';
import { type Live, meterPrinter, openLive } from './load/live.ts';
import { plotSweep } from './load/plot.ts';
import {
  cleanReport,
  comparisonReport,
  leakReport,
  modesReport,
  reportOf,
  sweepCsv,
  sweepReport,
} from './load/report.ts';
import { summariseMeter, truthLines } from './load/summary.ts';
import { tour } from './load/tour.ts';
import { ALL_APIS, type LoadWords, parseWhole, readWords } from './load/words.ts';
import { reportError } from './report.ts';
import { EXIT } from './usage.ts';

const DEFAULT_LEAKS = 5;
/** What `live.line` takes for a label and indents by. */
const MODE_WIDTH = 12;
/** Rounds of a comparison, as far as it ends in time. */
const DEFAULT_ROUNDS = 5;
const COMPARE_BUDGET_SEC = 95;
const COMPARE_SIZES: readonly number[] = [64, 4096, 65_536, 1_048_576];
/** Measured seconds: before a comparison, of each of its cells, and of each size of a sweep. */
const COMPARE_SEC = 3;
const CELL_SEC = 0.25;
const CELL_WARM_UP_SEC = 0.1;
const SWEEP_SEC = 0.7;

/** Runs the command to its end and gives the exit code: 0 done, 1 not done or a message was wrong, 2 usage, 130 interrupted. */
export async function runLoad(words: LoadWords, context: LoadContext): Promise<number> {
  const options = readWords(words);
  if (isProblem(options)) return complain(context, options);
  const rounds = words.rounds === undefined ? DEFAULT_ROUNDS : parseWhole(words.rounds);
  if (rounds === undefined)
    return complainUsage(context, `--rounds cannot be "${words.rounds}": give a whole number from 1 on.`);
  if (words.clean && words.leak === undefined)
    return complainUsage(context, '--clean goes with --leak: shmtop load --leak --clean.');
  if (words.csv && !words.sweep) return complainUsage(context, '--csv goes with --sweep.');
  if (words.rounds !== undefined && !words.compare && words.api !== ALL_APIS)
    return complainUsage(context, '--rounds goes with --compare and --api all.');
  const apart = [words.sweep, words.compare, words.api === ALL_APIS].filter(Boolean).length;
  if (apart > 1) return complainUsage(context, 'Choose one of --sweep, --compare and --api all.');
  if (words.modes) return listModes(words, context);
  const engine = context.openEngine();
  if (isProblem(engine)) return complain(context, engine);
  if (words.leak !== undefined) return leak(engine, words, context);
  const run: Run = {
    engine,
    words,
    context,
    options,
    rounds,
    live: openLive(words.json || words.csv ? context.stderr : context.stdout, context.env),
  };
  if (words.tour) {
    if (words.json) return complainUsage(context, '--tour is for people: --json does not go with it.');
    const ended = await tour(engine, context, run.live, options.durationSec);
    return context.signal.aborted ? EXIT.interrupted : ended;
  }
  const code = words.api === ALL_APIS ? await apis(run) : words.sweep ? await sweep(run) : await measure(run);
  return context.signal.aborted ? EXIT.interrupted : code;
}

interface Run {
  readonly engine: LoadEngine;
  readonly words: LoadWords;
  readonly context: LoadContext;
  readonly options: Exclude<ReturnType<typeof readWords>, LoadProblem>;
  readonly rounds: number;
  readonly live: Live;
}

async function measure({ engine, words, context, options, rounds, live }: Run): Promise<number> {
  const { signal, stdout } = context;
  const print = words.json ? (meter: { phase: string }) => live.status(`${meter.phase} …`) : meterPrinter(live);
  const request = words.compare ? { ...options, durationSec: options.durationSec ?? COMPARE_SEC } : options;
  const meter = await engine.measure({ options: request, probes: words.latency !== false, onMeter: print, signal });
  live.clear();
  if (isProblem(meter)) return complain(context, meter);
  if (!words.json && meter.total?.messages) for (const text of ['', ...summariseMeter(meter)]) live.line(text);
  else if (!words.json && !meter.problem) for (const text of truthLines(meter.truth)) live.line(text);
  let code: number = isTrue(meter.truth) ? EXIT.done : EXIT.notDone;
  if (meter.problem) code = complain(context, meter.problem);
  if (!words.compare || code !== EXIT.done || signal.aborted) {
    if (words.json) stdout.write(`${jsonText(reportOf(meter))}\n`);
    return code;
  }
  const comparison = await engine.compare({
    options: { ...DEFAULT_OPTIONS, ...options, durationSec: CELL_SEC, warmUpSec: CELL_WARM_UP_SEC },
    sizes: options.sizeBytes === undefined ? COMPARE_SIZES : [options.sizeBytes],
    rounds,
    // So many rounds as were asked for, however long that takes.
    ...(words.rounds === undefined ? { budgetSec: COMPARE_BUDGET_SEC } : {}),
    signal,
    onProgress: (done, of, label) => live.status(`comparing ${done + 1} of ${of}: ${label} …`),
  });
  live.clear();
  if (words.json) stdout.write(`${jsonText({ ...reportOf(meter), comparison: comparisonReport(comparison) })}\n`);
  else for (const text of ['', ...summariseComparison(comparison, live.width, live.boxes)]) live.line(text);
  if (comparison.problem) return complain(context, comparison.problem);
  return comparison.isTrue ? EXIT.done : EXIT.notDone;
}

async function apis({ engine, words, context, options, rounds, live }: Run): Promise<number> {
  const { signal, stdout } = context;
  const compared = await compareApis(engine, { options, rounds, signal, onProgress: live.status });
  live.clear();
  if (words.json) stdout.write(`${jsonText(apisReport(compared))}\n`);
  else for (const text of apiLines(compared)) live.line(text);
  if (compared.problem) return complain(context, compared.problem);
  return compared.isTrue ? EXIT.done : EXIT.notDone;
}

async function sweep({ engine, words, context, options, live }: Run): Promise<number> {
  const { signal, stdout } = context;
  const result = await engine.sweep({
    options: { ...DEFAULT_OPTIONS, ...options, durationSec: options.durationSec ?? SWEEP_SEC },
    signal,
    onProgress: (done, of, sizeBytes) => live.status(`size ${sizeText(sizeBytes)}, ${done + 1} of ${of} …`),
  });
  live.clear();
  if (words.csv) stdout.write(sweepCsv(result));
  else if (words.json) stdout.write(`${jsonText(sweepReport(result, options))}\n`);
  else for (const text of plotSweep(result.points, live.width, live.boxes)) live.line(text);
  if (result.problem) return complain(context, result.problem);
  if (result.isTrue) return EXIT.done;
  reportError(context, 'messages were torn, lost or reordered; see the counts with --json or --csv');
  return EXIT.notDone;
}

function leak(engine: LoadEngine, words: LoadWords, context: LoadContext): number {
  const count = words.leak === true || words.leak === undefined ? DEFAULT_LEAKS : parseWhole(words.leak);
  if (count === undefined)
    return complainUsage(context, `--leak cannot be "${words.leak}": give a whole number from 1 on.`);
  const { ids, problem } = words.clean ? engine.cleanLeaks() : engine.leak(count);
  if (words.json) context.stdout.write(`${jsonText(words.clean ? cleanReport(ids) : leakReport(ids))}\n`);
  else {
    for (const id of ids) context.stdout.write(`${words.clean ? 'removed ' : ''}${id}\n`);
    if (words.clean && ids.length === 0) context.stdout.write('There were no leaks of ours to remove.\n');
    if (!words.clean && ids.length > 0) {
      context.stdout.write(
        'They count as left over after the grace time (60 s), or at once in: shmtop ls --min-age 0\n',
      );
      context.stdout.write('Try removing them with: shmtop rm ID; or all at once: shmtop load --leak --clean\n');
    }
  }
  return problem ? complain(context, problem) : EXIT.done;
}

/** The one table of modes, each with its answer to the question that all of them are about. */
function listModes(words: LoadWords, { stdout, env }: LoadContext): number {
  const live = openLive(stdout, env);
  if (words.json) stdout.write(`${jsonText(modesReport())}\n`);
  else for (const text of [SYNC_QUESTION, '', ...modeLines()]) live.line(text);
  return EXIT.done;
}

const modeLines = () =>
  SYNC_MODE_WORDS.flatMap(({ mode, answer, cost }) => [
    `${mode.padEnd(MODE_WIDTH)}${answer}`,
    `${' '.repeat(MODE_WIDTH)}${cost}`,
  ]);

function complain(context: LoadContext, problem: LoadProblem): number {
  reportError(context, problem.message);
  return problem.kind === 'usage' ? EXIT.usage : EXIT.notDone;
}

function complainUsage(context: LoadContext, message: string): number {
  return complain(context, { kind: 'usage', message });
}
