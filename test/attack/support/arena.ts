// An arena: a machine of its own (IPC, mount and pid namespace) in which attackers run as nobody and root looks with shmtop.
// Nothing that happens in it reaches the machine, and nothing of it outlives `close`, whatever failed before.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { compileC } from '../../support/compile-c.ts';
import { labMissing } from '../../support/lab.ts';
import { installProgram, type Program } from '../../support/lab-program.ts';
import { Place } from '../../support/place.ts';
import { type TerminalOptions, VirtualTerminal } from '../../support/terminal.ts';
import { Attacker, type AttackerOptions } from './attacker.ts';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const DEADLINE_MS = 30_000;

/** Why no attacker can be played on this machine; absent when one can. */
export const arenaMissing = (): string | undefined =>
  labMissing() ?? (existsSync('/proc/self/ns/user') ? undefined : 'no user namespaces');

/** The title of a group of attacks, with the reason where they are skipped. */
export const attackTitle = (title: string, missing = arenaMissing()): string =>
  missing === undefined ? title : `${title} (skipped: ${missing})`;

export interface Measured {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly signal: number | undefined;
  readonly wallMs: number;
  readonly peakBytes: number;
  /** It was still running at the deadline and was killed. */
  readonly isLate: boolean;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly deadlineMs?: number;
  /** Words between the namespaces and the command: `prlimit`, another `unshare`, `setpriv`. */
  readonly through?: readonly string[];
  readonly cwd?: string;
}

export class Arena {
  /** Of the arena alone, on a tmpfs that everybody may read; `/dev/shm` is another. */
  readonly folder: string;
  readonly place: Place;
  readonly program: Program;
  readonly #outside: string;
  readonly #terminals: VirtualTerminal[] = [];
  readonly #attackers: Attacker[] = [];
  #runs = 0;

  /** `script` (sh, as root) runs inside first; `$folder` and `$disk` are those of the arena. */
  static async open(script = '', megabytes = 256): Promise<Arena> {
    const outside = mkdtempSync(join(tmpdir(), 'shmtop-attack-'));
    try {
      chmodSync(outside, 0o755);
      const folder = join(outside, 'arena');
      mkdirSync(folder);
      mkdirSync(join(outside, 'disk'));
      const program = installProgram(outside);
      compileC(join(outside, 'measure'), [join(SOURCES, 'support/measure.c')]);
      const prepare = `folder=${folder}; disk=${outside}/disk
mount -t tmpfs -o size=${megabytes}m,mode=755 arena $folder || exit 1
mknod -m 666 $folder/fuse c 10 229; mkdir -m 1777 $folder/tmp
${script}`;
      return new Arena(outside, folder, program, await Place.open(prepare, megabytes));
    } catch (cause) {
      rmSync(outside, { recursive: true, force: true });
      throw cause;
    }
  }

  private constructor(outside: string, folder: string, program: Program, place: Place) {
    this.#outside = outside;
    this.folder = folder;
    this.program = program;
    this.place = place;
  }

  /** On the disk of the machine, for victims: everybody may look into it, and only root may write. */
  get disk(): string {
    return join(this.#outside, 'disk');
  }

  /** A device for FUSE that everybody may open, as on ordinary machines. */
  get fuse(): string {
    return join(this.folder, 'fuse');
  }

  /** Starts an attacker (`subject/name.c`, `.py` or `.sh` below test/attack) as nobody; returns when it says `ready`. */
  async attack(source: string, args: readonly string[] = [], options: AttackerOptions = {}): Promise<Attacker> {
    const attacker = new Attacker(this.place.enter, this.#prepare(join(SOURCES, source)), args, options);
    this.#attackers.push(attacker);
    await attacker.ready;
    return attacker;
  }

  /** Runs shmtop as root inside, to its end or the deadline. */
  shmtop(words: readonly string[], options: RunOptions = {}): Promise<Measured> {
    return this.run([this.program.node, this.program.main, ...words], options);
  }

  /** Runs a command as root inside, to its end or the deadline. */
  async run(words: readonly string[], options: RunOptions = {}): Promise<Measured> {
    const { deadlineMs = DEADLINE_MS, through = [], env, cwd } = options;
    const figures = join(this.#outside, `figures-${this.#runs++}`);
    const [command = '', ...rest] = [
      ...this.place.enter,
      ...(cwd === undefined ? [] : [`--wdns=${cwd}`]),
      join(this.#outside, 'measure'),
      figures,
      String(deadlineMs),
      ...through,
      ...words,
    ];
    const child = spawn(command, rest, { env: this.#environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    while (!existsSync(figures) || statSync(figures).size === 0) {
      if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const [wallMs = 0, peakKiB = 0, status = 0, killed = 0] = readFileSync(figures, 'utf8').split(' ').map(Number);
    const signal = status & 0x7f;
    return {
      stdout,
      stderr,
      code: signal === 0 ? status >> 8 : undefined,
      signal: signal === 0 ? undefined : signal,
      wallMs,
      peakBytes: peakKiB * 1024,
      isLate: killed > 0,
    };
  }

  /** The dashboard as root inside, in a pty. */
  terminal(words: readonly string[] = [], options: TerminalOptions = {}): VirtualTerminal {
    return this.terminalOf([this.program.node, this.program.main, ...words], options);
  }

  /** Any command as root inside, in a pty. */
  terminalOf(words: readonly string[], options: TerminalOptions = {}): VirtualTerminal {
    const [command = '', ...rest] = [...this.place.enter, ...words];
    const env = { ...this.#own(), ...options.env };
    const terminal = new VirtualTerminal(command, rest, { ...options, env });
    this.#terminals.push(terminal);
    return terminal;
  }

  /** Ends everything inside, also after a failure. */
  async close(): Promise<void> {
    for (const terminal of this.#terminals) terminal.close();
    await Promise.all(this.#attackers.map((attacker) => attacker.close()));
    await this.place.close();
    rmSync(this.#outside, { recursive: true, force: true });
  }

  #own() {
    return { HOME: join(this.folder, 'tmp'), XDG_STATE_HOME: join(this.folder, 'state'), XDG_CONFIG_HOME: undefined };
  }

  #environment(env: RunOptions['env']): Record<string, string> {
    const { PATH = '/usr/bin:/bin' } = process.env;
    const all = { PATH, LC_ALL: 'C.UTF-8', SHMTOP_NO_WITNESS: '1', ...this.#own(), ...env };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** Where nobody may run it; compiled if it is C. */
  #prepare(source: string): string[] {
    const kind = extname(source);
    const target = join(this.#outside, basename(source, kind));
    if (kind === '.c' && !existsSync(target)) compileC(target, [source]);
    if (kind !== '.c') copyFileSync(source, target);
    chmodSync(target, 0o755);
    return kind === '.c' ? [target] : kind === '.py' ? ['python3', target] : ['sh', target];
  }
}
