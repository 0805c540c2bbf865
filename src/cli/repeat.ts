// The same table again and again, as `top -b`, `watch(1)` and `ls --watch` do.
import type { CliContext } from './context.ts';
import type { Repeat } from './options.ts';
import { EXIT } from './usage.ts';

/**
 * Prints until it was printed so often; without `asked` once, with round 0. On a terminal each table takes the place of the one
 * before, unless it is a batch; elsewhere a line with the time stands before each, unless it is for a program. Waits in between without running
 * anything else: a signal ends it as it ends every command. The worst exit code of all.
 */
export function repeat(
  { stdout, sleep }: Pick<CliContext, 'stdout' | 'sleep'>,
  asked: Repeat | undefined,
  isForProgram: boolean,
  print: (round: number) => number,
): number {
  if (!asked) return print(0);
  let code: number = EXIT.done;
  const isScreen = stdout.isTty && !asked.isBatch && !isForProgram;
  for (let round = 0; round < asked.count; round++) {
    const startedMs = performance.now();
    if (isScreen) stdout.write(CLEAR);
    else if (!isForProgram) stdout.write(`${round === 0 ? '' : '\n'}${new Date().toISOString()}\n`);
    code = Math.max(code, print(round));
    if (round + 1 < asked.count) sleep(Math.max(0, asked.everyMs - (performance.now() - startedMs)));
  }
  return code;
}

/** Home, and all that is on the screen goes (ECMA-48: CUP, ED). */
const CLEAR = '\x1b[H\x1b[2J';
