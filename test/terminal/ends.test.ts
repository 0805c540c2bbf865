// Whatever ends the dashboard, the terminal is as it was: screen, cursor, modes, cooked input; and the exit code says how.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from 'vitest';
import { sleep, VirtualTerminal } from '../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const INJECT = fileURLToPath(new URL('inject.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'shmtop-ends-'));
const KILL_FILE = join(folder, 'kill');
const open: VirtualTerminal[] = [];

afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A shell that shows a line, runs the dashboard, and then says its exit code and how the terminal is set. */
async function start(env: Record<string, string> = {}): Promise<VirtualTerminal> {
  const script = `echo PREVIOUS SCREEN; "$0" "$1"; echo "exit $?"; stty -a | grep -o -e '-*icanon' -e '-*echo ' | tr '\\n' ' '; echo; exec cat`;
  const all = {
    XDG_STATE_HOME: folder,
    XDG_CONFIG_HOME: folder,
    NODE_OPTIONS: `--import=${INJECT}`,
    SHMTOP_TEST_KILL: KILL_FILE,
    ...env,
  };
  const terminal = new VirtualTerminal('sh', ['-c', script, process.execPath, MAIN], { env: all });
  open.push(terminal);
  await terminal.until('VERDICT', 15_000);
  await terminal.until((screen) => !screen.includes('Reading'));
  return terminal;
}

/** The dashboard's own pid: the child of the shell. */
const dashboardPid = (terminal: VirtualTerminal) =>
  Number(readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'latin1').trim().split(' ')[0]);

async function expectClean(terminal: VirtualTerminal, code: number): Promise<string> {
  const screen = await terminal.until(/icanon/);
  expect(screen).toContain('PREVIOUS SCREEN');
  expect(screen).toContain(`exit ${code}`);
  expect(screen).toMatch(/^icanon echo|^icanon/m);
  expect(screen).not.toContain('-icanon');
  expect(terminal.isAlternate).toBe(false);
  expect(terminal.xterm.modes).toMatchObject({
    mouseTrackingMode: 'none',
    bracketedPasteMode: false,
    wraparoundMode: true,
  });
  expect(terminal.raw.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\x1b[?25l'));
  return screen;
}

test.each([
  ['q', 'q'],
  ['Ctrl-C', '\x03'],
  ['F10', '\x1b[21~'],
])('%s: exit code 0', async (_, key) => {
  const terminal = await start();
  terminal.type(key);
  await expectClean(terminal, 0);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s', async (signal, code) => {
  const terminal = await start();
  process.kill(dashboardPid(terminal), signal);
  await expectClean(terminal, code);
});

test('SIGHUP', async () => {
  const terminal = await start();
  process.kill(dashboardPid(terminal), 'SIGHUP');
  await expectClean(terminal, 129);
});

test('an exception: printed after the screen is left', async () => {
  const terminal = await start();
  process.kill(dashboardPid(terminal), 'SIGUSR2');
  expect(await expectClean(terminal, 1)).toContain('thrown by the test');
});

test('a rejected promise: the same', async () => {
  const terminal = await start();
  process.kill(dashboardPid(terminal), 'SIGUSR1');
  expect(await expectClean(terminal, 1)).toContain('rejected by the test');
});

test('a dead observing thread is said and started again; the dashboard goes on', async () => {
  const terminal = await start();
  writeFileSync(KILL_FILE, '');
  await terminal.until('ended by the test');
  await terminal.until((screen) => !screen.includes('ended by the test'), 20_000);
  expect(terminal.text()).not.toContain(' old ');
  terminal.type('q');
  await expectClean(terminal, 0);
});

/** A shell with job control whose dashboard has just been suspended. */
async function suspended(): Promise<VirtualTerminal> {
  const terminal = new VirtualTerminal('bash', ['--norc', '--noprofile', '-i'], {
    env: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, PS1: 'ready> ' },
  });
  open.push(terminal);
  await terminal.until('ready>');
  terminal.type(`${process.execPath} ${MAIN}\r`);
  await terminal.until('VERDICT', 15_000);
  terminal.type('\x1a');
  return terminal;
}

test('Ctrl-Z gives the shell its terminal, fg brings the dashboard back', async () => {
  const terminal = await suspended();
  const shell = await terminal.until('Stopped');
  expect(shell).not.toContain('VERDICT');
  expect(terminal.isAlternate).toBe(false);
  terminal.type('fg\r');
  await terminal.until('VERDICT');
  expect(terminal.isAlternate).toBe(true);
  terminal.type('q');
  await terminal.until((screen) => !screen.includes('VERDICT') && screen.trimEnd().endsWith('ready>'));
});

test('SIGTERM while it is suspended leaves the shell its screen', async () => {
  const terminal = await suspended();
  await terminal.until('Stopped');
  const from = terminal.raw.length;
  terminal.type('echo one$((1))more; kill -TERM %%; fg\r');
  await terminal.until('one1more');
  await terminal.until((screen) => screen.trimEnd().endsWith('ready>'));
  await sleep(500);
  // Which of the two signals comes first is open: it may take the screen once more, and then gives that back.
  const switches = terminal.raw.slice(from).match(/\x1b\[\?1049[hl]/g) ?? [];
  expect(['', '\x1b[?1049h\x1b[?1049l']).toContain(switches.join(''));
  expect(terminal.text()).toContain('one1more');
});

test('TERM=dumb says how to use ls instead, and does not touch the screen', async () => {
  const terminal = new VirtualTerminal(process.execPath, [MAIN], { env: { TERM: 'dumb' } });
  open.push(terminal);
  expect(await terminal.exited()).toBe(1);
  expect(terminal.text()).toContain('shmtop ls');
  expect(terminal.raw).not.toContain('\x1b');
});

test('a closed terminal ends the program', async () => {
  const terminal = await start();
  const pid = dashboardPid(terminal);
  terminal.close();
  for (let tries = 0; tries < 50 && isAlive(pid); tries++) await sleep(50);
  expect(isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z');
  } catch {
    return false; // ENOENT
  }
}
