// Starts the dashboard: hands it the roots and the commands that act on the machine.
import { closeSync, openSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { dashboardOptions } from './cli/dashboard.ts';
import { EXIT, UsageError } from './cli/usage.ts';
import { dashboardLoad } from './dashboard-load.ts';
import type { Snapshot } from './probe/model/snapshot.ts';
import { runDashboard } from './ui/run.tsx';

const { argv, env } = process;
// The young generation stays as small as it started: 7 MB less resident memory, and no frame needs more. Other major versions
// of V8 may not know the flag.
if (/^1[2-4]\./.test(process.versions.v8)) setFlagsFromString('--semi-space-growth-factor=1');

try {
  const code = await runDashboard({
    ...dashboardOptions(argv.slice(2)),
    procRoot: env.SHMTOP_PROC,
    shmRoot: env.SHMTOP_SHM,
    saveSnapshot,
    commands: { load: dashboardLoad() },
  });
  process.exit(code);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`shmtop: ${error.message}. See shmtop --help\n`);
  process.exitCode = EXIT.usage;
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
