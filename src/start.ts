// Hands the world to the command that was asked for, and its exit code to the shell.
// SIGINT keeps its default action: commands work synchronously, so a handler would run too late, and shells report 130.
import type { CliContext } from './cli/context.ts';
import { runProgram } from './cli/program.ts';
import { OutputClosed, OutputFailed, openTerminal } from './cli/terminal.ts';
import { readCapabilities } from './probe/capabilities.ts';
import { Sampler } from './probe/sampler.ts';
import { peekContent } from './probe/source/content.ts';

const { argv, env } = process;
const roots = { procRoot: env.SHMTOP_PROC, shmRoot: env.SHMTOP_SHM };
const context: CliContext = {
  sample: (request) => new Sampler({ ...roots, ...request }).sample(),
  capabilities: () => readCapabilities(new Sampler(roots).sample(), roots.procRoot),
  peek: (object, offset, length) => peekContent(object, offset, length, roots.procRoot),
  stdout: openTerminal(1, () => process.stdout.columns),
  stderr: openTerminal(2, () => process.stderr.columns),
  env,
};

try {
  process.exitCode = await runProgram(argv.slice(2), context);
} catch (error) {
  if (error instanceof OutputFailed) {
    process.exitCode = 1;
    context.stderr.write(`shmtop: ${error.message}: the disk may be full, or the terminal gone.\n`);
  } else if (!(error instanceof OutputClosed)) throw error;
}
