// `shmtop witness`: records until it is told to end; what it can see and cannot goes to standard error.
import type { CliContext } from './context.ts';
import { reportError } from './report.ts';
import { EXIT } from './usage.ts';
import type { RunWitness, WitnessOptions } from './witness-world.ts';

export async function witness(context: CliContext, run: RunWitness, options: WitnessOptions): Promise<number> {
  const problem = await run(options, (line) => reportError(context, `witness: ${line}`));
  if (problem === undefined) return EXIT.done;
  reportError(context, `cannot witness: ${problem}`);
  return EXIT.notDone;
}
