// One attacker: a script that runs as an ordinary user in a pid namespace of its own, bounded in time and memory.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { NOBODY } from '../../support/lab-host.ts';

const READY_MS = 40_000;

export interface AttackerOptions {
  readonly uid?: number;
  /** It is killed after so many seconds, whatever the test does; 60 if absent. */
  readonly mostSec?: number;
  /** Address space, MB; 1024 if absent. */
  readonly megabytes?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class Attacker {
  /** Resolves with what follows the word `ready` on its line; rejects when it ends, or takes too long. */
  readonly ready: Promise<string>;
  /** What it has said so far, line by line, `ready` apart. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;

  /** `enter` leads into the arena; `command` is run there as the user, its standard input open. */
  constructor(
    enter: readonly string[],
    command: readonly string[],
    args: readonly string[],
    { uid = NOBODY, mostSec = 60, megabytes = 1024, env = {} }: AttackerOptions,
  ) {
    const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
    const bounds = ['prlimit', `--as=${megabytes * 1024 * 1024}`, `--cpu=${mostSec}`, '--'];
    // The shell is the first process of the pid namespace: it stays root's, so that the kernel ends all of it with `unshare`.
    const namespace = ['unshare', '--pid', '--fork', '--kill-child=SIGKILL', 'sh', '-c', '"$@"; exit', 'sh'];
    const words = [...enter, ...namespace, 'timeout', '-s', 'KILL', String(mostSec), ...bounds, ...user];
    const [program = '', ...rest] = [...words, ...command, ...args];
    const { PATH = '/usr/bin:/bin' } = process.env;
    const child = spawn(program, rest, { env: { PATH, HOME: '/', ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    let complaint = '';
    child.stderr.on('data', (chunk) => {
      complaint = (complaint + chunk).slice(-2000);
    });
    child.stdin.on('error', () => {}); // EPIPE: it ended before its input did
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.kill();
        reject(new Error(`${command.join(' ')} was not ready in time: ${complaint}`));
      }, READY_MS);
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('ready')) {
          clearTimeout(timer);
          resolve(line.slice('ready'.length).trim());
        } else this.lines.push(line);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        reject(new Error(`${command.join(' ')} ended (${signal ?? code}): ${complaint}`));
      });
    });
    this.ready.catch(() => {}); // told to whoever awaits it
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Pids of all its processes as the machine counts them: the attacker itself is the last of the first branch. */
  get pids(): number[] {
    return this.isRunning ? withDescendants(this.#child.pid ?? 0) : [];
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Ends all of it; resolves when it is gone. */
  async close(): Promise<void> {
    const gone = this.isRunning ? once(this.#child, 'exit') : undefined;
    this.kill();
    await gone;
  }

  /** Ends all of it, without waiting. */
  kill(): void {
    for (const pid of this.pids.reverse()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // ESRCH: it went with another
      }
    }
  }
}

function withDescendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean);
    return [pid, ...children.flatMap((child) => withDescendants(Number(child)))];
  } catch {
    return [pid]; // ENOENT: gone
  }
}
