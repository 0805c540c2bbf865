// A place of its own in which an ordinary user's hostile processes run, and root looks with shmtop.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { compileC } from '../../support/compile-c.ts';
import { NOBODY } from '../../support/lab-host.ts';
import type { Ls } from '../../support/lab-json.ts';
import { childOf, Place } from '../../support/place.ts';
import { VirtualTerminal } from '../../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const SOURCES = fileURLToPath(new URL('.', import.meta.url));
/** The attackers give up by themselves after that, whatever the test does. */
const LAST_SEC = 25;
const MOST_BYTES = 300e6;

/** What leads to a search for names and libraries of all processes: a leftover of Python, 20 minutes old. */
const SCENE = 'head -c 4096 /dev/zero > /dev/shm/psm_0badcafe; touch -d "20 minutes ago" /dev/shm/psm_0badcafe';

export class HostileScene {
  readonly place: Place;
  readonly #folder: string;
  readonly #attackers: ChildProcessWithoutNullStreams[] = [];
  readonly #terminals: VirtualTerminal[] = [];
  #mounts = 0;

  static async open(): Promise<HostileScene> {
    const folder = mkdtempSync(join(tmpdir(), 'shmtop-attack-'));
    chmodSync(folder, 0o755);
    for (const name of ['silent', 'crowd']) compileC(join(folder, name), [join(SOURCES, `${name}.c`)]);
    copyFileSync(join(SOURCES, 'knower.py'), join(folder, 'knower.py'));
    // As on ordinary machines, where everybody may open it.
    execFileSync('mknod', ['-m', '666', join(folder, 'fuse'), 'c', '10', '229']);
    return new HostileScene(folder, await Place.open(SCENE));
  }

  private constructor(folder: string, place: Place) {
    this.#folder = folder;
    this.place = place;
  }

  /** Ends what one test began. */
  async clear(): Promise<void> {
    for (const terminal of this.#terminals.splice(0)) terminal.close();
    for (const attacker of this.#attackers.splice(0)) {
      const gone = attacker.exitCode === null ? once(attacker, 'exit') : undefined;
      attacker.stdin.end();
      await gone;
    }
  }

  async close(): Promise<void> {
    await this.clear();
    await this.place.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Processes that never answer whoever wants to read their memory: their pids, as they are numbered inside. */
  silent(count: number, uid = NOBODY): Promise<number[]> {
    const mount = join(this.#folder, `mount-${this.#mounts++}`);
    mkdirSync(mount);
    const words = [join(this.#folder, 'silent'), join(this.#folder, 'fuse'), mount, `${count}`, `${LAST_SEC}`];
    return this.#attack(['unshare', '-Urm', ...words], uid);
  }

  /** A process that is larger than anybody expects: its pid. */
  crowd(...words: readonly string[]): Promise<number[]> {
    return this.#attack([join(this.#folder, 'crowd'), ...words], NOBODY);
  }

  /** A process that knows, or does not know, a name by its random part (knower.py): its pid. */
  knower(how: string, half: string, otherHalf: string, uid = NOBODY): Promise<number[]> {
    return this.#attack(['/usr/bin/python3', join(this.#folder, 'knower.py'), how, half, otherHalf], uid);
  }

  /** Runs the program inside: what it said, how long it took, and the most memory that it or a child of it had. */
  async run(words: readonly string[]) {
    const startedMs = performance.now();
    const measured = ['python3', '-c', MEASURE, process.execPath, MAIN, ...words];
    const [command = '', ...args] = [...this.place.enter, 'timeout', '-s', 'KILL', '15', ...measured];
    const child = spawn(command, args, { env: { PATH: process.env.PATH, SHMTOP_NO_WITNESS: '1' } });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    const peakBytes = Number(/peak (\d+)$/.exec(stderr.trim())?.[1]) * 1024;
    return { stdout, stderr, peakBytes, tookMs: performance.now() - startedMs, code };
  }

  /** A whole `ls --json`, which has to end well and to stay small. */
  async ls() {
    const ran = await this.run(['ls', '--json', '--min-age', '0']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.peakBytes).toBeLessThan(MOST_BYTES);
    const listed: Ls = JSON.parse(ran.stdout);
    return { ...ran, listed };
  }

  dashboard(): VirtualTerminal {
    const [command = '', ...args] = [...this.place.enter, process.execPath, MAIN, '--min-age', '0'];
    const terminal = new VirtualTerminal(command, args, { columns: 120, rows: 30 });
    this.#terminals.push(terminal);
    return terminal;
  }

  /** Ends the dashboard by keys or a signal: soon, with this code, and with the terminal as it was. */
  async ends(terminal: VirtualTerminal, by: string, code: number): Promise<void> {
    const startedMs = performance.now();
    if (by === 'SIGTERM') process.kill(childOf(terminal.pid), by);
    else terminal.type(by);
    expect(await terminal.exited(6000)).toBe(code);
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(terminal.isAlternate).toBe(false);
  }

  /** The pids that it tells when its trap is set. */
  async #attack(words: readonly string[], uid: number): Promise<number[]> {
    const user = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const bounded = ['timeout', '-s', 'KILL', String(LAST_SEC + 5)];
    const [command = '', ...args] = [...this.place.enter, ...bounded, ...user, ...words];
    const child = spawn(command, args);
    this.#attackers.push(child);
    let complaint = '';
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    let said = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      said += chunk;
      if (said.includes('\n')) break;
    }
    if (!said.startsWith('ready')) throw new Error(`${words.join(' ')}: ${said}${complaint}`);
    return said.trim().split(' ').slice(1).map(Number);
  }
}

/** Runs a command to its end and tells the most memory that it, or a child that it has waited for, had: KiB. */
const MEASURE = `
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code if code >= 0 else 128 - code)
`;
