// Starts the dashboard: hands it the roots and the commands that act on the machine.
import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { REPLAY } from './cli/commands/over-time.ts';
import { dashboardOptions, replayOptions } from './cli/dashboard.ts';
import { EXIT, UsageError } from './cli/usage.ts';
import { whichCommand } from './cli/which-command.ts';
import { dashboardLoad } from './dashboard-load.ts';
import { witnessFolders } from './files/homes.ts';
import { createFile } from './files/open-file.ts';
import { isLibc, loadLibc } from './native/libc.ts';
import { exitNow } from './native/process.ts';
import type { Snapshot } from './probe/model/snapshot.ts';
import { keepFoothold } from './probe/thread/foothold.ts';
import { nameThread } from './probe/thread/thread-name.ts';
import { dieOf, endWithoutSync } from './process/end.ts';
import { readRemovalRights } from './remove/privileges.ts';
import { removeInThread } from './remove/thread.ts';
import { mayRecordBy, rootsFrom } from './roots.ts';
import { mayHaveRules } from './rules/places.ts';
import type { DashboardCommands } from './ui/commands.ts';
import type { DashboardEnd } from './ui/run/endings.ts';
import { runDashboard } from './ui/run.tsx';

const { argv, env } = process;
nameThread('shmtop');
/** Where names without a slash are meant to be, whatever becomes of the working directory; undefined: it was removed already. */
const here = keepFoothold();
const roots = rootsFrom(env);
// The young generation stays as small as it started, and code is compiled for size: together 14 MB less resident memory, and no
// frame needs more. With a heap that small the memory reducer would collect all of it every other second, for nothing. Other
// major versions of V8 may not know the flags.
if (/^1[2-4]\./.test(process.versions.v8)) {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--no-memory-reducer');
}

endWithoutSync();
void run();

async function run(): Promise<void> {
  try {
    const { spec, args } = whichCommand(argv.slice(2));
    const end = spec === REPLAY ? await replay(args) : await observe(args);
    if (typeof end === 'string') dieOf(end);
    process.exit(end);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`shmtop: ${error.message}. See shmtop --help\n`);
    process.exitCode = EXIT.usage;
  }
}

async function observe(args: readonly string[]): Promise<DashboardEnd> {
  const notes = mayHaveRules(env) ? (await import('./rules/read-rules.ts')).readRules(env).problems : [];
  const commands: DashboardCommands = {
    rights: readRemovalRights(roots.procRoot, roots.shmRoot),
    remove: (order) => removeInThread(order, { ...roots, by: 'dashboard' }),
    load: dashboardLoad(),
  };
  const words = dashboardOptions(args);
  return runDashboard({
    ...words,
    mayRecord: words.mayRecord && mayRecordBy(env),
    ...roots,
    witnessFolders: witnessFolders(env),
    notes,
    commands,
    saveSnapshot,
    exitNow: endNow,
  });
}

/** Threads that hang in the kernel would keep process.exit waiting. */
function endNow(end: DashboardEnd): never {
  if (typeof end === 'string') dieOf(end);
  const libc = loadLibc();
  return exitNow(isLibc(libc) ? libc : undefined, end);
}

/** Nothing of this machine: no roots, and no command that changes it. */
async function replay(args: readonly string[]): Promise<DashboardEnd> {
  const options = replayOptions(args);
  const { RecordingFile } = await import('./probe/replay/recording-file.ts');
  const file = RecordingFile.open(options.recordingPath);
  const problem = typeof file === 'string' ? file : file.hasSnapshot ? undefined : 'there is no snapshot in it';
  if (problem !== undefined) {
    process.stderr.write(`shmtop: cannot replay ${options.recordingPath}: ${problem}\n`);
    return 1;
  }
  if (typeof file !== 'string') file.close();
  return runDashboard({ ...options, saveSnapshot });
}

/** A folder that never is: what is written there fails with ENOENT, as it would in a folder that was removed. */
const GONE = '/proc/self/gone';

/** The JSON of `shmtop ls --json`, into a new file in the folder where the program was started; throws what the file system says. */
async function saveSnapshot(snapshot: Snapshot, path: string): Promise<void> {
  const { writeSnapshotJson } = await import('./cli/json-stream.ts');
  const fd = createFile(join(here ?? GONE, path));
  // The line that tells it names the file already.
  if (typeof fd !== 'number')
    throw Object.assign(new Error(fd.reason), { code: /: (E[A-Z]+)$/.exec(fd.reason)?.[1] ?? fd.reason });
  try {
    writeSnapshotJson(snapshot, snapshot.objects, (bytes) => writeSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}
