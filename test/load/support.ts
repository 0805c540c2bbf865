// A short load for the tests: plans it for this machine and runs it to its end.

import { readMachine } from '../../src/load/machine.ts';
import type { Meter } from '../../src/load/model/meter.ts';
import { DEFAULT_OPTIONS, type LoadOptions } from '../../src/load/model/options.ts';
import { isProblem } from '../../src/load/model/problem.ts';
import { type LoadPlan, planLoad } from '../../src/load/plan.ts';
import { runPlan } from '../../src/load/run.ts';
import { isLibc, type Libc, loadLibc } from '../../src/native/libc.ts';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';

Object.assign(process.env, COMPILED_SOURCES); // for the workers

export function libc(): Libc {
  const loaded = loadLibc();
  if (!isLibc(loaded)) throw new Error(loaded.reason);
  return loaded;
}

/** How long a run may take that ends as soon as it has shown enough, seconds: only where so many others run that it hardly gets on. */
const PATIENCE_SEC = 10;

/** The plan for `options`, a fifth of a second long unless they say otherwise; throws where it is refused. */
export function shortPlan(options: Partial<LoadOptions>): LoadPlan {
  const plan = planLoad({ ...DEFAULT_OPTIONS, warmUpSec: 0.02, durationSec: 0.2, ...options }, readMachine());
  if (isProblem(plan)) throw new Error(plan.message);
  return plan;
}

/** A run of the time that `options` say; without one it ends as soon as it has carried enough, on whatever machine. */
export function shortRun(options: Partial<LoadOptions>, signal?: AbortSignal): Promise<Meter> {
  const { durationSec } = options;
  if (durationSec !== undefined) return runPlan({ libc: libc(), plan: shortPlan(options), intervalMs: 100, signal });
  return runUntil(options.job === 'duplex' ? hasAnsweredEnough : hasCarriedEnough, options);
}

/** A run that ends as soon as messages came and `isEnough` says so of a meter of it, and after ten seconds in any case. */
export async function runUntil(isEnough: (meter: Meter) => boolean, options: Partial<LoadOptions>): Promise<Meter> {
  const abort = new AbortController();
  const onMeter = (meter: Meter) => {
    if (meter.phase === 'running' && isEnough(meter) && (meter.total?.messages ?? 0) > 0) abort.abort();
  };
  const plan = shortPlan({ durationSec: PATIENCE_SEC, ...options });
  return runPlan({ libc: libc(), plan, intervalMs: 20, onMeter, signal: abort.signal });
}

/** Each slot three times; where a mode is slow, at least past where a number wraps (the tests begin 5,000 before). */
const hasCarriedEnough = ({ total, setup, elapsedSec }: Meter) =>
  total !== undefined && total.messages >= Math.min(3 * setup.slots, elapsedSec < 0.2 ? Infinity : 12_000);

const hasAnsweredEnough = ({ total }: Meter) => total !== undefined && total.messages >= 1000;
