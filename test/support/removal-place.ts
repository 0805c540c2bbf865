// The dashboard in a pty over things to remove, in a private place; what is left of them is asked of the kernel, not of shmtop.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRacer } from '../remove/racer.ts';
import { installProgram, type Program } from './lab-program.ts';
import { Place } from './place.ts';
import { type TerminalOptions, VirtualTerminal } from './terminal.ts';

/** The program and the racer, built once for a file of tests. */
export class RemovalBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'shmtop-removal-'));
  readonly racer: string;
  readonly program: Program;
  #places = 0;

  constructor() {
    chmodSync(this.folder, 0o755);
    this.racer = compileRacer(this.folder);
    chmodSync(this.racer, 0o755);
    this.program = installProgram(this.folder);
  }

  /** `script` makes what there is; `$racer COMMAND…` is the racer of the removal tests. */
  async open(script: string): Promise<RemovalPlace> {
    const folder = join(this.folder, `place-${this.#places++}`);
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    return new RemovalPlace(await Place.open(`racer=${this.racer}\n${FUNCTIONS}\n${script}`), this, folder);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * `dead N SIZE`: N segments whose maker is dead, which proves nothing (`orphaned`); the second of their times is over when it
 * returns, as `aged` waits for it. `sockets N`: N sockets whose server is dead, which proves all (`abandoned`). `attach SHMID`: a
 * process that stays attached. `pin PATH`: one that has it open. All run inside.
 */
const FUNCTIONS = `
aged() { echo age | $racer >/dev/null; }
dead() { echo "make $1 0 $2 0" | $racer >/dev/null; aged; }
sockets() { echo "sockets $1 0" | $racer >/dev/null; aged; }
attach() { (echo "attach $1"; exec sleep 1000) | $racer >/dev/null & }
pin() { (echo "pin $1"; exec sleep 1000) | $racer >/dev/null & }
`;

export class RemovalPlace {
  readonly place: Place;
  readonly folder: string;
  readonly #bench: RemovalBench;
  readonly #terminals: VirtualTerminal[] = [];

  constructor(place: Place, bench: RemovalBench, folder: string) {
    this.place = place;
    this.folder = folder;
    this.#bench = bench;
  }

  /** Runs the dashboard; returns when all objects are listed. */
  async start({
    words = [],
    uid,
    config,
    ...options
  }: TerminalOptions & { words?: readonly string[]; uid?: number; config?: string } = {}): Promise<VirtualTerminal> {
    const [command = '', ...enter] = this.place.enter;
    const { node, main } = this.#bench.program;
    if (config !== undefined) this.configure(config);
    const asUser = uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
    const env = {
      XDG_STATE_HOME: join(this.folder, `state-${uid ?? 0}`),
      XDG_CONFIG_HOME: this.folder,
      ...options.env,
    };
    mkdirSync(env.XDG_STATE_HOME, { recursive: true });
    chmodSync(env.XDG_STATE_HOME, 0o777);
    // The shell says how the program ended and how it left the terminal.
    const shell = 'echo PREVIOUS SCREEN; "$@"; echo "exit $?"; stty -a | grep -o -e "-*icanon"; exec cat';
    const run = ['sh', '-c', shell, 'sh', node, main, '--min-age', '0', ...words];
    const terminal = new VirtualTerminal(command, [...enter, ...asUser, ...run], { ...options, env });
    this.#terminals.push(terminal);
    await terminal.until('VERDICT', 15_000);
    await terminal.until(/ 1 of \d+ *$/m, 15_000);
    return terminal;
  }

  /** Writes config.toml, also while a dashboard runs. */
  configure(config: string): void {
    mkdirSync(join(this.folder, 'shmtop'), { recursive: true });
    writeFileSync(join(this.folder, 'shmtop/config.toml'), config);
  }

  /** shmids, in order, by the kernel's own table. */
  async segments(): Promise<number[]> {
    return (await this.#table()).map(([, shmid]) => Number(shmid)).sort((a, b) => a - b);
  }

  /** Permission bits, SHM_DEST (01000) among them, by shmid. */
  async modes(): Promise<ReadonlyMap<number, string>> {
    return new Map((await this.#table()).map(([, shmid, mode]) => [Number(shmid), mode ?? '']));
  }

  async #table(): Promise<string[][]> {
    const table = await this.place.read('cat /proc/sysvipc/shm');
    return table
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/));
  }

  /** Everything in /dev/shm, each name as `ls -b` escapes it. */
  async files(): Promise<string[]> {
    const list = await this.place.read('ls -Ab /dev/shm');
    return list.split('\n').filter((name) => name !== '');
  }

  journal(uid = 0): string {
    return readFileSync(join(this.folder, `state-${uid}/shmtop/removals.jsonl`), 'utf8');
  }

  async attach(shmid: number): Promise<void> {
    await this.run(`attach ${shmid}; sleep 0.1`);
  }

  /** A script with the functions of `open`, to its end. */
  async run(script: string): Promise<void> {
    await this.place.run(`racer=${this.#bench.racer}; ${FUNCTIONS} ${script}`);
  }

  async close(): Promise<void> {
    for (const terminal of this.#terminals) terminal.close();
    await this.place.close();
  }
}
