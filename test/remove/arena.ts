// A private IPC, mount and pid namespace in which a race runs: nothing of the machine can be reached from there.
import { spawn, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';

const PREPARE =
  'mount -t tmpfs -o size=256m,mode=1777 shmtop-race /dev/shm && mount -t tmpfs -o mode=700 race /mnt && exec "$@"';
const NAMESPACES = ['--ipc', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child=SIGKILL'];

export type Race =
  | 'segments-stepped'
  | 'names-stepped'
  | 'saved'
  | 'free'
  | 'two'
  | 'kill'
  | 'bench'
  | 'thread'
  | 'failing'
  | 'again';

/** What a race counted; `wrong` must be 0, `examples` says in words what was. */
export interface RaceResult {
  readonly wrong: number;
  readonly examples: readonly string[];
  readonly [count: string]: number | readonly string[];
}

/** Why no race can be run on this machine; absent when it can. */
export function arenaMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'private namespaces need root';
  if (spawnSync('cc', ['--version'], { stdio: 'ignore' }).error) return 'no C compiler';
  const tried = spawnSync('unshare', [...NAMESPACES, 'true'], { stdio: 'ignore' });
  return tried.status === 0 ? undefined : 'unshare is refused';
}

/** Runs one race to its end; throws what it says on standard error when it fails. */
export async function race(
  name: Race,
  racer: string,
  words: readonly (string | number)[],
  limitMs = 60_000,
): Promise<RaceResult> {
  const script = fileURLToPath(new URL(`races/${name}.ts`, import.meta.url));
  const command = [process.execPath, '--no-warnings', script, racer, ...words.map(String)];
  const child = spawn('unshare', [...NAMESPACES, 'sh', '-c', PREPARE, 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...COMPILED_SOURCES, RACE_OUTSIDE_IPC: readlinkSync('/proc/self/ns/ipc') },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  clearTimeout(timer);
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`${name} ${words.join(' ')} failed: ${stdout}${stderr}`, { cause });
  }
}
