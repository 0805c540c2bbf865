// Starts the dashboard: hands it the roots and the commands that act on the machine.
import { closeSync, openSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { dashboardOptions, replayOptions } from './cli/dashboard.ts';
import { EXIT, UsageError } from './cli/usage.ts';
import { dashboardLoad } from './dashboard-load.ts';
import { isLibc, loadLibc } from './native/libc.ts';
import { exitNow } from './native/process.ts';
import type { Snapshot } from './probe/model/snapshot.ts';
import { removeInThread } from './remove/thread.ts';
import { rootsFrom } from './roots.ts';
import type { DashboardCommands } from './ui/commands.ts';
import { runDashboard } from './ui/run.tsx';

const { argv, env } = process;
const roots = rootsFrom(env);
// The young generation stays as small as it started, and code is compiled for size: together 14 MB less resident memory, and no
// frame needs more. With a heap that small the memory reducer would collect all of it every other second, for nothing. Other
// major versions of V8 may not know the flags.
if (/^1[2-4]\./.test(process.versions.v8)) {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--no-memory-reducer');
}

try {
  process.exit(argv[2] === 'replay' ? await replay(argv.slice(3)) : await observe(argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`shmtop: ${error.message}. See shmtop --help\n`);
  process.exitCode = EXIT.usage;
}

function observe(args: readonly string[]): Promise<number> {
  const commands: DashboardCommands = {
    remove: (order) => removeInThread(order, { ...roots, by: 'dashboard' }),
    load: dashboardLoad(),
  };
  return runDashboard({ ...dashboardOptions(args), ...roots, commands, saveSnapshot, exitNow: endNow });
}

/** Threads that hang in the kernel would keep process.exit waiting. */
function endNow(code: number): never {
  const libc = loadLibc();
  return exitNow(isLibc(libc) ? libc : undefined, code);
}

/** Nothing of this machine: no roots, and no command that changes it. */
async function replay(args: readonly string[]): Promise<number> {
  const options = replayOptions(args);
  const { RecordingFile } = await import('./probe/source/recording-file.ts');
  const file = RecordingFile.open(options.recordingPath);
  const problem = typeof file === 'string' ? file : file.hasSnapshot ? undefined : 'there is no snapshot in it';
  if (problem !== undefined) {
    process.stderr.write(`shmtop: cannot replay ${options.recordingPath}: ${problem}\n`);
    return 1;
  }
  if (typeof file !== 'string') file.close();
  return runDashboard({ ...options, saveSnapshot });
}

/** The JSON of `shmtop ls --json`, into a new file; throws what the file system says. */
async function saveSnapshot(snapshot: Snapshot, path: string): Promise<void> {
  const { writeSnapshotJson } = await import('./cli/json-stream.ts');
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeSnapshotJson(snapshot, snapshot.objects, (bytes) => writeSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}
