// The load generator from the dashboard, in a real pty and a private place: it moves, it can be found, and nothing of it stays.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { childOf, Place, placeMissing } from '../support/place.ts';
import { sleep, type TerminalOptions, VirtualTerminal } from '../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const missing = placeMissing();
/** In each of them a dashboard is killed so often. */
const BACKINGS = ['sysv', 'posix', 'memfd'];
const KILLS = 5;
const SOMETHING = 'head -c 100000 /dev/zero > /dev/shm/cache';

describe.skipIf(missing !== undefined)(`a load from the dashboard${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let place: Place;
  let folder = '';
  let started = 0;
  const open: VirtualTerminal[] = [];

  beforeAll(async () => {
    place = await Place.open(SOMETHING, 256);
    folder = mkdtempSync(join(tmpdir(), 'shmtop-throughput-'));
  });
  afterEach(async () => {
    for (const terminal of open.splice(0)) terminal.close();
    await nothingLeft();
  });
  afterAll(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(
    options: TerminalOptions = {},
    words: readonly string[] = [],
    prefix: readonly string[] = [],
    where = place,
  ) {
    const [command = '', ...enter] = where.enter;
    const state = join(folder, `state-${started++}`);
    const env = { XDG_STATE_HOME: state, XDG_CONFIG_HOME: join(folder, 'config'), ...options.env };
    const terminal = new VirtualTerminal(command, [...enter, ...prefix, process.execPath, MAIN, ...words], {
      ...options,
      env,
    });
    open.push(terminal);
    await terminal.until('posix:/cache');
    return terminal;
  }

  /** Processes of loads that are more than zombies, rows of segments, the memory of files: as the kernel tells them. */
  async function remains(where = place) {
    const script = 'cat /proc/[0-9]*/stat 2>/dev/null; echo //; tail -n +2 /proc/sysvipc/shm; echo //; df -k /dev/shm';
    const [stats = '', segments = '', disk = ''] = (await where.read(script)).split('//\n');
    return {
      processes: stats.split('\n').flatMap((line) => /\((shmtop-(?:prod|cons)-\d+)\) [^ZX]/.exec(line)?.[1] ?? []),
      segments: segments.split('\n').filter(Boolean),
      usedKib: Number(disk.trim().split('\n').at(-1)?.split(/\s+/)[2]),
    };
  }
  const NOTHING = { processes: [], segments: [], usedKib: 100 };
  async function nothingLeft(where = place, timeoutMs = 3000): Promise<void> {
    const endMs = Date.now() + timeoutMs;
    while (!isDeepStrictEqual(await remains(where), NOTHING) && Date.now() < endMs) await sleep(30);
    expect(await remains(where)).toEqual(NOTHING);
  }
  /** A folder of states in which these choices are remembered: a load that ends is as good when it leaves the processors to others. */
  function remembering(name: string, load: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
    const home = join(folder, name);
    mkdirSync(join(home, 'shmtop'), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'shmtop/state.json'), JSON.stringify({ load: { rate: 10_000, ...load } }), {
      mode: 0o600,
    });
    return { XDG_STATE_HOME: home };
  }
  const dashboardPid = (terminal: VirtualTerminal): number => childOf(terminal.pid);
  const workersOf = (pid: number): string[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean);
  const RUNS = /Running .* s of 10 s/;

  test('l starts it, the rates come, it is found in screens 1 and 2 as ours, l stops it and nothing is left', async () => {
    const terminal = await start({ rows: 50 });
    // In a table the key between j, k and h starts nothing.
    terminal.type('jlkl2ljl3l1l');
    await sleep(300);
    expect(workersOf(dashboardPid(terminal))).toEqual([]);
    terminal.type('4l');
    await terminal.until('measuring round trip');
    await terminal.until(RUNS);
    const screen = await terminal.until(/Verified +[\d.]+ [kMG]? ?messages: nothing torn, lost or reordered/);
    expect(screen).toMatch(/ 4 Throughput .* load [\d.]+ [kMG]B\/s/);
    const [, shmid, producer, consumer] = /Found as +sysv:(\d+) .*producer (\d+), consumer (\d+)/.exec(screen) ?? [];
    expect(await place.read(`cat /proc/${producer}/comm /proc/${consumer}/comm`)).toBe(
      'shmtop-prod-0\nshmtop-cons-0\n',
    );
    const row = (await remains()).segments.map((line) => line.trim().split(/\s+/)).find(([, id]) => id === shmid);
    expect({ key: row?.[0], perms: row?.[2], nattch: row?.[6] }).toEqual({ key: '0', perms: '1600', nattch: '3' });
    terminal.type('1');
    await terminal.until(new RegExp(`● in-use +sysv:${shmid} .*shmtop load`));
    terminal.type(`/sysv:${shmid}\r`);
    await terminal.until(/1 of 1 shown/);
    terminal.type('\r');
    await terminal.until('shmtop load: segment of our own load generator');
    await terminal.until(new RegExp(`${consumer} +root +shmtop-cons-0`));
    expect(terminal.text()).toMatch(new RegExp(`${producer} +root +shmtop-prod-0`));
    expect(terminal.text()).toMatch(/root +shmtop\b/);
    terminal.type('\x1b');
    await terminal.until('VERDICT');
    terminal.type('\x1b');
    await terminal.until((shown) => !shown.includes('filter:'));
    terminal.type('2');
    await terminal.until(new RegExp(`${consumer} .*shmtop-cons-0`));
    terminal.type('4l1');
    await terminal.until(/Load done: [\d.]+ M messages\/s/);
    await nothingLeft();
    terminal.type('4');
    await terminal.until(/Stopped +[\d.]+ [MG] messages in[\s\S]*lStart ↑ ↓Choose/);
    expect(terminal.text()).not.toMatch(/ load [\d.]+ .B\/s/);
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('T on its screen plays the tour: each scene is told, its objects are in the tables, and nothing of it stays', async () => {
    const terminal = await start({ columns: 120, rows: 40 });
    terminal.type('T');
    terminal.type('4');
    await terminal.until('starts 2 processes');
    terminal.type('T');
    await terminal.until(/Tour, 1 of 10: A segment is made/);
    await terminal.until(/sysv:\d+\S*: \S+, nattch 0, held by no processes/);
    terminal.type('1');
    await terminal.until(/Tour, 2 of 10: It is attached/, 20_000);
    await terminal.until(/in-use +sysv:\S+ .*shmtop-tour/);
    terminal.type('q');
    await terminal.exited();
    const left = async () => place.read('cat /proc/[0-9]*/comm 2>/dev/null | grep -c shmtop-tour || true');
    for (const endMs = Date.now() + 5000; (await left()).trim() !== '0' && Date.now() < endMs; ) await sleep(50);
    expect((await left()).trim()).toBe('0');
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('the choices are what runs, the result stays, and they are remembered', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'remembered') };
    const terminal = await start({ columns: 120, rows: 40, env });
    terminal.type('4');
    await terminal.until('starts 2 processes');
    terminal.type('\x1b[B\x1b[C\x1b[C\x1b[C'); // 64 B, 256 B, 1 KiB, 4 KiB
    await terminal.until(/Message size +◂ 4 KiB/);
    terminal.type('jl'.replace('l', '\x1b[C\x1b[C')); // segment: memfd
    terminal.type('j\r'); // two pairs
    await terminal.until(/Pairs +◂ 2 ▸/);
    terminal.type('l');
    await terminal.until(
      / s of 10 s.*futex, 4 KiB[\s\S]*Found as +memfd:0:\d+:\d+ \(memfd:shmtop-ring\): producer \d+, \d+, consumer/,
    );
    terminal.type('l');
    await terminal.until(/Stopped +[\d.]+ [kMG] messages/);
    terminal.type('q');
    await terminal.exited();
    const again = await start({ columns: 120, rows: 40, env });
    again.type('4');
    await again.until(/Message size +4 KiB[\s\S]*Pairs +2/);
  });

  test('while it runs every screen answers, sampling goes on, and what appears is shown', async () => {
    const terminal = await start();
    terminal.type('4l');
    await terminal.until(RUNS);
    terminal.type('1');
    await terminal.until('VERDICT');
    try {
      void place.run('head -c 50000 /dev/zero > /dev/shm/fresh');
      await terminal.until('posix:/fresh');
    } finally {
      void place.run('rm /dev/shm/fresh');
    }
    for (const [key, what] of [
      ['2', 'COMMAND'],
      ['6', 'SHMMNI'],
      ['?', 'Help: / finds'],
      ['\x1b', 'SHMMNI'],
      ['4', RUNS],
    ] as const) {
      terminal.type(key);
      await terminal.until(what);
    }
    terminal.type('l');
    await terminal.until(/Stopped /);
  });

  test('on one processor polling is refused before it starts, in words, and futex runs', async () => {
    const terminal = await start({}, [], ['taskset', '-c', '0']);
    terminal.type('4');
    await terminal.until('starts 2 processes');
    terminal.type('\x1b[C'); // spin
    await terminal.until(/✗ Cannot poll \(spin\) on one processor[\s\S]*Use futex/);
    terminal.type('l');
    await sleep(300);
    expect((await remains()).segments).toEqual([]);
    expect(terminal.text()).toMatch(/✗ Cannot poll/);
    terminal.type('\x1b[D');
    await terminal.until('starts 2 processes');
    terminal.type('l');
    await terminal.until(/Verified +[\d.]+ /, 20_000);
    terminal.type('l');
    await terminal.until(/Stopped /);
  }, 60_000);

  test('a worker that is killed ends it with words, and the dashboard goes on', async () => {
    const terminal = await start({ env: remembering('killed', {}) });
    terminal.type('4l');
    const screen = await terminal.until(/Found as .*consumer (\d+)/);
    const consumer = /consumer (\d+)/.exec(screen)?.[1];
    await place.run(`kill -9 ${consumer}`);
    await terminal.until(`The consumer (pid ${consumer}) was killed by SIGKILL`);
    await nothingLeft();
    terminal.type('1');
    await terminal.until('VERDICT');
  });

  const ENDS: readonly (readonly [name: string, end: string, code: number])[] = [
    ['q', 'q', 0],
    ['Ctrl-C', '\x03', 0],
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGHUP', 'SIGHUP', 129],
  ];
  test.each(ENDS)('%s while it runs stops it: nothing is left when the program has ended', async (_, end, code) => {
    const terminal = await start({ env: remembering('ends', {}) });
    terminal.type('4l');
    await terminal.until(RUNS);
    const workers = workersOf(dashboardPid(terminal));
    expect(workers).toHaveLength(2);
    if (end === 'SIGTERM' || end === 'SIGHUP') process.kill(dashboardPid(terminal), end);
    else terminal.type(end);
    expect(await terminal.exited()).toBe(code);
    expect((await remains()).processes).toEqual([]);
    expect(terminal.isAlternate).toBe(false);
  });

  test('an exception in the dashboard while it runs leaves nothing either', async () => {
    const inject = fileURLToPath(new URL('inject.mjs', import.meta.url));
    const terminal = await start({ env: { NODE_OPTIONS: `--import=${inject}`, ...remembering('thrown', {}) } });
    terminal.type('4l');
    await terminal.until(RUNS);
    process.kill(dashboardPid(terminal), 'SIGUSR2');
    expect(await terminal.exited()).toBe(1);
    expect(terminal.text()).toContain('thrown by the test');
    expect((await remains()).processes).toEqual([]);
  });

  /** Kills dashboards, one after the other, in a place of their own; how many had workers by then. */
  async function killInTurn(backing: string): Promise<number> {
    const where = await Place.open(SOMETHING, 256);
    let running = 0;
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const env = remembering(`kill-${backing}`, { backing });
        const terminal = await start({ env }, [], [], where);
        terminal.type('4');
        await terminal.until(new RegExp(`Segment +${backing}[\\s\\S]*starts 2 processes`));
        terminal.type('l');
        if (kill % 2 === 0) await terminal.until(RUNS);
        else await sleep(150 + Math.random() * 1200);
        const pid = dashboardPid(terminal);
        running += workersOf(pid).length > 0 ? 1 : 0;
        process.kill(pid, 'SIGKILL');
        await terminal.exited();
        await nothingLeft(where);
        terminal.close();
      }
    } finally {
      await where.close();
    }
    return running;
  }

  test('SIGKILL of the dashboard, at different moments over each backing, leaves no process, segment or file behind', async () => {
    const ran = await Promise.all(BACKINGS.map(killInTurn));
    expect(ran.reduce((sum, running) => sum + running)).toBeGreaterThan((BACKINGS.length * KILLS) / 2);
  }, 180_000);

  test('--read-only: no tab, and neither l nor 4 does anything', async () => {
    const terminal = await start({}, ['--read-only']);
    expect(terminal.text()).not.toContain('Throughput');
    terminal.type('l4');
    await sleep(400);
    expect(terminal.text()).toContain('VERDICT');
    expect(await remains()).toEqual(NOTHING);
    terminal.type('?');
    await terminal.until('Help: / finds');
    terminal.type('/load generator\r');
    await terminal.until('Nothing found');
  });

  test('on 40 columns and 10 rows it can be started, read and stopped', async () => {
    const terminal = await start({ columns: 40, rows: 10 });
    terminal.type('4l');
    await terminal.until(/Verified +[\d.]+ [kMG], none wrong/);
    expect(terminal.text()).toMatch(/messages\/s[\s\S]*B\/s/);
    terminal.type('l');
    await terminal.until(/Stopped /);
    expect(terminal.wrappedLines()).toBe(0);
  });
});
