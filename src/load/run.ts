// One run of a load from start to end: warm-up, measuring, stop, the last count. Tells the meter as it goes.
import type { Libc } from '../native/libc.ts';
import { type Crew, startCrew } from './crew.ts';
import { readGrowth } from './growing.ts';
import { type CpuTicks, readCpuTicks } from './machine.ts';
import { readFairness, settleMany } from './many/account.ts';
import { percentiles } from './model/histogram.ts';
import { advanceMeter, intervalBetween, type Meter, newMeter, type Observed, truthOf } from './model/meter.ts';
import { isProblem, problem } from './model/problem.ts';
import type { Reading } from './model/reading.ts';
import { CONTROL } from './model/ring.ts';
import { watchOccupancy } from './occupancy.ts';
import type { LoadPlan } from './plan.ts';
import { readCounters } from './read-counters.ts';

export interface RunRequest {
  readonly libc: Libc;
  readonly plan: LoadPlan;
  /** How long a row is. */
  readonly intervalMs: number;
  /** How often `now`, `total` and the history move on, a whole part of a row; with each row unless told. */
  readonly liveMs?: number;
  /** Older rows are dropped; all are kept unless told. */
  readonly mostRows?: number;
  /** Called with a new meter at each change of phase and each row; on the main thread, a few microseconds apart from its work. */
  readonly onMeter?: (meter: Meter) => void;
  /** Found out before (probe.ts), to be shown with the rest. */
  readonly known?: Pick<Meter, 'roundTripNs' | 'wakeNs'>;
  /** Ends the run early; what was measured until then counts. */
  readonly signal?: AbortSignal;
}

/** Runs the plan to its end; never throws for what can go wrong with a load: the last meter has `problem`. */
export async function runPlan(request: RunRequest): Promise<Meter> {
  const { libc, plan, onMeter = () => {} } = request;
  let meter = newMeter(setupOf(plan), request.known);
  const show = (change: Partial<Meter>) => {
    meter = { ...meter, ...change };
    onMeter(meter);
    return meter;
  };
  const crew = await startCrew(libc, plan);
  if (isProblem(crew)) return show({ phase: 'failed', problem: crew });
  try {
    show({ setup: setupOf(plan, crew) });
    const notReady = await crew.ready();
    if (notReady) return show({ phase: 'failed', problem: notReady });
    crew.tell(CONTROL.warmUp);
    show({ phase: 'warm-up' });
    await sleep(plan.warmUpSec * 1000, request.signal, crew);
    crew.tell(CONTROL.run);
    const measured = await measure(request, crew, () => meter, show);
    show({ phase: 'stopping' });
    await crew.stop();
    return show(finish(crew, plan, measured, request.signal?.aborted === true));
  } finally {
    await crew.close();
  }
}

/** Where no message came in the time that was asked for, it goes on until one does, but no longer than this. */
const PATIENCE_NS = 5e9;
const LOOK_NS = 20e6;

/** Rows until the time is over, the signal comes or a worker is gone. Returns the last reading before the stop. */
async function measure(
  { plan, intervalMs, liveMs = intervalMs, mostRows, signal }: RunRequest,
  crew: Crew,
  current: () => Meter,
  show: (meter: Meter) => void,
): Promise<Reading> {
  const { setup } = current();
  const watch = watchOccupancy(plan.many ? firstOf(crew) : crew, plan.geometry.slots * Math.max(1, plan.mostBlocks));
  const start = await markNow(crew);
  const endNs = start.reading.atNs + plan.durationSec * 1e9;
  const isOver = (atNs: number) => atNs >= endNs - 1e6;
  // Steps are counted from the start, so that what a timer is late does not add up.
  const stepsAt = ({ reading }: Mark) => Math.floor((reading.atNs - start.reading.atNs) / 1e6 / liveMs + 0.5);
  const rowsAt = (mark: Mark) => Math.floor(stepsAt(mark) / Math.round(intervalMs / liveMs));
  const between = (from: Mark, to: Mark, seen: Observed) =>
    intervalBetween(setup, start.reading, from.reading, to.reading, { ...seen, ...othersBetween(from, to) });
  let from = start;
  let rowStart = start;
  try {
    while (true) {
      const dueNs = start.reading.atNs + (stepsAt(from) + 1) * liveMs * 1e6;
      const fromNs = from.reading.atNs;
      await sleep(((isOver(fromNs) ? fromNs + LOOK_NS : Math.min(endNs, dueNs)) - fromNs) / 1e6, signal, crew);
      const to = await markNow(crew);
      const hasMoved = to.reading.consumer.messages > start.reading.consumer.messages;
      const isDone = isOver(to.reading.atNs) && (hasMoved || to.reading.atNs >= endNs + PATIENCE_NS);
      const isLast = isDone || signal?.aborted === true || crew.accident() !== undefined;
      const now = between(from, to, watch.sinceStep());
      const isRow = isLast || rowsAt(to) > rowsAt(rowStart);
      const row = isRow ? between(rowStart, to, watch.sinceRow()) : undefined;
      const total = between(start, to, watch.sinceStart());
      const growth = readGrowth(crew.views(), plan);
      const advanced = advanceMeter(current(), { now, row, total }, to.reading, watch.latest(), mostRows);
      const fairness = readFairness(crew.views(), plan);
      show({ ...advanced, ...(growth ? { growth } : {}), ...(fairness ? { fairness } : {}) });
      if (isLast) return to.reading;
      from = to;
      if (isRow) rowStart = to;
    }
  } finally {
    watch.end();
  }
}

