// One run of a load from start to end: warm-up, measuring, stop, the last count. Tells the meter as it goes.
import type { Libc } from '../native/libc.ts';
import { type Crew, startCrew } from './crew.ts';
import { type CpuTicks, readCpuTicks } from './machine.ts';
import { percentiles } from './model/histogram.ts';
import { advanceMeter, intervalBetween, type Meter, newMeter, type Observed, truthOf } from './model/meter.ts';
import { isProblem, problem } from './model/problem.ts';
import type { Reading } from './model/reading.ts';
import { CONTROL } from './model/ring.ts';
import type { LoadPlan } from './plan.ts';
import { readCounters, readOccupancy } from './read-counters.ts';

const OCCUPANCY_MS = 20;

export interface RunRequest {
  readonly libc: Libc;
  readonly plan: LoadPlan;
  /** How long a row is. */
  readonly intervalMs: number;
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
  const crew = startCrew(libc, plan);
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

/** Rows until the time is over, the signal comes or a worker is gone. Returns the last reading before the stop. */
async function measure(
  { plan, intervalMs, signal }: RunRequest,
  crew: Crew,
  current: () => Meter,
  show: (meter: Meter) => void,
): Promise<Reading> {
  const { setup } = current();
  const watch = watchOccupancy(crew, plan.geometry.slots);
  const start = readCounters(crew.views());
  const endNs = start.atNs + plan.durationSec * 1e9;
  const startTicks = await readCpuTicks();
  let fromTicks = startTicks;
  let from = start;
  try {
    while (true) {
      // Rows end on whole intervals since the start, so that lateness does not add up; the last one ends with the run.
      const rows = Math.floor((from.atNs - start.atNs) / 1e6 / intervalMs + 0.5);
      const dueNs = Math.min(endNs, start.atNs + (rows + 1) * intervalMs * 1e6);
      await sleep((dueNs - from.atNs) / 1e6, signal, crew);
      const ticks = await readCpuTicks();
      const to = readCounters(crew.views());
      const row = intervalBetween(setup, start, from, to, {
        ...watch.sinceLast(),
        ...others(fromTicks, ticks, cpuNsBetween(from, to)),
      });
      const total = intervalBetween(setup, start, start, to, {
        ...watch.sinceStart(),
        ...others(startTicks, ticks, cpuNsBetween(start, to)),
      });
      show(advanceMeter(current(), row, total, to, watch.latest()));
      from = to;
      fromTicks = ticks;
      if (to.atNs >= endNs - 1e6 || signal?.aborted || crew.accident()) return to;
    }
  } finally {
    watch.end();
  }
}

/** After the workers are gone: every message that was published must have been taken out. */
function finish(crew: Crew, plan: LoadPlan, measured: Reading, wasStopped: boolean): Partial<Meter> {
  const last = readCounters(crew.views());
  const accident = crew.accident();
  const missing = plan.job === 'duplex' || accident ? 0 : last.producer.messages - last.consumer.messages;
  // A message that was counted as lost by its stamp is not missing from the count of those that came.
  const truth = truthOf(last, Math.max(0, missing));
  if (accident) return { phase: 'failed', problem: accident, truth };
  if (measured.consumer.messages === 0 && !wasStopped) {
    const message = 'No message arrived in the measured time. Use a longer --duration or smaller messages.';
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
    slots: plan.geometry.slots,
    batch: plan.batch,
    group: plan.group,
    verify: plan.verify,
    ...(plan.rate === undefined ? {} : { rate: plan.rate }),
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

/** Clock ticks of proc_stat(5) are 10 ms on every Linux of today. */
const TICK_NS = 10e6;

function others(
  from: CpuTicks | undefined,
  to: CpuTicks | undefined,
  oursNs: number,
): Pick<Observed, 'othersCpuShare'> {
  if (!from || !to || to.total - from.total < 10) return {};
  const busy = (to.busy - from.busy) * TICK_NS - oursNs;
  return { othersCpuShare: Math.min(1, Math.max(0, busy / ((to.total - from.total) * TICK_NS))) };
}

/** Samples how full the rings are, 50 times a second. */
function watchOccupancy(crew: Crew, slots: number) {
  const all = { sum: 0, count: 0, max: 0 };
  const row = { sum: 0, count: 0, max: 0 };
  let latest = 0;
  const timer = setInterval(() => {
    const views = crew.views();
    if (views.length === 0) return;
    latest = readOccupancy(views, slots);
    for (const seen of [all, row]) {
      seen.sum += latest;
      seen.count++;
      seen.max = Math.max(seen.max, latest);
    }
  }, OCCUPANCY_MS);
  const observed = (seen: typeof all) => ({
    occupancyMean: seen.count > 0 ? seen.sum / seen.count : latest,
    occupancyMax: seen.max,
  });
  return {
    latest: () => latest,
    sinceStart: () => observed(all),
    sinceLast: () => {
      const result = observed(row);
      Object.assign(row, { sum: 0, count: 0, max: 0 });
      return result;
    },
    end: () => clearInterval(timer),
  };
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
