// The load generator as the rest of the program sees it: the one door for the command and for the dashboard.

import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { effectiveUid } from '../native/process.ts';
import { type CompareRequest, compareTransports } from './compare.ts';
import { cleanLeaks, type LeakResult, makeLeaks } from './leak.ts';
import { type Swept, sweepLeftovers } from './leftovers.ts';
import { type Machine, readMachine } from './machine.ts';
import type { Comparison } from './model/comparison.ts';
import { type Meter, newMeter } from './model/meter.ts';
import { DEFAULT_OPTIONS, type LoadOptions } from './model/options.ts';
import { isProblem, type LoadProblem, problem } from './model/problem.ts';
import { planLoad } from './plan.ts';
import { probeLatency } from './probe.ts';
import { runPlan } from './run.ts';
import { type Sweep, type SweepRequest, sweepSizes } from './sweep.ts';
import { sweepNames } from './tour/stage.ts';
import { playTour, type TourRequest } from './tour/tour.ts';

export interface MeasureRequest {
  /** What differs from DEFAULT_OPTIONS. */
  readonly options: Partial<LoadOptions>;
  /** How long a row is; 1000 unless told. */
  readonly intervalMs?: number;
  /** How often the live figures between the rows move on, and how many rows are kept: see run.ts. */
  readonly liveMs?: number;
  readonly mostRows?: number;
  /** Measures round trip and wake-up first (about a second). */
  readonly probes?: boolean;
  readonly onMeter?: (meter: Meter) => void;
  /** Ends the run early; what was measured until then counts. */
  readonly signal?: AbortSignal;
}

export interface LoadEngine {
  /** What an earlier run had left behind and this start removed. */
  readonly swept: Swept;
  /** One run, to its end; refused before anything starts when it is not possible here and now. */
  readonly measure: (request: MeasureRequest) => Promise<Meter | LoadProblem>;
  readonly compare: (request: Omit<CompareRequest, 'libc' | 'machine'>) => Promise<Comparison>;
  readonly sweep: (request: Omit<SweepRequest, 'libc' | 'machine'>) => Promise<Sweep>;
  /** All scenes, one after the other; resolves when nothing of them is left. */
  readonly tour: (request: Pick<TourRequest, 'onScene' | 'signal'>) => Promise<LoadProblem | undefined>;
  readonly leak: (count: number) => LeakResult;
  readonly cleanLeaks: () => LeakResult;
}

/** Opens it on the main thread: loads libc and sweeps leftovers. About 10 ms. */
export function openLoadEngine(): LoadEngine | LoadProblem {
  const libc = loadLibc();
  if (!isLibc(libc)) {
    return problem(
      'refused',
      `The load generator needs native calls, which are not available: ${libc.reason}. See shmtop doctor.`,
    );
  }
  const swept = sweepLeftovers(libc);
  sweepNames(effectiveUid(libc));
  return {
    swept,
    measure: (request) => measure(libc, readMachine(), request),
    compare: (request) => compareTransports({ ...request, libc, machine: readMachine() }),
    sweep: (request) => sweepSizes({ ...request, libc, machine: readMachine() }),
    tour: (request) => playTour({ ...request, libc, machine: readMachine() }),
    leak: (count) => makeLeaks(libc, count),
    cleanLeaks: () => cleanLeaks(libc),
  };
}

async function measure(libc: Libc, machine: Machine, request: MeasureRequest): Promise<Meter | LoadProblem> {
  const { options, intervalMs = 1000, liveMs, mostRows, onMeter, signal } = request;
  const whole: LoadOptions = { ...DEFAULT_OPTIONS, ...options };
  const plan = planLoad(whole, machine);
  if (isProblem(plan)) return plan;
  let known = {};
  if (request.probes) {
    const { sync, backing, transport, sizeBytes, pairs, verify, rate, batch, group, segmentBytes, durationSec } = plan;
    const setup = { sync, backing, transport, sizeBytes, pairs, verify, rate, batch, group, segmentBytes, durationSec };
    onMeter?.({
      ...newMeter({ ...setup, slots: plan.geometry.slots, segmentName: '', workers: [] }),
      phase: 'probing',
    });
    const probes = await probeLatency(libc, machine, whole, signal);
    if (isProblem(probes)) return probes;
    known = probes;
  }
  return runPlan({ libc, plan, intervalMs, liveMs, mostRows, onMeter, known, signal });
}
