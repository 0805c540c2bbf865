// Hands the world to the command that was asked for, and its exit code to the shell.
// SIGINT keeps its default action: commands work synchronously, so a handler would run too late, and shells report 130.
import type { CliContext } from './cli/context.ts';
import { runProgram } from './cli/program.ts';
import { OutputClosed, OutputFailed, openTerminal } from './cli/terminal.ts';
import { readCapabilities } from './probe/capabilities.ts';
import { Sampler } from './probe/sampler.ts';
import { peekContent } from './probe/source/content.ts';

const MANY_OBJECTS = 5000;

const { argv, env } = process;
const roots = { procRoot: env.SHMTOP_PROC, shmRoot: env.SHMTOP_SHM };
const context: CliContext = {
  sample: (request) => {
    const snapshot = new Sampler({ ...roots, ...request }).sample();
    if (snapshot.objects.length > MANY_OBJECTS) keepYoungGenerationSmall();
    return snapshot;
  },
  capabilities: () => readCapabilities(new Sampler(roots).sample(), roots.procRoot),
  peek: (object, offset, length) => peekContent(object, offset, length, roots.procRoot),
  openLoad: async () => {
    const { openLoadEngine } = await import('./load/engine.ts');
    const interrupt = new AbortController();
    process.once('SIGINT', () => interrupt.abort());
    const { stdout, stderr } = context;
    return { openEngine: openLoadEngine, stdout, stderr, env, signal: interrupt.signal };
  },
  stdout: openTerminal(1, () => process.stdout.columns),
  stderr: openTerminal(2, () => process.stderr.columns),
  env,
};

/**
 * Writing 30,000 objects makes short-lived text only, for which V8 would double its young generation again and again: 134
 * instead of 170 MB at the end of `ls`. Costs 3 ms, so not for few objects. Other major versions may not know the flag.
 */
function keepYoungGenerationSmall(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major < 12 || major > 14) return;
  process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}

try {
  process.exitCode = await runProgram(argv.slice(2), context);
} catch (error) {
  if (error instanceof OutputFailed) {
    process.exitCode = 1;
    context.stderr.write(`shmtop: ${error.message}: the disk may be full, or the terminal gone.\n`);
  } else if (!(error instanceof OutputClosed)) throw error;
}
