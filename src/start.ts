// Hands the world to the command that was asked for, and its exit code to the shell.
// Signals keep their default action: commands work synchronously, so a handler would run too late, and shells report 130. Those
// that run for long (watch, load) end in good order, and then of the signal all the same.
import { closeSync, writeFileSync } from 'node:fs';
import type { CliContext } from './cli/context.ts';
import type { Terminal } from './cli/output.ts';
import { runProgram } from './cli/program.ts';
import { OutputClosed, OutputFailed, openTerminal } from './cli/terminal.ts';
import { CHECK_UNKNOWN, EXIT } from './cli/usage.ts';
import { witnessFolders } from './files/homes.ts';
import { DEFAULT_MIN_AGE_SEC, Sampler, type SamplerOptions } from './probe/look/sampler.ts';
import { ContainerRecords } from './probe/source/container-records.ts';
import { peekContent } from './probe/source/content.ts';
import { fileAt } from './probe/source/file-at.ts';
import { readHostMemory } from './probe/source/host-memory.ts';
import { DEFAULT_PROC_ROOT } from './probe/source/proc-kind.ts';
import { mayHaveWitness } from './probe/source/witness-there.ts';
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
const folders = witnessFolders(env);

/** What the commands are handed. Not awaited where the module begins: a script of the single executable cannot. */
async function makeContext(): Promise<CliContext> {
  const rules = mayHaveRules(env) ? (await import('./rules/read-rules.ts')).readRules(env) : NO_RULES;
  // For one look; what goes on longer reads what a witness that comes later has seen, too.
  const witness = mayHaveWitness(folders) ? await openedWitness() : undefined;
  const known = { table: rules.table, never: rules.never, witness };
  let hasToldProblems = false;
  const { nameContainer } = new ContainerRecords();
  const look = (options: SamplerOptions) => {
    if (!hasToldProblems) for (const problem of rules.problems) context.stderr.write(`shmtop: ${problem}\n`);
    hasToldProblems = true;
    return guarded(hasWritten, () => new Sampler({ ...roots, ...known, nameContainer, ...options }).sample());
  };
  let repeated: Sampler | undefined;
  /** One sampler for all looks: what has not run since the last is not read again. From the second on in no haste. */
  const lookAgain = (options: SamplerOptions) => {
    if (repeated) {
      becomeCareful();
      return repeated.sample();
    }
    const sampler = new Sampler({ ...roots, ...known, nameContainer, ...options });
    repeated = sampler;
    return guarded(hasWritten, () => sampler.sample());
  };
  const context: CliContext = {
    sample: ({ isRepeated, ...request }) => (isRepeated ? lookAgain(request) : look({ ...request, onSegments })),
    account: async (request) => {
      const { readAccount } = await import('./probe/look/account.ts');
      return guarded(hasWritten, () => {
        const sampler = new Sampler({ ...roots, ...known, nameContainer, ...request });
        const snapshot = sampler.sample();
        if (!sampler.seen) throw new Error('a look that left nothing');
        return { snapshot, account: readAccount(sampler.seen, snapshot) };
      });
    },
    memory: () => readHostMemory(roots.procRoot ?? DEFAULT_PROC_ROOT),
    fileAt,
    capabilities: async (snapshot) => {
      const [{ readCapabilities }, { liveCapabilities }, { witnessCapability }] = await Promise.all([
        import('./probe/doctor/capabilities.ts'),
        import('./probe/doctor/live-capabilities.ts'),
        import('./probe/doctor/witness-capability.ts'),
      ]);
      const known = await context.lives();
      return [
        ...readCapabilities(snapshot, roots.procRoot),
        ...liveCapabilities(),
        witnessCapability(known, Date.now()),
      ];
    },
    semaphores: async () => (await import('./probe/source/semaphores.ts')).readSemaphores(roots.procRoot),
    peek: (object, offset, length) => guarded(hasWritten, () => peekContent(object, offset, length, roots.procRoot)),
    placement: async (object) => guarded(hasWritten, () => new Sampler({ ...roots }).placement(object)),
    planSearch: async (object) => (await import('./probe/look/name-search.ts')).planNameSearch(object, roots.procRoot),
    lives: async () => (await import('./probe/source/known-lives.ts')).readKnownLives(folders, roots.procRoot),
    openLoad: async () => {
      const { openLoadEngine } = await import('./load/engine.ts');
      // What holds a segment is called by this in every table, and not by the name that Node gives its main thread.
      process.title = 'shmtop';
      const interrupt = new AbortController();
      // Whatever asks us to end: the workers are stopped in good order, and what was measured is shown.
      onInterrupt(() => interrupt.abort());
      const { stdout, stderr } = context;
      const sample = () => look({ minAgeSec: 0, rss: true, includeFiles: false });
      return { openEngine: openLoadEngine, sample, stdout, stderr, env, signal: interrupt.signal };
    },
    metrics: async () => {
      const [witness, { openMetrics }] = await Promise.all([openedWitness(), import('./serve/metrics-world.ts')]);
      for (const problem of rules.problems) context.stderr.write(`shmtop: ${problem}\n`);
      const options = { ...roots, ...known, witness };
      return openMetrics({
        procRoot: roots.procRoot,
        options,
        guarded: (look) => guarded(hasWritten, look),
        onInterrupt,
      });
    },
    live: async () => {
      const [witness, { startSession }, { ContainerNames }, { createFile }, { recordBeside }] = await Promise.all([
        openedWitness(),
        import('./probe/live/session.ts'),
        import('./probe/source/container-names.ts'),
        import('./files/open-file.ts'),
        import('./witness/beside.ts'),
      ]);
      const places = rules.mayRecord && mayRecordBy(env) ? folders : [];
      const { nameContainer } = new ContainerNames();
      const options = { ...roots, ...known, witness, nameContainer, units: true, minAgeSec: DEFAULT_MIN_AGE_SEC };
      const sample = () => new Sampler(options).sample();
      return {
        start: (request, onEvent) => {
          // Begun in haste, like every command; whatever hangs later must not end the watch.
          const session = guarded(hasWritten, () => startSession({ ...roots, ...request, sample }, onEvent));
          becomeCareful('but-for-own');
          return session;
        },
        beside: (tap, say) => recordBeside({ role: 'watch', folders: places, ...roots, isInRounds: false, say }, tap),
        nameContainer,
        onInterrupt,
        openFile: (path) => openPrivateFile(createFile(path, { mayEmpty: true })),
      };
    },
    witness: async () => {
      const { runWitness } = await import('./witness/run.ts');
      return ({ state, exact }, say) =>
        runWitness({ env, ...roots, directory: state, isExact: exact, say, onInterrupt });
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
  return context;
}

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
void run();

async function run(): Promise<void> {
  // Should it wait for what never comes, Node ends it, and nothing was done.
  process.exitCode = argv.includes('check') ? CHECK_UNKNOWN : EXIT.notDone;
  const context = await makeContext();
  try {
    if (restarted?.hadWritten)
      context.stderr.write(`shmtop: process ${restarted.pid} does not answer: the command ends here, unfinished.\n`);
    else process.exitCode = await runProgram(argv.slice(2), context);
    if (endedBy === 'SIGTERM' || endedBy === 'SIGHUP') dieOf(endedBy);
  } catch (error) {
    if (error instanceof OutputClosed) process.exitCode = EXIT.done;
    else if (error instanceof OutputFailed)
      context.stderr.write(`shmtop: ${error.message}: the disk may be full, or the terminal gone.\n`);
    else throw error;
  }
}

/** What reads a store is loaded only where there is one, or may be later. */
async function openedWitness() {
  return (await import('./probe/look/witnessed.ts')).witnessIn(folders);
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
