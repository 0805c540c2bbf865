// A private place for kernel tests: its own IPC, mount and (by default) pid namespace with an empty /dev/shm, in which lab
// commands make real objects and the real program looks at them. Closing it takes every process and object with it.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync, mkdirSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { compileC } from './compile-c.ts';
import { leftovers } from './lab-host.ts';
import type { Ls } from './lab-json.ts';
import { installProgram, type Program } from './lab-program.ts';
import { OWN_TRACES } from './place.ts';

const LAB_SOURCES = fileURLToPath(new URL('../kernel/lab', import.meta.url));
const RUN_LIMIT_MS = 30_000;
/** Exit status of a lab command for a case that this machine cannot make (UNSUPPORTED in lab.h). */
const UNSUPPORTED = 77;

/** What every lab command says of itself; pids are those of the lab's own pid namespace. */
export interface Made {
  readonly pid: number;
  readonly ipcNamespace: string;
  readonly pidNamespace: string;
  readonly mountNamespace: string;
}
export interface Range {
  readonly start: string;
  readonly end: string;
}
export interface MadeSegment extends Made {
  readonly shmid: number;
  readonly key: string;
  readonly sizeBytes: number;
  readonly nattch: number;
  readonly cpid: number;
  readonly lpid: number;
  readonly range?: Range;
  readonly child?: number;
}
export interface MadeFile extends Made {
  readonly device: string;
  readonly inode: number;
  readonly sizeBytes?: number;
  readonly range?: Range;
  readonly fd?: number;
  readonly child?: number;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface RunOptions {
  /** Who runs it; root if absent. */
  readonly uid?: number;
  /** Words put before the command, run by root inside: another `unshare`, for example. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Why there can be no lab on this machine; absent when there can be one. */
export function labMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'private namespaces and other users need root';
  for (const program of ['cc', 'unshare', 'nsenter', 'setpriv', 'mount']) {
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error) return `no program "${program}"`;
  }
  const tried = spawnSync('unshare', ['--ipc', '--mount', '--pid', '--fork', '--mount-proc', 'true']);
  return tried.status === 0 ? undefined : `unshare is refused: ${tried.stderr.toString().trim()}`;
}

/** In a container nobody can know all processes, so that a name is never proven a leftover: why such tests are skipped. */
export function containerReason(): string | undefined {
  // PROC_PID_INIT_INO of include/linux/proc_ns.h: the pid namespace of the machine itself.
  const isMachine = readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]';
  return isMachine ? undefined : 'in a container nobody sees all processes';
}

/** The title of a group of kernel tests, with the reason where they are skipped. */
export function labTitle(title: string, missing: string | undefined): string {
  return missing === undefined ? title : `${title} (skipped: ${missing})`;
}

/** Opens a lab: in a pid namespace of its own, as in a container, or among all the processes of the machine. */
export async function openLab(pids: 'own-pids' | 'machine-pids'): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'shmtop-lab-'));
  try {
    chmodSync(dir, 0o755);
    mkdirSync(join(dir, 'scratch'), { mode: 0o755 });
    const binary = join(dir, 'lab');
    compileC(binary, globSync(`${LAB_SOURCES}/*.c`).sort());
    return await Lab.open(dir, binary, installProgram(dir), pids === 'own-pids');
  } catch (cause) {
    rmSync(dir, { recursive: true, force: true });
    throw cause;
  }
}

export class Lab {
  /** A folder on a tmpfs that only the lab sees, writable for everybody. */
  readonly scratch: string;
  readonly ipcNamespace: string;
  readonly pidNamespace: string;
  readonly #dir: string;
  readonly #binary: string;
  readonly #program: Program;
  readonly #enter: readonly string[];
  readonly #running = new Set<ChildProcessWithoutNullStreams>();
  readonly #init: ChildProcessWithoutNullStreams;
  /** Those that are nobody's but the lab's. */
  readonly #namespaces: readonly string[];

  static async open(dir: string, binary: string, program: Program, ownPids: boolean): Promise<Lab> {
    const scratch = join(dir, 'scratch');
    const prepare = `${OWN_TRACES} && mount -t tmpfs -o size=64m,mode=1777 lab /dev/shm && mount -t tmpfs -o size=512m,mode=1777 lab ${scratch}`;
    const init = spawn('unshare', [
      ...['--ipc', '--mount', '--fork', '--kill-child=SIGKILL'],
      ...(ownPids ? ['--pid', '--mount-proc'] : []),
      ...['sh', '-c', `${prepare} && exec "$0" init --name "$1"`, binary, readlinkSync('/proc/self/ns/ipc')],
    ]);
    const made: Made = JSON.parse(await firstLine(init));
    const [ipc, mount, pid] = ['ipc', 'mnt', 'pid_for_children'].map((name) => `/proc/${init.pid}/ns/${name}`);
    const enter = ['nsenter', `--ipc=${ipc}`, `--mount=${mount}`, ...(ownPids ? [`--pid=${pid}`] : [])];
    const namespaces = [made.ipcNamespace, made.mountNamespace, ...(ownPids ? [made.pidNamespace] : [])];
    return new Lab({ dir, binary, program, enter, init, made, namespaces });
  }

  private constructor(parts: {
    dir: string;
    binary: string;
    program: Program;
    enter: readonly string[];
    init: ChildProcessWithoutNullStreams;
    made: Made;
    namespaces: readonly string[];
  }) {
    this.#dir = parts.dir;
    this.#binary = parts.binary;
    this.#program = parts.program;
    this.#enter = parts.enter;
    this.#init = parts.init;
    this.#namespaces = parts.namespaces;
    this.scratch = join(parts.dir, 'scratch');
    this.ipcNamespace = parts.made.ipcNamespace;
    this.pidNamespace = parts.made.pidNamespace;
  }

