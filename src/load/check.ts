// Whether a load could run here and now, without making anything and without native calls: for a form that says so before.
import { readMachine } from './machine.ts';
import { DEFAULT_OPTIONS, type LoadOptions } from './model/options.ts';
import { isProblem, type LoadProblem } from './model/problem.ts';
import { planLoad } from './plan.ts';

/** The first thing that stands in the way; absent when nothing is known that would. Reads four small files. */
export function checkLoad(options: Partial<LoadOptions>): LoadProblem | undefined {
  const plan = planLoad({ ...DEFAULT_OPTIONS, ...options }, readMachine());
  return isProblem(plan) ? plan : undefined;
}
