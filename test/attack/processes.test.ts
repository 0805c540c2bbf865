// Processes of an ordinary user who wants to harm whoever looks: they keep their memory lock for ever, are endlessly large, or hide
// what they hold. ls ends, small and in time, and says what it did not see; watch and the dashboard go on, and end when told to.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NOBODY } from '../support/lab-host.ts';
import type { Ls } from '../support/lab-json.ts';
import { childOf, Place, placeMissing } from '../support/place.ts';
import { sleep, VirtualTerminal } from '../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const SOURCES = fileURLToPath(new URL('./processes', import.meta.url));
const missing = placeMissing();
/** The attackers give up by themselves after that, whatever the test does. */
const LAST_SEC = 25;
const MOST_BYTES = 300e6;

/** What leads to a search for names and libraries of all processes: a leftover of Python, 20 minutes old. */
const SCENE = 'head -c 4096 /dev/zero > /dev/shm/psm_0badcafe; touch -d "20 minutes ago" /dev/shm/psm_0badcafe';

describe.skipIf(missing !== undefined)(`hostile processes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let place: Place;
  let folder = '';
  const attackers: ChildProcessWithoutNullStreams[] = [];
  const terminals: VirtualTerminal[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-attack-'));
    chmodSync(folder, 0o755);
    for (const name of ['silent', 'crowd'])
      execFileSync('cc', ['-O1', '-Wall', '-o', join(folder, name), join(SOURCES, `${name}.c`), '-pthread']);
    // As on ordinary machines, where everybody may open it.
    execFileSync('mknod', ['-m', '666', join(folder, 'fuse'), 'c', '10', '229']);
    mkdirSync(join(folder, 'mount'));
    place = await Place.open(SCENE);
  });
  afterEach(async () => {
    for (const terminal of terminals.splice(0)) terminal.close();
    for (const attacker of attackers.splice(0)) {
      const gone = attacker.exitCode === null ? once(attacker, 'exit') : undefined;
      attacker.stdin.end();
      await gone;
    }
  });
  afterAll(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The pids that it tells when its trap is set, as they are numbered inside. */
  async function attack(words: readonly string[]): Promise<number[]> {
    const user = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    const bounded = ['timeout', '-s', 'KILL', String(LAST_SEC + 5)];
    const [command = '', ...args] = [...place.enter, ...bounded, ...user, ...words];
    const child = spawn(command, args);
    attackers.push(child);
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

  const silent = (count: number) =>
    attack([
      'unshare',
      '-Urm',
      join(folder, 'silent'),
      join(folder, 'fuse'),
      join(folder, 'mount'),
      `${count}`,
      `${LAST_SEC}`,
    ]);
  const crowd = (...words: readonly string[]) => attack([join(folder, 'crowd'), ...words]);

  /** Runs the program inside: what it said, how long it took, and the most memory that it or a child of it had. */
  async function run(words: readonly string[]) {
    const startedMs = performance.now();
    const measured = ['python3', '-c', MEASURE, process.execPath, MAIN, ...words];
    const [command = '', ...args] = [...place.enter, 'timeout', '-s', 'KILL', '15', ...measured];
    const child = spawn(command, args, { env: { PATH: process.env.PATH } });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    const peakBytes = Number(/peak (\d+)$/.exec(stderr.trim())?.[1]) * 1024;
    return { stdout, stderr, peakBytes, tookMs: performance.now() - startedMs, code };
  }

  const ls = async () => {
    const ran = await run(['ls', '--json', '--min-age', '0']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.peakBytes).toBeLessThan(MOST_BYTES);
    const listed: Ls = JSON.parse(ran.stdout);
    return { ...ran, listed };
  };

  test('that never answer: ls ends in time, names them, and calls nothing abandoned that they may want', async () => {
    const pids = await silent(5);
    const { listed, tookMs } = await ls();
    expect(tookMs).toBeLessThan(8000);
    const { visibility } = listed;
    const gap = visibility.gaps.find(({ reason }) => reason === 'no-answer');
    expect(gap?.pids?.toSorted()).toEqual(pids.toSorted());
    expect(visibility.complete).toBe(false);
    expect(visibility.processes - visibility.inspected).toBeGreaterThanOrEqual(pids.length);
    expect(listed.objects.map(({ verdict }) => verdict.state)).not.toContain('abandoned');
    const table = await run(['ls']);
    expect(table.stdout + table.stderr).toMatch(new RegExp(`no answer in time.*\\b${pids[0]}\\b`));
    const removed = await run(['rm', '--abandoned', '--yes']);
    expect(removed.stdout).not.toMatch(/psm_/);
    expect(await place.read('ls /dev/shm')).toContain('psm_0badcafe');
  });

  test('that stop answering: the dashboard says so, goes on, and q ends it', async () => {
    const terminal = dashboard();
    await terminal.until('psm_0badcafe');
    const pids = await silent(2);
    await terminal.until(/Process \d+ does not answer/, 15_000);
    await place.run('head -c 8192 /dev/zero > /dev/shm/made-later');
    await terminal.until('made-later', 15_000);
    expect(pids.length).toBe(2);
    await ends(terminal, 'q', 0);
  });

  test.each([
    ['q', 0],
    ['\x03', 0],
    ['SIGTERM', 143],
  ])('that stop answering: %j ends the dashboard while its thread hangs', async (keys, code) => {
    const terminal = dashboard();
    await terminal.until('psm_0badcafe');
    await silent(1);
    await sleep(700); // the next look hangs, and nobody has noticed yet
    await ends(terminal, keys, code);
  });

  test('that never answer: watch begins, goes on, and ends with its time', async () => {
    await silent(2);
    const running = run(['watch', '--for', '5s']);
    await sleep(4000);
    await place.run('head -c 8192 /dev/zero > /dev/shm/seen-by-watch');
    const { stdout, tookMs } = await running;
    expect(stdout).toContain('seen-by-watch');
    expect(tookMs).toBeLessThan(12_000);
  });

  test('with a command line of 1 GiB', async () => {
    await crowd('command-line', String(2 ** 30));
    const { tookMs, listed } = await ls();
    expect(tookMs).toBeLessThan(5000);
    expect(listed.objects.some(({ name }) => name === '/psm_0badcafe')).toBe(true);
  });

  test('with as many mappings as there can be, three of them: the greedy are not read whole, and told', async () => {
    const pids = [];
    for (let at = 0; at < 3; at++) pids.push(...(await crowd('mappings', '65000')));
    const { tookMs, listed } = await ls();
    expect(tookMs).toBeLessThan(5000);
    const gap = listed.visibility.gaps.find(({ reason }) => reason === 'limit');
    expect(pids).toEqual(expect.arrayContaining([...(gap?.pids ?? [0])]));
    expect(listed.visibility.complete).toBe(false);
  });

  test('with 19,000 descriptors of shared memory each, six of them: the greedy are not read whole, and told', async () => {
    const pids: number[] = [];
    for (let at = 0; at < 6; at++) pids.push(...(await crowd('descriptors', '19000')));
    const { tookMs, listed } = await ls();
    expect(tookMs).toBeLessThan(5000);
    const gap = listed.visibility.gaps.find(({ source, reason }) => source === 'fd' && reason === 'limit');
    expect(pids).toEqual(expect.arrayContaining([...(gap?.pids ?? [0])]));
  });

  test('with 5,000 threads: read whole', async () => {
    await crowd('threads', '5000');
    const { tookMs, listed } = await ls();
    expect(tookMs).toBeLessThan(5000);
    expect(listed.visibility.gaps.filter(({ reason }) => reason === 'limit')).toEqual([]);
  });

  test('with a memfd that only a thread with descriptors of its own has open: it is found, with its holder', async () => {
    const [pid] = await crowd('thread');
    const { listed } = await ls();
    const found = listed.objects.find(({ name }) => name.includes('of-a-thread'));
    expect(found?.holders?.map((holder) => holder.pid)).toEqual([pid]);
  });

  function dashboard(): VirtualTerminal {
    const [command = '', ...args] = [...place.enter, process.execPath, MAIN, '--min-age', '0'];
    const terminal = new VirtualTerminal(command, args, { columns: 120, rows: 30 });
    terminals.push(terminal);
    return terminal;
  }

  async function ends(terminal: VirtualTerminal, keys: string, code: number): Promise<void> {
    const startedMs = performance.now();
    if (keys === 'SIGTERM') process.kill(childOf(terminal.pid), keys);
    else terminal.type(keys);
    expect(await terminal.exited(6000)).toBe(code);
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect(terminal.isAlternate).toBe(false);
  }
});

/** Runs a command to its end and tells the most memory that it, or a child that it has waited for, had: KiB. */
const MEASURE = `
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code if code >= 0 else 128 - code)
`;
