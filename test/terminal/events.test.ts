// The Events screen and a replay in a real pty, over things that really happen in a private place.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { compileC } from '../support/compile-c.ts';
import { findProgram, NOBODY } from '../support/lab-host.ts';
import { Place, placeMissing } from '../support/place.ts';
import { sleep, VirtualTerminal } from '../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const ACTS = fileURLToPath(new URL('../kernel/watch/acts.c', import.meta.url));
const missing = placeMissing() ?? (findProgram('cc') ? undefined : 'there is no C compiler');

describe.skipIf(missing !== undefined)(`events in a terminal${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let place: Place;
  let folder = '';
  let acts = '';
  const open: VirtualTerminal[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-events-'));
    acts = join(folder, 'acts');
    compileC(acts, [ACTS]);
    execFileSync('chmod', ['-R', 'a+rwX', folder]);
    place = await Place.open('ipcmk -M 4096 >/dev/null');
  });
  afterEach(() => {
    for (const terminal of open.splice(0)) terminal.close();
  });
  afterAll(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(words: readonly string[], { uid = 0, columns = 100, rows = 30 } = {}): VirtualTerminal {
    const [command = '', ...enter] = place.enter;
    const as = uid === 0 ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const env = { XDG_STATE_HOME: join(folder, `state-${uid}`), XDG_CONFIG_HOME: join(folder, 'config') };
    const terminal = new VirtualTerminal(command, [...enter, ...as, process.execPath, MAIN, ...words], {
      columns,
      rows,
      env,
    });
    open.push(terminal);
    return terminal;
  }
  /** The Events screen, once the sources tell. */
  async function startEvents(options?: { uid?: number; columns?: number; rows?: number }): Promise<VirtualTerminal> {
    const terminal = start([], options);
    await terminal.until('VERDICT');
    terminal.type('3');
    await terminal.until(/following, newest first/);
    await sleep(500);
    return terminal;
  }
  const rowsWith = (screen: string, pattern: RegExp) => screen.split('\n').filter((line) => pattern.test(line));

  test('as root each attach and detach of 1 ms is there, with pid and command, the newest first', async () => {
    const terminal = await startEvents();
    await place.run(`${acts} pairs 1 5 40 >/dev/null`);
    const screen = await terminal.until((text) => rowsWith(text, /detached +sysv:\d+ .* acts/).length >= 5);
    expect(screen).toMatch(/^ perf fanotify/m);
    expect(rowsWith(screen, /attached +sysv:\d+ .* acts/)).toHaveLength(5);
    const times = rowsWith(screen, /acts/).map((line) => line.trim().split(' ')[0] ?? '');
    expect(times).toEqual([...times].sort().reverse());
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('is filtered by event and object, paused, turned round, and Enter goes to the object and its history', async () => {
    const terminal = await startEvents();
    await place.run(`${acts} pairs 5 3 20 >/dev/null`);
    await terminal.until((screen) => rowsWith(screen, / detached /).length === 3);
    terminal.type('/event=detached\r');
    await terminal.until((screen) => /detached/.test(screen) && rowsWith(screen, / attached /).length === 0);
    terminal.type('z');
    await terminal.until('paused');
    await place.run(`${acts} pairs 5 1 5 >/dev/null`);
    await sleep(400);
    expect(rowsWith(terminal.text(), / detached /)).toHaveLength(3);
    terminal.type('z');
    await terminal.until((screen) => rowsWith(screen, / detached /).length === 4);
    terminal.type('I');
    await terminal.until('newest last');
    terminal.type('\x1b');
    await sleep(60); // or it is Alt-I
    terminal.type('I');
    await terminal.until('newest first');
    terminal.type('\r');
    await terminal.until('If removed');
    terminal.type('G');
    const details = await terminal.until('Attached');
    expect(details).toMatch(/acts\[\d+\] until .*, for \d/);
    expect(details).toMatch(/detached by acts\[\d+\] \(nattch 0\)/);
    terminal.type('\x1b');
    await terminal.until('newest first');
  });

  test('of what is gone Enter opens the history, and a creation does not look like a leak', async () => {
    const terminal = await startEvents({ columns: 120 });
    await place.run('echo > /dev/shm/short; sleep 0.1; rm /dev/shm/short');
    await terminal.until(
      (screen) => /created +posix:\/short .*gone again/.test(screen) && / destroyed +posix:/.test(screen),
    );
    const kinds = rowsWith(terminal.text(), /posix:\/short/).map((line) => line.trim().split(/ +/)[1]);
    expect(kinds.indexOf('destroyed')).toBeLessThan(kinds.indexOf('created'));
    terminal.type('\r');
    const history = await terminal.until('is gone.');
    expect(history).toMatch(/Seen +\d\d:\d\d:\d\d\.\d{3} +destroyed/);
    expect(history).toMatch(/created by sh\[/);
    terminal.type('\x1b');
    await terminal.until(/newest first/);
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('an ordinary user sees attaches of others by polling, and is told by what', async () => {
    const terminal = await startEvents({ uid: NOBODY });
    await terminal.until(/^ (connector )?inotify( connector)? poll|^ inotify/m);
    await place.run(`${acts} pairs 5 5 40 >/dev/null`);
    await terminal.until((text) => rowsWith(text, /detached +sysv:\d+/).length >= 5);
    terminal.type('?/poll\r');
    await terminal.until(/poll +poll: attaches and detaches of segments held for 1 ms or longer/);
  });

  test('while nobody looks at the events they are remembered all the same', async () => {
    const terminal = start([]);
    await terminal.until(/events\/s/);
    await place.run(`${acts} pairs 5 2 20 >/dev/null`);
    await sleep(1200);
    terminal.type('3');
    await terminal.until((text) => rowsWith(text, /detached +sysv:\d+/).length >= 2);
  });

  test('is readable at 40x10 and 80x24', async () => {
    for (const [columns, rows] of [
      [40, 10],
      [80, 24],
    ] as const) {
      const terminal = start([], { columns, rows });
      await terminal.until('VERDICT');
      terminal.type('3');
      await terminal.until('perf');
      await sleep(500);
      await place.run(`${acts} pairs 5 2 20 >/dev/null`);
      await terminal.until(/\d\d:\d\d:\d\d(\.\d+)? detached +sysv:\d+/);
      expect(terminal.wrappedLines()).toBe(0);
    }
  });

  test('replay shows a recording as it was: events, objects, pause, speed and jumps, and says that it is not now', async () => {
    const path = join(folder, 'recording');
    const recording = place.run(`"${process.execPath}" "${MAIN}" watch --record ${path} --for 3s >/dev/null 2>&1`);
    await sleep(1500);
    await place.run(`${acts} pairs 5 3 20 >/dev/null; ${acts} marked >/dev/null`);
    await recording;
    const terminal = start(['replay', path]);
    await terminal.until(/replay (end, )?\d\d:\d\d:\d\d of \d\d:\d\d:\d\d/);
    terminal.type('3');
    const screen = await terminal.until(/destroyed +sysv/);
    expect(rowsWith(screen, / attached +sysv:\d+ .* acts/).length).toBeGreaterThanOrEqual(3);
    await terminal.until('replay end');
    terminal.type(',,');
    await terminal.until((text) => !text.includes('replay end'));
    terminal.type('z');
    await terminal.until('‖');
    terminal.type(']');
    await terminal.until(/ 2x/);
    for (const key of ['d', 'D', 'l', '\x1b[20~']) terminal.type(key);
    terminal.type('1\rx');
    await terminal.until('a recording holds no content of objects');
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
  });

  test('replay of what is no recording says so before the screen is taken over', async () => {
    const terminal = start(['replay', '/etc/passwd']);
    expect(await terminal.exited()).toBe(1);
    expect(terminal.text()).toContain('cannot replay /etc/passwd: it is not a recording');
    expect(terminal.raw).not.toContain('\x1b[?1049h');
  });
});
