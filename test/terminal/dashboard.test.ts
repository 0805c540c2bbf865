// The whole program in a real pty over real segments: what a person sees, and what every key of the contract does.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Place, placeMissing } from '../support/place.ts';
import { sleep, type TerminalOptions, VirtualTerminal } from '../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const missing = placeMissing();

/** Twelve segments of dead processes, files, one of them held, and names that want to do harm. */
const SCENE = `
for size in 4096 8192 12288 16384 20480 24576 28672 32768 36864 40960 45056 1048576; do ipcmk -M $size >/dev/null; done
head -c 100000 /dev/zero > /dev/shm/cache
printf 'hello shared memory' > /dev/shm/greeting
head -c 65536 /dev/zero > /dev/shm/held; sleep 1000 3<>/dev/shm/held &
: > "$(printf '/dev/shm/\\033[31mred\\033]52;c;eA==\\007')"
: > "$(printf '/dev/shm/two\\nlines')"
: > "$(printf '/dev/shm/\\342\\200\\256txt.exe')"
: > "$(printf '/dev/shm/\\347\\225\\214\\347\\225\\214')"
`;

describe.skipIf(missing !== undefined)(`the dashboard in a terminal${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let place: Place;
  let folder = '';
  let started = 0;
  const open: VirtualTerminal[] = [];

  beforeAll(async () => {
    place = await Place.open(SCENE);
    folder = mkdtempSync(join(tmpdir(), 'shmtop-terminal-'));
  });
  afterEach(() => {
    for (const terminal of open.splice(0)) terminal.close();
  });
  afterAll(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: TerminalOptions = {}, words: readonly string[] = []): Promise<VirtualTerminal> {
    const [command = '', ...enter] = place.enter;
    const state = join(folder, `state-${started++}`);
    const env = { XDG_STATE_HOME: state, XDG_CONFIG_HOME: join(folder, 'config'), ...options.env };
    // Entering a mount namespace also changes the working directory.
    const here = ['sh', '-c', 'cd "$0" && exec "$@"', folder];
    const args = [...enter, ...here, process.execPath, MAIN, '--min-age', '0', ...words];
    const terminal = new VirtualTerminal(command, args, { ...options, env });
    open.push(terminal);
    await terminal.until(/of 19\b/);
    return terminal;
  }
  const selected = (terminal: VirtualTerminal) =>
    terminal.lines().find((line, y) => y > 4 && isSelected(terminal, y) && line !== '') ?? '';

  test('shows every object with its verdict, what they cost and where the limits are', async () => {
    const terminal = await start();
    const screen = terminal.text();
    expect(screen).toMatch(/✓ nothing abandoned/);
    expect(screen).toMatch(/△ 12 {2}○ 6 {2}● 1/);
    expect(screen).toMatch(/Segments .* 12 of \d+/);
    expect(screen).toMatch(/VERDICT▲/);
    expect(screen).toMatch(/△ orphaned +sysv:\d+ .* root +nobody/);
    expect(terminal.isAlternate).toBe(true);
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('hostile names are shown escaped and do nothing', async () => {
    const terminal = await start({ columns: 120, rows: 40 });
    const screen = await terminal.until('two\\x0alines');
    expect(screen).toContain('\\x1b[31mred\\x1b]52;c;eA==\\x07');
    expect(screen).toContain('\\xe2\\x80\\xaetxt.exe');
    expect(screen).toContain('界界');
    expect(terminal.raw).not.toContain('\x1b]52');
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('moving: arrows, j k, g G, pages', async () => {
    const terminal = await start();
    const first = selected(terminal);
    terminal.type('j');
    await terminal.until(() => selected(terminal) !== first);
    terminal.type('k');
    await terminal.until(() => selected(terminal) === first);
    for (const [down, up] of [
      ['\x1b[B', '\x1b[A'],
      ['G', 'g'],
      ['\x1b[F', '\x1b[H'],
      ['\x1b[6~', '\x1b[5~'],
      ['\x06', '\x02'],
    ]) {
      terminal.type(down);
      await terminal.until(() => selected(terminal) !== first);
      terminal.type(up);
      await terminal.until(() => selected(terminal) === first);
    }
  });

  test('Enter shows the details, Esc goes back; x shows the content, read without attaching', async () => {
    const terminal = await start();
    terminal.type('/name=/greeting\r');
    await terminal.until(/1 of 1 shown/);
    terminal.type('\r');
    await terminal.until('If removed');
    expect(terminal.text()).toContain('path /dev/shm/greeting');
    terminal.type('\x1b');
    await terminal.until('VERDICT');
    terminal.type('x');
    const screen = await terminal.until('hello shared mem');
    expect(screen).toContain('68 65 6c 6c 6f');
    terminal.type('\x1b');
    await terminal.until('VERDICT');
    terminal.type('\x1b');
    await terminal.until(/of 19\b/);
  });

  test('a segment that nobody has attached is not attached for its content, and that is said', async () => {
    const terminal = await start();
    terminal.type('x');
    await terminal.until('can only be read by attaching');
  });

  test('screens: 1 2 6, Tab and Shift-Tab; processes show who holds what, with their share', async () => {
    const terminal = await start();
    terminal.type('2');
    await terminal.until(/sleep/);
    terminal.type('\r');
    await terminal.until(/holds 1 object/);
    await terminal.until(/resident/);
    terminal.type('\x1b');
    await terminal.until('COMMAND');
    terminal.type('6');
    const screen = await terminal.until('SHMMNI');
    expect(screen).toContain('No space left on device');
    terminal.type('1');
    await terminal.until('VERDICT');
    terminal.type('\t');
    await terminal.until('COMMAND');
    terminal.type('\x1b[Z');
    await terminal.until('VERDICT');
  });

  test('5 shows who has how much, t by what; Enter shows only those objects, Esc goes back', async () => {
    const terminal = await start({ columns: 120, rows: 30 });
    terminal.type('5');
    await terminal.until(/by owner/);
    terminal.type('t');
    const users = await terminal.until(/by user/);
    expect(users).toMatch(/root +\S+ +<?\d+% ━+ +19 /);
    expect(users).toMatch(/1 of \d+, \S+ in memory/);
    terminal.type('tttt');
    const mounts = await terminal.until(/by mount/);
    expect(mounts).toMatch(/\/dev\/shm +\S+ +<?\d+% ━+ +7 /);
    expect(mounts).toMatch(/no mount \(segments[^\n]* 12 /);
    terminal.type('s');
    await terminal.until('Sort by');
    terminal.type('\x1b');
    await sleep(100);
    // The row of the mount, wherever files and the remainder stand.
    terminal.type('\x1bOR/dev/shm\r');
    await terminal.until('search: /dev/shm');
    terminal.type('\r');
    const objects = await terminal.until(/1 of (7|12) shown, 19 objects/);
    expect(objects).toContain('VERDICT');
    expect(objects).toMatch(/ mount (\/dev\/shm|no mount)/);
    terminal.type('\x1b\x1b');
    await terminal.until(/by mount/);
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('help by F1, ? and h; / finds in it; setup by F2 and C', async () => {
    const terminal = await start();
    for (const key of ['\x1bOP', '?', 'h']) {
      terminal.type(key);
      await terminal.until('Help: / finds');
      terminal.type('\x1b');
      await terminal.until('VERDICT');
    }
    terminal.type('?/clipboard\r');
    expect(await terminal.until('Help on "clipboard"')).toContain('OSC 52');
    terminal.type('\x1b');
    await sleep(60);
    terminal.type('\x1b');
    await terminal.until('VERDICT');
    for (const key of ['\x1bOQ', 'C']) {
      terminal.type(key);
      await terminal.until('Setup:');
      terminal.type('\x1b');
      await terminal.until('VERDICT');
    }
  });

  test('filter as it is typed, pasted into, kept by Enter, cleared by Esc; nonsense is explained', async () => {
    const terminal = await start();
    terminal.type('/');
    await terminal.until('Filter:');
    terminal.type('\x1b[200~kind=posix\x1b[201~');
    await terminal.until((screen) => screen.includes('posix:/cache') && !/sysv:\d/.test(screen));
    terminal.type(' size>x');
    await terminal.until('size takes bytes');
    terminal.type('\x7f\x7f\x7f\x7f\x7f\x7f\x7f\r');
    await terminal.until('filter: kind=posix');
    terminal.type('\x1b');
    await terminal.until(/sysv:\d/);
  });

  test('search jumps, n and N go on', async () => {
    const terminal = await start();
    terminal.type('\x1bOR');
    await terminal.until('Search:');
    terminal.type('cache\r');
    await terminal.until(() => selected(terminal).includes('posix:/cache'));
    terminal.type('n');
    await sleep(80);
    expect(selected(terminal)).toContain('posix:/cache');
  });

  test('sort: menu, < and >, I; the columns scroll', async () => {
    const terminal = await start();
    terminal.type('s');
    await terminal.until('Sort by');
    terminal.type('jj\r');
    await terminal.until(/▼SIZE/);
    terminal.type('I');
    await terminal.until(/▲SIZE/);
    terminal.type('<');
    await terminal.until(/ID▲/);
    terminal.type('>');
    await terminal.until(/▼SIZE/);
    expect(terminal.text()).not.toContain('AGE');
    for (let step = 0; step < 4; step++) terminal.type('\x1b[C');
    await terminal.until('AGE');
  });

  test('tree: groups, holders, all; tags; only leftovers; by user; pause; follow; interval', async () => {
    const terminal = await start();
    terminal.type('tt');
    await terminal.until(/▾ root/);
    terminal.type('g-');
    await terminal.until(/▸ root/);
    terminal.type('+');
    await terminal.until(/▾ root/);
    terminal.type('*');
    await terminal.until(/▸ root/);
    terminal.type('*ttt');
    await terminal.until(/VERDICT▲/);
    terminal.type('  ');
    await terminal.until('2 tagged');
    terminal.type('U');
    await terminal.until((screen) => !screen.includes('tagged'));
    terminal.type('o');
    await terminal.until((screen) => screen.includes('only what nobody holds') && !screen.includes('in-use posix'));
    terminal.type('\x1b');
    await terminal.until(/of 19\b/);
    terminal.type('u');
    await terminal.until('user root');
    terminal.type('u');
    await terminal.until((screen) => !screen.includes('user root'));
    terminal.type('z');
    await terminal.until('paused');
    terminal.type('z');
    await terminal.until((screen) => !screen.includes('paused'));
    terminal.type('[');
    await terminal.until('every 2 s');
    terminal.type(']]');
    await terminal.until('every 0.5 s');
  });

  test('what is new is marked, what is gone stays marked for a moment, and then goes', async () => {
    const terminal = await start();
    await terminal.until(/of 19\b/); // what is there from the start is not new
    try {
      void place.run('head -c 5000000 /dev/zero > /dev/shm/fresh');
      await terminal.until(/^\+ ○ unheld +posix:\/fresh/m);
    } finally {
      void place.run('rm /dev/shm/fresh');
    }
    await terminal.until(/^- ○ unheld +posix:\/fresh/m);
    await terminal.until((screen) => !screen.includes('posix:/fresh'), 12_000);
  });

  test('y copies the ID by OSC 52; Ctrl-S writes the JSON that ls writes', async () => {
    const terminal = await start();
    terminal.type('/name=/cache\r');
    await terminal.until(/1 of 1 shown/);
    terminal.type('y');
    await terminal.until('Copied: posix:/cache');
    expect(terminal.raw).toContain(`\x1b]52;c;${btoa('posix:/cache')}\x07`);
    terminal.type('\x13');
    await terminal.until('Written: shmtop-');
    const file = readdirSync(folder).find((name) => name.endsWith('.json')) ?? '';
    const written: { schemaVersion: number; objects: unknown[] } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    expect(written.schemaVersion).toBe(2);
    expect(written.objects).toHaveLength(19);
    rmSync(join(folder, file));
  });

  test('mouse: click selects, a title sorts, the wheel scrolls; off, no mode is left on', async () => {
    const terminal = await start();
    expect(terminal.xterm.modes.mouseTrackingMode).toBe('vt200');
    terminal.type('\x1b[<0;10;9M');
    await terminal.until(() => isSelected(terminal, 8));
    const title = terminal.lines()[5]?.indexOf('MEM') ?? 0;
    terminal.type(`\x1b[<0;${title + 2};6M`);
    await terminal.until(/▼MEM/);
    terminal.type('m');
    await terminal.until(() => terminal.xterm.modes.mouseTrackingMode === 'none');
  });

  test('resize storms leave no wrapped line and a whole picture', async () => {
    const terminal = await start({ columns: 200, rows: 50 });
    for (const [columns, rows] of [
      [80, 24],
      [40, 10],
      [20, 5],
      [300, 80],
      [81, 25],
      [10, 3],
      [120, 40],
      [200, 50],
    ] as const) {
      terminal.resize(columns, rows);
      await sleep(25);
    }
    await terminal.until(
      (screen) => screen.includes('VERDICT') && screen.includes('F10 Quit') && screen.includes('CONTAINER') === false,
    );
    terminal.resize(40, 10);
    await terminal.until((screen) => screen.split('\n').length === 10 && screen.includes('VERDICT'));
    expect(terminal.wrappedLines()).toBe(0);
    for (const line of terminal.lines()) expect(line.length).toBeLessThanOrEqual(40);
  });

  test('nothing is cleared in steady state, and Ctrl-L draws everything again', async () => {
    const terminal = await start();
    const before = terminal.raw.length;
    await sleep(2500);
    expect(terminal.raw.slice(before)).not.toMatch(/\x1b\[[23]J/);
    terminal.type('\x0c');
    await terminal.until(() => terminal.raw.slice(before).includes('\x1b[2J'));
    await terminal.until('VERDICT');
  });

  test('CI=true still draws; NO_COLOR has no colour; a C locale has only ASCII', async () => {
    const ci = await start({ env: { CI: 'true' } });
    expect(ci.text()).toContain('VERDICT');
    const plain = await start({ env: { NO_COLOR: '1' } });
    expect(plain.raw).not.toMatch(/\x1b\[;?[\d;]*(3[0-7]|4[0-7]|9[0-7]|10[0-7])m/);
    const ascii = await start({ env: { LC_ALL: 'C', LANG: 'C' } });
    expect(ascii.text()).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('what was chosen is remembered for the next time', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'remembered') };
    const first = await start({ env });
    first.type('s');
    await first.until('Sort by');
    first.type('jj\r');
    await first.until(/▼SIZE/);
    first.type('q');
    await first.exited();
    const second = await start({ env });
    await second.until(/▼SIZE/);
  });

  test('no key removes anything where removal is not built in', async () => {
    const terminal = await start({}, ['--read-only']);
    for (const key of ['d', 'D', '\x1b[20~', '\x1b[3~', 'l']) terminal.type(key);
    await sleep(300);
    expect(terminal.text()).toMatch(/Segments .* 12 of \d+ +△ 12/);
    expect(terminal.text()).toContain('read-only');
  });
});

function isSelected(terminal: VirtualTerminal, y: number): boolean {
  const cell = terminal.xterm.buffer.active.getLine(terminal.xterm.buffer.active.viewportY + y)?.getCell(20);
  return cell !== undefined && (cell.isInverse() !== 0 || cell.getBgColor() === 6) && y < terminal.xterm.rows - 2;
}
