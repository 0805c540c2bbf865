// A private place with shared memory in it: IPC, mount and pid namespace of its own, an empty /dev/shm, and what a script makes.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** Why there can be no such place on this machine; absent when there can be one. */
export function placeMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'private namespaces need root';
  const tried = spawnSync('unshare', ['--ipc', '--mount', '--pid', '--fork', '--mount-proc', 'ipcmk', '--version']);
  return tried.status === 0 ? undefined : `unshare is refused: ${tried.stderr?.toString().trim()}`;
}

/** What shmtop writes of itself (who runs, the journal, compiled code, what a witness saw) goes with the place: in sh, as root, in a mount namespace of its own. */
export const OWN_TRACES =
  'for own in /run /var/log /var/cache $(ls -d /var/lib/shmtop 2>/dev/null); do mount -t tmpfs -o size=16m,mode=755 own $own || exit 1; done';

export class Place {
  readonly #init: ChildProcessWithoutNullStreams;
  /** Words that lead a command into it. */
  readonly enter: readonly string[];

  /** `script` runs inside (sh) and may leave processes behind; all end with the place. */
  static async open(script: string, megabytes = 64): Promise<Place> {
    const prepare = `${OWN_TRACES}; mount -t tmpfs -o size=${megabytes}m,mode=1777 place /dev/shm || exit 1\n${script}\necho ready; exec cat`;
    const words = ['--ipc', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL', 'sh', '-c', prepare];
    const init = spawn('unshare', words);
    for await (const chunk of init.stdout) if (String(chunk).includes('ready')) break;
    return new Place(init);
  }

  private constructor(init: ChildProcessWithoutNullStreams) {
    this.#init = init;
    const ns = `/proc/${childOf(init.pid ?? 0)}/ns`;
    this.enter = ['nsenter', `--ipc=${ns}/ipc`, `--mount=${ns}/mnt`, `--pid=${ns}/pid`];
  }

  /** Runs a shell command inside to its end; the test goes on looking at the screen meanwhile. */
  async run(script: string): Promise<void> {
    const [command = '', ...args] = [...this.enter, 'sh', '-c', script];
    const [code] = await once(spawn(command, args, { stdio: 'ignore' }), 'exit');
    if (code !== 0) throw new Error(`${script}: exit ${code}`);
  }

  /** Runs a shell command inside to its end: what it prints. */
  async read(script: string): Promise<string> {
    const [command = '', ...args] = [...this.enter, 'sh', '-c', script];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    return text(child.stdout);
  }

  async close(): Promise<void> {
    const gone = once(this.#init, 'exit');
    this.#init.kill('SIGKILL');
    await gone;
  }
}

/** nsenter and unshare fork to enter a pid namespace: the command is their child. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')[0]);
}
