// Short runs before the load, on rings of their own: the round trip of one message, and what waking a sleeper costs here.

import type { Libc } from '../native/libc.ts';
import type { Machine } from './machine.ts';
import type { Percentiles } from './model/histogram.ts';
import type { LoadOptions } from './model/options.ts';
import { isProblem, type LoadProblem } from './model/problem.ts';
import { planLoad } from './plan.ts';
import { runPlan } from './run.ts';

const TRIP_SEC = 0.3;
const WAKE_SEC = 0.2;
const WARM_UP_SEC = 0.15;

export interface Probes {
  /** One message there and back in the mode that was asked for, on an empty ring. */
  readonly roundTripNs?: Percentiles;
  /** From the wake-up call until the sleeper runs: half of a round trip in which both sides sleep every time. */
  readonly wakeNs?: number;
}

/** Runs both probes (about 1.2 s with their start); a probe that this machine cannot run leaves its value out. */
export async function probeLatency(
  libc: Libc,
  machine: Machine,
  options: LoadOptions,
  signal?: AbortSignal,
): Promise<Probes | LoadProblem> {
  const base = { ...options, job: 'duplex' as const, pairs: 1, group: 1, rate: undefined, warmUpSec: WARM_UP_SEC };
  const hasAnswers = options.sync !== 'none';
  const trip = hasAnswers ? await probe(libc, machine, { ...base, durationSec: TRIP_SEC }, signal) : undefined;
  if (trip && isProblem(trip)) return trip;
  const asleep = { ...base, sync: 'futex' as const, spinUs: 0, sizeBytes: 64, durationSec: WAKE_SEC };
  const wake = signal?.aborted ? undefined : await probe(libc, machine, asleep, signal);
  if (wake && isProblem(wake)) return wake;
  return { ...(trip ? { roundTripNs: trip } : {}), ...(wake ? { wakeNs: wake.p50 / 2 } : {}) };
}

async function probe(libc: Libc, machine: Machine, options: LoadOptions, signal?: AbortSignal) {
  const plan = planLoad(options, machine);
  if (isProblem(plan)) return plan;
  const meter = await runPlan({ libc, plan, intervalMs: 10_000, signal });
  if (meter.problem?.kind === 'refused') return meter.problem;
  return meter.roundTripNs;
}
