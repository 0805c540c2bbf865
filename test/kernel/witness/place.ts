// A place for a witness and makers: IPC and mount namespaces of their own with an empty /dev/shm and /var/lib, in the machine's pid namespace, since
// taskstats speaks of no other. Closing it ends what it started.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Life, Watch } from '../../../src/probe/model/life/life.ts';
import { compileC } from '../../support/compile-c.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Waited for is what comes: only where it does not, so long. */
const PATIENCE_MS = 45_000;

/** Why there can be no such place here. */
export function witnessMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  if (readlinkSync('/proc/self/ns/pid') !== 'pid:[4026531836]')
    return 'taskstats speaks of the first pid namespace only';
  return existsSync('/usr/bin/cc') || existsSync('/usr/local/bin/cc') ? undefined : 'needs a C compiler';
}

export class WitnessPlace {
  readonly dir = mkdtempSync(join(tmpdir(), 'shmtop-witness-'));
  readonly makers: string;
  notes = '';
  readonly #anchor: ChildProcess;
  readonly #started: ChildProcess[] = [];

  private constructor() {
    const script =
      'mount --make-rprivate / && mount -t tmpfs none /dev/shm && mount -t tmpfs -o mode=755 none /var/lib && echo ready && exec sleep 1000';
    this.#anchor = spawn('unshare', ['--ipc', '--mount', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.makers = join(this.dir, 'makers');
  }

  static async open(): Promise<WitnessPlace> {
    const place = new WitnessPlace();
    compileC(place.makers, [join(root, 'test/kernel/witness/makers.c')]);
    const { stdout } = place.#anchor;
    await new Promise((resolve) => stdout?.once('data', resolve));
    return place;
  }

  /** Words that run a command in here. */
  inside(...words: readonly string[]): string[] {
    return ['nsenter', '-t', String(this.#anchor.pid), '--ipc', '--mount', ...words];
  }

  /** Runs makers to their end: the numbers that they print. */
  make(...words: readonly string[]): number[] {
    const [command = '', ...args] = this.inside(this.makers, ...words);
    const { stdout } = spawnSync(command, args, { encoding: 'utf8' });
    return stdout.trim().split(/\s+/).map(Number);
  }

  start(...words: readonly string[]): ChildProcess {
    const [command = '', ...args] = this.inside(...words);
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#started.push(child);
    return child;
  }

  run(...words: readonly string[]) {
    const [command = '', ...args] = this.inside(...words);
    return spawnSync(command, args, { encoding: 'utf8' });
  }

  /** Where the witness keeps what it saw. */
  get state(): string {
    return join(this.dir, 'state');
  }

  /** Words that run shmtop in here. */
  readonly shmtop = [
    ...['env', '-u', 'SHMTOP_NO_WITNESS'],
    ...[process.execPath, process.env.SHMTOP_MAIN ?? join(root, 'dist/main.js')],
  ];

  witnessWords(state = this.state): string[] {
    return [...this.shmtop, 'witness', '--state', state];
  }

  /** Starts one and waits until it says that it sees. */
  async witness(): Promise<ChildProcess> {
    const child = this.start(...this.witnessWords());
    this.notes = '';
    child.stderr?.on('data', (data) => {
      this.notes += String(data);
    });
    await this.until(() => this.notes.includes('by table') || child.exitCode !== null);
    await sleep(300);
    return child;
  }

  /** Returns when it is done, or patience ends. `everyMs`: longer where to ask is a program of its own. */
  async until(isDone: () => boolean, everyMs = 50): Promise<void> {
    for (const endMs = Date.now() + PATIENCE_MS; !isDone() && Date.now() < endMs; ) await sleep(everyMs);
  }

  /** Lives that fit an expression over columns and `life` (JSON): the machine has many more than those of the test. */
  lives(where: string): Life[] {
    return this.#query(`SELECT life AS value FROM life WHERE ${where}`).map((text): Life => JSON.parse(text));
  }

  get watch(): Watch {
    return JSON.parse(this.#query('SELECT watch AS value FROM boot')[0] ?? '{}');
  }

  #query(sql: string): string[] {
    const database = new DatabaseSync(join(this.dir, 'state/witness.db'), { readOnly: true });
    try {
      database.exec('PRAGMA busy_timeout = 500');
      return database
        .prepare(sql)
        .all()
        .map(({ value }) => String(value));
    } finally {
      database.close();
    }
  }

  /** The life that fits, once it is as wanted, or as it is when patience ends. */
  async life(where: string, isDone: (life: Life) => boolean = () => true): Promise<Life | undefined> {
    await this.until(() => {
      const [life] = this.lives(where);
      return life !== undefined && isDone(life);
    });
    return this.lives(where)[0];
  }

  named(rawName: string, isDone?: (life: Life) => boolean): Promise<Life | undefined> {
    return this.life(`life ->> '$.kind' = 'posix' AND life ->> '$.rawName' = '${rawName}'`, isDone);
  }

  /** Its end by this signal, waited for. */
  async end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await new Promise((resolve) => child.once('exit', resolve));
  }

  async close(): Promise<void> {
    for (const child of this.#started) await this.end(child, 'SIGKILL');
    await this.end(this.#anchor, 'SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }
}
