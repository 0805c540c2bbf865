// What the dashboard says at first glance, and what its keys do to whoever has not read the help: in a real pty, as root and as an ordinary user.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NOBODY } from '../support/lab-host.ts';
import { Place, placeMissing } from '../support/place.ts';
import { sleep, VirtualTerminal } from '../support/terminal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const missing = placeMissing();

/** Segments and names of root and of another user, whose processes cannot be looked into by each other. */
const SCENE = `
for size in 4096 8192 1048576; do ipcmk -M $size >/dev/null; done
head -c 100000 /dev/zero > /dev/shm/cache
head -c 65536 /dev/zero > /dev/shm/held; sleep 1000 3<>/dev/shm/held &
for i in 1 2 3 4 5 6; do sleep 1000 & done
setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups sh -c 'echo x > /dev/shm/mine; sleep 1000 3<>/dev/shm/mine &'
`;

describe.skipIf(missing !== undefined)(`at first glance${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let place: Place;
  let folder = '';
  let started = 0;
  const open: VirtualTerminal[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-glance-'));
    chmodSync(folder, 0o777);
    place = await Place.open(SCENE);
  });
  afterEach(() => {
    for (const terminal of open.splice(0)) terminal.close();
  });
  afterAll(async () => {
    await place?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start({
    uid = 0,
    columns = 100,
    rows = 24,
    within = place,
    until = /of 6\b/,
    env: more = {},
  }: {
    uid?: number;
    columns?: number;
    rows?: number;
    within?: Place;
    until?: RegExp;
    env?: Readonly<Record<string, string>>;
  } = {}): Promise<VirtualTerminal> {
    const [command = '', ...enter] = within.enter;
    const as = uid === 0 ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const env = {
      XDG_STATE_HOME: join(folder, `state-${started++}`),
      XDG_CONFIG_HOME: join(folder, 'config'),
      ...more,
    };
    const args = [...enter, ...as, process.execPath, MAIN, '--min-age', '0'];
    const terminal = new VirtualTerminal(command, args, { columns, rows, env });
    open.push(terminal);
    await terminal.until(until);
    return terminal;
  }

  test('an ordinary user is told what he does not see, and is offered nothing that the kernel refuses him', async () => {
    const terminal = await start({ uid: NOBODY });
    const screen = terminal.text();
    expect(screen).toContain('? nothing proven abandoned');
    expect(screen).toMatch(/posix:\/cache .* root +\? /);
    terminal.type('D');
    await terminal.until('Nothing is proven abandoned, but not all could be looked into');
    terminal.type('/cache\r\r');
    const detail = await terminal.until('If removed');
    expect(detail).toMatch(/If removed +It belongs to another user \(0\): run as its owner or as root\./);
    expect(detail).toMatch(/Held by +nobody that can be seen: not everybody/);
    terminal.type('d');
    const asked = await terminal.until('posix:/cache stays');
    expect(asked).toContain('run as its owner or as root');
    expect(asked).not.toMatch(/\[ (! )?(Remove|Type its ID)/);
    terminal.type('\x1b');
    await terminal.until((text) => !text.includes('stays'));
    terminal.type('2');
    await terminal.until(/of 0 processes, \d+ not looked into/);
    expect(await place.read('ls /dev/shm/cache')).toContain('cache');
  });

  test('root sees all of it, and may', async () => {
    const terminal = await start();
    await terminal.until('✓ nothing abandoned');
    terminal.type('/cache\rd');
    await terminal.until('Remove posix:/cache?');
    terminal.type('\x1b');
    await terminal.until('Nothing was removed.');
  });

  test('of thousands, and of what comes meanwhile, the first row is the first that is seen', async () => {
    const crowd = await Place.open('cd /dev/shm && seq 2500 | sed s/^/b/ | xargs touch');
    try {
      const terminal = await start({ within: crowd, until: /1 of 2500/ });
      expect(terminal.lines()[6]).toMatch(/posix:\/b1 /);
      await crowd.run('cd /dev/shm && for i in $(seq 60); do echo > a$i; done');
      await terminal.until(/1 of 2560/, 30_000);
      expect(terminal.lines()[6]).toMatch(/posix:\/a1 /);
      terminal.type('j');
      await terminal.until(/2 of 2560/);
      const chosen = terminal.lines()[7]?.match(/posix:\S+/)?.[0];
      await crowd.run('head -c 50000 /dev/zero > /dev/shm/large');
      await terminal.until(/3 of 2561/, 30_000);
      expect(terminal.lines()[8]).toContain(`${chosen} `);
    } finally {
      await crowd.close();
    }
  }, 90_000);

  test('what is sorted by is in sight though it is none of the usual columns, and a sign tells that there are more', async () => {
    const terminal = await start({ columns: 80 });
    await terminal.until(/MEM .*\+\d▸$/m);
    terminal.type('s');
    await terminal.until('Sort by');
    terminal.type('G\r');
    await terminal.until(/BTIME▲/);
    expect(terminal.wrappedLines()).toBe(0);
  });

  test('while it is paused nothing moves, the header neither', async () => {
    const terminal = await start({ columns: 120, rows: 30 });
    await terminal.until((screen) => /▁▁▁/.test(screen));
    terminal.type('z');
    await terminal.until('paused');
    // The frame of the key itself may come in parts.
    await sleep(500);
    const before = terminal.text();
    await place.run('head -c 40000000 /dev/zero > /dev/shm/large; sleep 3');
    expect(terminal.text()).toBe(before);
    terminal.type('z');
    await terminal.until(/posix:\/large/);
    await place.run('rm /dev/shm/large');
  });

  test('TERM=linux gets only what its font has; config.toml may say that it has more', async () => {
    const terminal = await start({ env: { TERM: 'linux' } });
    terminal.type('\r');
    await terminal.until('If removed');
    terminal.type('\x1b');
    await terminal.until('VERDICT');
    for (const key of ['s', '\x1b', '2', '3', '5', '6', '?']) {
      terminal.type(key);
      await sleep(150);
      expect(terminal.text()).toMatch(/^[\x20-\x7e\n]*$/);
    }
    await terminal.until('Help: / finds');
    const own = join(folder, 'own');
    mkdirSync(join(own, 'shmtop'), { recursive: true });
    writeFileSync(join(own, 'shmtop', 'config.toml'), 'ascii = false\ntheme = "pink"\ncolour = "red"\n');
    const told = await start({
      env: { TERM: 'linux', XDG_CONFIG_HOME: own },
      until: /high-contrast mono \(\? tells 1 more\)/,
    });
    await told.until('✓ nothing abandoned');
    told.type('?');
    const help = await told.until('setting 2');
    expect(help).toMatch(/setting 1 +config\.toml: theme is one of/);
    expect(help).toMatch(/setting 2 +config\.toml: "colour" is not known/);
  });
});
