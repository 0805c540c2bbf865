// Hands the world to the command that was asked for, and its exit code to the shell.
// Signals keep their default action: commands work synchronously, so a handler would run too late, and shells report 130. Those
// that run for long (watch, load) end in good order, and then of the signal all the same.
import { closeSync, writeFileSync } from 'node:fs';
import type { CliContext } from './cli/context.ts';
import type { Terminal } from './cli/output.ts';
import { runProgram } from './cli/program.ts';
import { OutputClosed, OutputFailed, openTerminal } from './cli/terminal.ts';
import { witnessFolders } from './files/homes.ts';
import { readCapabilities } from './probe/doctor/capabilities.ts';
import { DEFAULT_MIN_AGE_SEC, Sampler, type SamplerOptions } from './probe/look/sampler.ts';
import { peekContent } from './probe/source/content.ts';
import { guarded, restartedFrom } from './probe/territory/patience/guard.ts';
import { becomeCareful } from './probe/territory/patience/patience.ts';
import { nameThread } from './probe/thread/thread-name.ts';
import { dieOf, type EndSignal, endWithoutSync } from './process/end.ts';
import { mayRecordBy, rootsFrom } from './roots.ts';
import { mayHaveRules } from './rules/places.ts';
import { NO_RULES } from './rules/rules.ts';

const MANY_SEGMENTS = 5000;

const { argv, env } = process;
nameThread('shmtop');
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What asked a long command to end. */
let endedBy: EndSignal | undefined;
const roots = rootsFrom(env);
const restarted = restartedFrom(env);
delete env.SHMTOP_RESTARTED;
if (restarted) becomeCareful();
let hasWritten = false;
/** What is written cannot be taken back: from then on a hang does not start the command anew. */
const noting = (terminal: Terminal): Terminal => ({
  ...terminal,
  write: (text) => {
    hasWritten = true;
    terminal.write(text);
  },
});
const rules = mayHaveRules(env) ? (await import('./rules/read-rules.ts')).readRules(env) : NO_RULES;
const known = { table: rules.table, never: rules.never, witnessFolders: witnessFolders(env) };
let hasToldProblems = false;
const look = (options: SamplerOptions) => {
  if (!hasToldProblems) for (const problem of rules.problems) context.stderr.write(`shmtop: ${problem}\n`);
  hasToldProblems = true;
  return guarded(hasWritten, () => new Sampler({ ...roots, ...known, ...options }).sample());
};
const context: CliContext = {
  sample: (request) => look({ ...request, onSegments }),
  capabilities: async () => {
    const [{ liveCapabilities }, { witnessCapability }] = await Promise.all([
      import('./probe/doctor/live-capabilities.ts'),
      import('./probe/doctor/witness-capability.ts'),
    ]);
    const known = await context.lives();
    return [...readCapabilities(look({}), roots.procRoot), ...liveCapabilities(), witnessCapability(known, Date.now())];
  },
  peek: (object, offset, length) => guarded(hasWritten, () => peekContent(object, offset, length, roots.procRoot)),
  planSearch: async (object) => (await import('./probe/look/name-search.ts')).planNameSearch(object, roots.procRoot),
  lives: async () =>
    (await import('./probe/source/known-lives.ts')).readKnownLives(known.witnessFolders, roots.procRoot),
  openLoad: async () => {
    const { openLoadEngine } = await import('./load/engine.ts');
    // What holds a segment is called by this in every table, and not by the name that Node gives its main thread.
    process.title = 'shmtop';
    const interrupt = new AbortController();
    // Whatever asks us to end: the workers are stopped in good order, and what was measured is shown.
    onInterrupt(() => interrupt.abort());
    const { stdout, stderr } = context;
    return { openEngine: openLoadEngine, stdout, stderr, env, signal: interrupt.signal };
  },
  live: async () => {
    const [{ startSession }, { createFile }, { recordBeside }] = await Promise.all([
      import('./probe/live/session.ts'),
      import('./files/open-file.ts'),
      import('./witness/beside.ts'),
    ]);
    const mayRecord = rules.mayRecord && mayRecordBy(env);
    const sample = () => new Sampler({ ...roots, ...known, minAgeSec: DEFAULT_MIN_AGE_SEC }).sample();
    return {
      start: (request, onEvent) => {
        // Begun in haste, like every command; whatever hangs later must not end the watch.
        const session = guarded(hasWritten, () => startSession({ ...roots, ...request, sample }, onEvent));
        becomeCareful('but-for-own');
        return session;
      },
      beside: (tap, say) =>
        recordBeside(
          { role: 'watch', folders: mayRecord ? known.witnessFolders : [], ...roots, isInRounds: false, say },
          tap,
        ),
      onInterrupt,
      openFile: (path) => openPrivateFile(createFile(path, { mayEmpty: true })),
    };
  },
  witness: async () => {
    const { runWitness } = await import('./witness/run.ts');
    return ({ state, exact }, say) => runWitness({ env, ...roots, directory: state, isExact: exact, say, onInterrupt });
  },
  recording: async (path) => {
    const { RecordingFile } = await import('./probe/replay/recording-file.ts');
    return RecordingFile.open(path);
  },
  keptSnapshot: async (path) => (await import('./probe/replay/snapshot-file.ts')).readSnapshotFile(path),
  rules,
  stdout: noting(openTerminal(1, () => process.stdout.columns)),
  stderr: openTerminal(2, () => process.stderr.columns),
  env,
  removal: async () => {
    const removal = (await import('./remove/removal.ts')).removalFor(env, roots.procRoot, roots.shmRoot);
    // Half done, it cannot be started anew.
    becomeCareful();
    return removal;
  },
  asker: async () => (await import('./cli/ask.ts')).askOnTerminal(),
  sleep: (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
};

/**
 * Of 30,000 segments come objects that all stay, and text that does not: V8 would double its young generation for both, again
 * and again. It takes 95 instead of 110 MB when it does not. Costs 3 ms, so not for few. Other versions may not know the flag.
 */
function onSegments(count: number): void {
  if (count < MANY_SEGMENTS) return;
  const major = Number.parseInt(process.versions.v8, 10);
  if (major < 12 || major > 14) return;
  process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}

endWithoutSync();
try {
  if (restarted?.hadWritten) {
    context.stderr.write(`shmtop: process ${restarted.pid} does not answer: the command ends here, unfinished.\n`);
    process.exitCode = 1;
  } else process.exitCode = await runProgram(argv.slice(2), context);
  if (endedBy === 'SIGTERM' || endedBy === 'SIGHUP') dieOf(endedBy);
} catch (error) {
  if (error instanceof OutputFailed) {
    process.exitCode = 1;
    context.stderr.write(`shmtop: ${error.message}: the disk may be full, or the terminal gone.\n`);
  } else if (!(error instanceof OutputClosed)) throw error;
}

/** Calls back once at a signal that asks for an end; the function returned takes that back. */
function onInterrupt(interrupted: () => void): () => void {
  const listeners = END_SIGNALS.map((signal) => {
    const listener = () => {
      endedBy ??= signal;
      interrupted();
    };
    process.once(signal, listener);
    return () => process.removeListener(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}

/**
 * A recording holds names and commands of other users: readable by its owner only. A file that is ours alone is emptied; a link, a
 * fifo, or a file that others can read or made is not written to.
 */
function openPrivateFile(fd: number | { readonly reason: string }) {
  if (typeof fd !== 'number') return fd.reason;
  return { write: (text: string) => writeFileSync(fd, text), close: () => closeSync(fd) };
}
