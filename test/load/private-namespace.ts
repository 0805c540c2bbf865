// Runs a script of the tests in an IPC namespace of its own, so that what it counts is its own and nobody is disturbed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';

// Root may unshare at once; others need a user namespace for it, which some machines forbid.
const WAYS = [['--ipc'], ['--map-root-user', '--ipc']] as const;
const way = WAYS.find((flags) => spawnSync('unshare', [...flags, 'true']).status === 0);

/** False where the machine allows no namespaces: skip what needs one. */
export const hasPrivateNamespace = way !== undefined;
/** The words that lead into one. */
const PRIVATE: readonly string[] = way ?? [];

export interface ScriptResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Words that run what follows with a file system of queues of that namespace; root only. */
const WITH_QUEUES = ['--mount', 'sh', '-ec', 'mount -t mqueue mqueue /mnt && exec "$@"', 'sh'];
const WITH_SHM = ['--mount', 'sh', '-ec', 'mount -t tmpfs tmpfs /dev/shm && exec "$@"', 'sh'];
/** The same without the right to make a namespace of its own, as an ordinary user is. */
export const UNPRIVILEGED: readonly string[] = ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'];

/** True for root with all its rights. */
export const hasQueues = spawnSync('unshare', ['--ipc', ...WITH_QUEUES, ...UNPRIVILEGED, 'true']).status === 0;

/** As `runInNamespace`, as root, with POSIX queues listed in /mnt; `isPrivileged`: may it make namespaces? */
export function runWithQueues(script: string, args: readonly string[], timeoutMs: number, isPrivileged: boolean) {
  return runIn(WITH_QUEUES, script, args, timeoutMs, isPrivileged);
}

/** The same with an empty /dev/shm in their place. */
export function runWithShm(script: string, args: readonly string[], timeoutMs: number, isPrivileged: boolean) {
  return runIn(WITH_SHM, script, args, timeoutMs, isPrivileged);
}

function runIn(
  place: readonly string[],
  script: string,
  args: readonly string[],
  timeoutMs: number,
  isPrivileged: boolean,
) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const words = ['--ipc', ...place, ...(isPrivileged ? [] : UNPRIVILEGED)];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const command = [...words, process.execPath, '--no-warnings', path, ...args];
  return spawnSync('unshare', command, { encoding: 'utf8', timeout: timeoutMs, env });
}

/** Runs `script` (relative to test/load) to its end, at most `timeoutMs`. */
export function runInNamespace(script: string, args: readonly string[], timeoutMs: number): ScriptResult {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const flags = [...PRIVATE, process.execPath, '--no-warnings', path, ...args];
  const env = { ...process.env, ...COMPILED_SOURCES, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync('unshare', flags, { encoding: 'utf8', timeout: timeoutMs, env });
  return { status, stdout, stderr };
}
