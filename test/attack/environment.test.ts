// What the environment says that is not ours has no effect: no other screen, no other code.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualTerminal } from '../support/terminal.ts';
import { isRoot, MAIN, Scene } from './scene.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let scene: Scene;
const terminals: VirtualTerminal[] = [];
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
  scene.remove();
});

/** Everything that the program reads of its environment, in all that was bundled. */
const OURS = [
  'COLUMNS', // width of tables where there is no terminal
  'FORCE_COLOR',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'NODE_PATH', // taken away, see native/koffi.ts
  'NO_COLOR',
  'SHMTOP_NATIVE',
  'SHMTOP_NO_WITNESS',
  'SHMTOP_PROC',
  'SHMTOP_SHM',
  'SHMTOP_WITNESS', // a folder of ours alone, or nothing in it is believed
  'SUDO_USER', // told in the journal, believed by nobody
  'TERM',
  'COLORTERM',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
];

it('no name is read in the bundle that is not ours', () => {
  const read = new Set<string>();
  let files = 0;
  for (const file of globSync('dist/**/*.js', { cwd: root })) {
    files++;
    const code = readFileSync(join(root, file), 'utf8');
    for (const [, name] of code.matchAll(/\benv\??\.([A-Za-z_$][\w$]*)/g)) read.add(name ?? '');
    for (const [, name] of code.matchAll(/\benv\??\.?\[([^\]]*)\]/g)) read.add(name ?? '');
  }
  expect(files).toBeGreaterThan(20);
  expect(read).toContain('SHMTOP_NATIVE'); // it would be noticed
  expect([...read].filter((name) => !OURS.includes(name))).toEqual([]);
});

it('no package that is bundled reaches the environment of the process', () => {
  // Ink and all below it lie in the chunk that React is in.
  const [chunk = ''] = globSync('dist/chunks/mount-*.js', { cwd: root });
  const code = readFileSync(join(root, chunk), 'utf8');
  expect(code.length).toBeGreaterThan(100_000);
  expect(code.match(/\.env\b|\{[^{}]*\benv\b[^{}]*\}=process/g) ?? []).toEqual([]);
  expect(globSync('dist/chunks/*devtools*', { cwd: root })).toEqual([]);
});

describe('the dashboard', () => {
  const HOSTILE = {
    DEV: 'true',
    INK_SCREEN_READER: 'true',
    CI: 'true',
    CONTINUOUS_INTEGRATION: '1',
    REACT_DEVTOOLS_PORT: '1',
    NODE_ENV: 'development',
    DEBUG: '*',
    FORCE_HYPERLINK: '1',
    TERM_PROGRAM: 'Apple_Terminal',
    TMUX: '1',
    LINES: '3',
    COLUMNS: '11',
    ROWS: '2',
  };
  /** Columns and lines of text that stay the same between two runs. */
  const shape = (screen: string) =>
    screen.split('\n').map((line) => line.replace(/[\d.]+\w*/g, '#').replace(/\s+/g, ' '));

  it('draws the same rows, whatever DEV, INK_SCREEN_READER, CI and the like say', async () => {
    const screens: string[][] = [];
    for (const env of [{}, HOSTILE]) {
      // Alone: what others make on this machine meanwhile would be rows too.
      const script = 'mount -t tmpfs own /dev/shm; ipcmk -M 40960 >/dev/null; exec "$0" "$1" --min-age 1h';
      const alone = ['--ipc', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
      const terminal = new VirtualTerminal('unshare', [...alone, 'sh', '-c', script, process.execPath, MAIN], {
        columns: 100,
        env: { XDG_STATE_HOME: scene.home, XDG_CONFIG_HOME: scene.home, ...env },
      });
      terminals.push(terminal);
      const screen = await terminal.until(/sysv:0/, 15_000);
      screens.push(shape(screen).filter((line) => /VERDICT|sysv:/.test(line)));
      terminal.type('q');
      expect(await terminal.exited()).toBe(0);
      expect(terminal.raw).not.toMatch(/devtools|Error|at file:/);
    }
    expect(screens[0]?.length).toBeGreaterThan(1);
    expect(screens[1]).toEqual(screens[0]);
  });
});

describe.skipIf(!isRoot)('code of somebody else', () => {
  /** An installation whose binary package of koffi is missing, as with `npm install --omit=optional`. */
  function installWithoutBinary(): string {
    const place = join(scene.home, 'lib');
    mkdirSync(join(place, 'node_modules'), { recursive: true });
    cpSync(dirname(MAIN), join(place, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(place, 'package.json'));
    return join(place, 'dist/main.js');
  }

  it.each([
    ['HOME', '.node_modules'],
    ['HOME', '.node_libraries'],
    ['NODE_PATH', '.'],
  ])('is not loaded from %s/%s in the place of a missing package', (variable, folder) => {
    const package_ = `${folder}/@koromix/koffi-linux-${process.arch}`;
    const mark = join(scene.folder, 'his/mark');
    scene.plays(`mkdir -p ${package_}; echo 'require("fs").writeFileSync("${mark}", "x")' > ${package_}/index.js`);
    const main = installWithoutBinary();
    const { PATH } = process.env;
    const run = (...words: string[]) =>
      spawnSync(process.execPath, words, { env: { PATH, HOME: scene.home, [variable]: scene.his }, encoding: 'utf8' });
    const { status, stdout } = run(main, 'doctor');
    expect(status).toBe(0);
    expect(stdout).toMatch(/native calls/);
    expect(existsSync(mark)).toBe(false);
    // It would be noticed: Node itself looks there.
    writeFileSync(join(scene.home, 'bare.cjs'), `require('@koromix/koffi-linux-${process.arch}')`);
    run(join(scene.home, 'bare.cjs'));
    expect(existsSync(mark)).toBe(true);
  });
});
