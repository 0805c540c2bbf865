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

/** The plan for `options`, a fifth of a second long unless they say otherwise; throws where it is refused. */
export function shortPlan(options: Partial<LoadOptions>): LoadPlan {
  const plan = planLoad({ ...DEFAULT_OPTIONS, warmUpSec: 0.05, durationSec: 0.2, ...options }, readMachine());
  if (isProblem(plan)) throw new Error(plan.message);
  return plan;
}

/** Where so many others run that no message came in that time, the run is repeated once, with ten times as much. */
export async function shortRun(options: Partial<LoadOptions>, signal?: AbortSignal): Promise<Meter> {
  const plan = shortPlan(options);
  const meter = await runPlan({ libc: libc(), plan, intervalMs: 100, signal });
  const { problem, total } = meter;
  const isTooShort = problem ? problem.message.startsWith('No message arrived') : total?.messages === 0;
  if (!isTooShort || signal?.aborted) return meter;
  return runPlan({ libc: libc(), plan: { ...plan, durationSec: plan.durationSec * 10 }, intervalMs: 100, signal });
}