  /** A System V segment: see `--how` in lab/sysv.c. */
  sysv(how: string, words: readonly string[] = [], options: RunOptions = {}): Promise<MadeSegment> {
    return this.make(['sysv', '--how', how, ...words], options);
  }

  /** A file in /dev/shm, held as `--how` in lab/files.c says. A name as bytes may be anything but NUL and slash. */
  shm(
    how: string,
    name: string | Uint8Array,
    words: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<MadeFile> {
    return this.make(['shm', '--how', how, '--hex', hex(name), ...words], options);
  }

  /** Runs a lab command and leaves it running; the answer is what it says it made. */
  async make<Said extends Made>(words: readonly string[], options: RunOptions = {}): Promise<Said> {
    const child = this.start([this.#binary, ...words], options);
    return JSON.parse(await firstLine(child));
  }

  /** Starts a command inside and leaves it running, with its standard input open. It ends with the lab at the latest. */
  start(words: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
    const [program = '', ...rest] = [...this.#enter, ...(options.through ?? []), ...asUser(options.uid), ...words];
    const child = spawn(program, rest, { env: { ...this.#environment(), ...options.env } });
    child.stdin.on('error', () => {}); // EPIPE: it ended before its input did
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  /** Runs a command inside to its end. */
  async run(words: readonly string[], options: RunOptions = {}): Promise<Output> {
    const child = this.start(words, options);
    const timer = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
    child.stdin.end();
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    clearTimeout(timer);
    return { stdout, stderr, code };
  }

  /** Compiles a program to a path inside; everybody there may run it. */
  async compile(target: string, source: string): Promise<void> {
    const outside = join(this.#dir, 'compiled');
    compileC(outside, [source]);
    expect(await this.run(['cp', outside, target])).toEqual({ code: 0, stdout: '', stderr: '' });
  }

  /** Runs the built program inside. */
  shmtop(words: readonly string[], options: RunOptions = {}): Promise<Output> {
    return this.run([this.#program.node, this.#program.main, ...words], options);
  }

  /** The words that run the built program, for `start`. */
  shmtopWords(words: readonly string[]): string[] {
    return [this.#program.node, this.#program.main, ...words];
  }

  /** The words of a lab command, for a shell that runs it in the background. */
  command(...words: readonly string[]): string {
    return [this.#binary, ...words].join(' ');
  }

  /** Words that let a command run where koffi cannot be loaded; they go into `through`. */
  get withoutKoffi(): string[] {
    return ['unshare', '--mount', 'sh', '-c', `mount -t tmpfs lab ${this.#program.koffi} && exec "$@"`, 'sh'];
  }

  /** `shmtop ls --json WORDS`, parsed. Fails when the program does. */
  async ls(words: readonly string[] = [], options: RunOptions = {}): Promise<Ls> {
    const { stdout, stderr, code } = await this.shmtop(['ls', '--json', ...words], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout, 'output of shmtop ls --json').not.toBe('');
    return JSON.parse(stdout);
  }

  /** SIGKILL to processes of the lab, by their pids in there, all at once; returns when they are gone. */
  async kill(...pids: number[]): Promise<void> {
    if (pids.length === 0 || pids.some((pid) => !(pid > 1))) throw new Error(`not pids of the lab: ${pids.join(' ')}`);
    const alive = `for p in "$@"; do [ -d /proc/$p ] && ! grep -q '^State:.Z' /proc/$p/status && exit 1; done; exit 0`;
    await this.run(['sh', '-c', 'kill -9 "$@"', 'kill', ...pids.map(String)]);
    for (let tries = 0; tries < 100; tries++) {
      if ((await this.run(['sh', '-c', alive, 'alive', ...pids.map(String)])).code === 0) return;
    }
    throw new Error(`processes ${pids.join(' ')} do not die`);
  }

  /** Ends everything inside and fails when anything of it is left on the machine. */
  async close(): Promise<void> {
    const all = [...this.#running, this.#init];
    const ends = all.map((child) => ended(child));
    for (const child of all) child.stdin.end(); // the last one ends everybody else in the IPC namespace
    await Promise.all(ends);
    rmSync(this.#dir, { recursive: true, force: true });
    expect(await leftovers(this.#namespaces, this.#dir)).toEqual([]);
  }

  #environment(): Record<string, string> {
    const { PATH = '/usr/bin:/bin' } = process.env;
    const home = { HOME: this.scratch, XDG_STATE_HOME: this.scratch, XDG_CONFIG_HOME: this.scratch };
    return { PATH, ...home, LC_ALL: 'C.UTF-8', SHMTOP_NO_WITNESS: '1' };
  }
}

function asUser(uid: number | undefined): string[] {
  return uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
}

function hex(name: string | Uint8Array): string {
  return Buffer.from(name).toString('hex');
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** A case that this machine cannot make: the test that needs it is to be skipped with this message. */
export class Unsupported extends Error {}

/** The first line of what a process prints; rejects with what it says on standard error when it ends without one. */
async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  const complaint = text(child.stderr);
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const end = once(child, 'close').then(async ([code]) => {
    const reason = (await complaint).trim();
    throw code === UNSUPPORTED ? new Unsupported(reason) : new Error(`lab ended with ${code}: ${reason}`);
  });
  return Promise.race([line, end]);
}