/** The counters of the load and of the processors at one moment. */
interface Mark {
  readonly reading: Reading;
  readonly ticks?: CpuTicks;
}

async function markNow(crew: Crew): Promise<Mark> {
  const ticks = await readCpuTicks();
  return { reading: readCounters(crew.views()), ticks };
}

/** After the workers are gone: every message that was published must have been taken out. */
function finish(crew: Crew, plan: LoadPlan, measured: Reading, wasStopped: boolean): Partial<Meter> {
  const last = readCounters(crew.views());
  const accident = crew.accident();
  const settled = accident ? undefined : settleMany(crew.views(), plan);
  const inFlight = plan.job === 'duplex' || accident ? 0 : last.producer.messages - last.consumer.messages;
  const missing = settled?.lost ?? inFlight;
  // A message that was counted as lost by its stamp is not missing from the count of those that came.
  const counted = truthOf(last, Math.max(0, missing), plan.sync === 'none');
  // What came twice was out of its order.
  const truth = settled ? { ...counted, reordered: counted.reordered + settled.repeated } : counted;
  if (accident) return { phase: 'failed', problem: accident, truth };
  if (measured.consumer.messages === 0 && !wasStopped) {
    const message = 'No message arrived in the measured time. Use a longer duration or smaller messages.';
    return { phase: 'failed', truth, problem: problem('failed', message) };
  }
  const roundTripNs = plan.job === 'duplex' ? percentiles(last.latency, last.maxLatencyNs) : undefined;
  return { phase: 'done', truth, ...(roundTripNs ? { roundTripNs } : {}) };
}

function setupOf(plan: LoadPlan, crew?: Crew): Meter['setup'] {
  return {
    sync: plan.sync,
    backing: plan.backing,
    transport: plan.transport,
    sizeBytes: plan.sizeBytes,
    pairs: plan.pairs,
    slots: plan.geometry.slots * Math.max(1, plan.mostBlocks),
    batch: plan.batch,
    group: plan.group,
    verify: plan.verify,
    ...(plan.api === 'copy' ? {} : { api: plan.api }),
    ...(plan.many ? { producers: plan.many.producers, consumers: plan.many.consumers } : {}),
    ...(plan.huge ? { huge: true } : {}),
    ...(plan.rate === undefined ? {} : { rate: plan.rate }),
    ...(plan.mostBlocks > 0 ? { mostBytes: plan.mostBytes * plan.pairs } : {}),
    ...(plan.readerRate === undefined ? {} : { readerRate: plan.readerRate }),
    segmentName: crew?.segment.name ?? '',
    segmentBytes: plan.segmentBytes,
    durationSec: plan.durationSec,
    workers: crew?.workers ?? [],
  };
}

const cpuNsBetween = (from: Reading, to: Reading) =>
  to.producer.cpuUserNs +
  to.producer.cpuSystemNs +
  to.consumer.cpuUserNs +
  to.consumer.cpuSystemNs -
  (from.producer.cpuUserNs + from.producer.cpuSystemNs + from.consumer.cpuUserNs + from.consumer.cpuSystemNs);

/** Where many share a ring, both indices are in the first header. */
const firstOf = (crew: Crew): Pick<Crew, 'views'> => ({ views: () => crew.views().slice(0, 1) });

/** Clock ticks of proc_stat(5) are 10 ms on every Linux of today. */
const TICK_NS = 10e6;

/** What others used of the processors; absent where that is not known or the time too short to tell. */
function othersBetween(from: Mark, to: Mark): Pick<Observed, 'othersCpuShare'> {
  if (!from.ticks || !to.ticks) return {};
  const passed = to.ticks.total - from.ticks.total;
  if (passed < 10) return {};
  const busyNs = (to.ticks.busy - from.ticks.busy) * TICK_NS - cpuNsBetween(from.reading, to.reading);
  return { othersCpuShare: Math.min(1, Math.max(0, busyNs / (passed * TICK_NS))) };
}

/** Sleeps in steps, so that an abort or a dead worker is seen at once. */
async function sleep(milliseconds: number, signal: AbortSignal | undefined, crew: Crew): Promise<void> {
  const untilMs = performance.now() + milliseconds;
  while (!signal?.aborted && !crew.accident()) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, 50)));
  }
}
