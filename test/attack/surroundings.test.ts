// Where root stands, what PATH finds there, and an environment that somebody else has chosen: no effect, and no other program is run.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sleep } from '../support/terminal.ts';
import { Arena, arenaMissing, attackTitle } from './support/arena.ts';

const missing = arenaMissing();
/** What programs of this kind run now and then; `node` is not among them: it is what runs shmtop. */
const TEMPTING =
  'sh bash env cat ls uname which getent id whoami ps pgrep top free df mount lsof fuser ipcs ipcrm docker podman crictl kubectl lxc ' +
  'machinectl systemctl systemd-detect-virt lsb_release lscpu dmidecode sysctl hostname stty tput infocmp tset clear xsel xclip wl-copy ' +
  'pbcopy git npm python3 perl smartctl nvidia-smi virsh VBoxManage sudo vcgencmd';

describe.skipIf(missing)(attackTitle('where root stands, and what the environment says', missing), () => {
  let arena: Arena;
  let trap: string;
  beforeAll(async () => {
    arena = await Arena.open(`
trap=$folder/tmp/trap; mkdir -p $trap/bin
for name in ${TEMPTING}; do printf '#!/bin/sh\\necho "$0 $*" >> %s/log\\n' $trap > $trap/bin/$name; chmod 755 $trap/bin/$name; done
for where in $trap $trap/a $trap/a/b; do
  mkdir -p $where/node_modules
  for module in koffi @koromix systeminformation react-devtools-core; do
    mkdir -p $where/node_modules/$module
    echo "require('node:fs').appendFileSync('$trap/log', 'module $module')" > $where/node_modules/$module/index.js
  done
  echo '{"type":"commonjs"}' > $where/package.json
  echo '{"nodeOptions":{"import":["'$trap'/own.mjs"]}}' > $where/node.config.json
  echo "NODE_OPTIONS=--import=$trap/own.mjs" > $where/.env
done
echo "import fs from 'node:fs'; fs.appendFileSync('$trap/log', 'own.mjs')" > $trap/own.mjs
echo x > /dev/shm/torch_4194305_1_0; ipcmk -M 4096 >/dev/null`);
    trap = `${arena.folder}/tmp/trap`;
  });
  afterAll(() => arena?.close());
  const log = async () => (await arena.run(['sh', '-c', `cat ${trap}/log 2>/dev/null; true`])).stdout;
  /** Set inside, or nothing would lead into the arena. */
  const hostile = () => ({ through: ['/usr/bin/env', `PATH=${trap}/bin`, `SHELL=${trap}/bin/sh`], cwd: `${trap}/a/b` });

  test.each([
    [['--version']],
    [['ls', '--json']],
    [['ps']],
    [['doctor']],
    [['rm', '--abandoned', '--yes']],
    [['rm', '--history']],
    [['watch', '--for', '1']],
    [['load', '--duration', '1']],
  ])('%s in a hostile folder with a hostile PATH runs nothing of it', async (words) => {
    const { isLate } = await arena.shmtop(words, hostile());
    expect(isLate).toBe(false);
    expect(await log()).toBe('');
  });

  test('nor does the dashboard, with every screen looked at, something copied and a load run', async () => {
    const { node, main } = arena.program;
    const terminal = arena.terminalOf([...hostile().through, node, main]);
    await terminal.until('torch_4194305');
    for (const key of ['y', '2', '3', '4', 'l']) {
      terminal.type(key);
      await sleep(300);
    }
    await terminal.until('Running', 10_000);
    terminal.type('1q');
    expect(await terminal.exited()).toBe(0);
    expect(await log()).toBe('');
  });

  const LONG = 'A'.repeat(100_000);
  test.each([
    { TERM: '../../../tmp/x', TERMINFO: '/tmp/evil', TERMCAP: '/tmp/evil' },
    { TERM: '$(id)', LANG: '../../../etc', LC_ALL: '%s%s%n' },
    { COLUMNS: '99999999999', LINES: '-1' },
    { COLUMNS: 'NaN', LINES: '1e9', FORCE_COLOR: '99', COLORTERM: LONG },
    { TZ: ':/etc/shadow' },
    { TZ: LONG },
    { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
    { LC_ALL: 'POSIX', LANG: undefined },
    { HOME: undefined, XDG_STATE_HOME: undefined, USER: undefined, LOGNAME: undefined, PATH: undefined },
    { HOME: 'relative', XDG_STATE_HOME: '../..', XDG_CONFIG_HOME: '.' },
    { HOME: '/proc/self', XDG_STATE_HOME: '/proc', XDG_CONFIG_HOME: '/proc/self/fd/0' },
    { NO_COLOR: '', SHMTOP_PROC: '', SHMTOP_SHM: '' },
  ])('ls says the same, and the dashboard begins and ends, with %o', async (env) => {
    const { cwd } = hostile();
    const usual = JSON.parse((await arena.shmtop(['ls', '--json'])).stdout);
    const { stdout, stderr, code } = await arena.shmtop(['ls', '--json'], { env, cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { objects } = JSON.parse(stdout);
    const facts = (all: readonly { id: string; name: string; verdict: { state: string } }[]) =>
      all.map(({ id, name, verdict }) => `${id} ${name} ${verdict.state}`);
    expect(facts(objects)).toEqual(facts(usual.objects));
    const terminal = arena.terminal([], { env });
    await terminal.until('torch_4194305');
    expect(terminal.wrappedLines()).toBe(0);
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
    expect(terminal.isAlternate).toBe(false);
  });

  test('a folder that was removed under who stands in it ends nothing, and what is saved there goes nowhere else', async () => {
    const gone = (words: readonly string[]) => [
      'sh',
      '-c',
      'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"',
      `${trap}/gone`,
      ...words,
    ];
    const { node, main } = arena.program;
    for (const words of [['--version'], ['ls'], ['rm', '--abandoned', '--dry-run']]) {
      const { code, stderr } = await arena.run(gone([node, main, ...words]));
      // What is too young for rm is told; nothing else.
      const rest = stderr.replace(/^shmtop: \d+ objects? that nobody holds .*\n/, '');
      expect({ code, rest }).toEqual({ code: 0, rest: '' });
    }
    const { code, stderr } = await arena.run(gone([node, main, 'watch', '--for', '1']));
    expect(code).toBe(0);
    expect(stderr).toContain('watching by poll');
    const terminal = arena.terminalOf(gone([node, main]));
    await terminal.until('torch_4194305');
    terminal.type('\x13'); // Ctrl-S
    await terminal.until(/Cannot write .*ENOENT/);
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
  });
});

test('no file of ours starts a program, but for a load and the reader that may hang: by the path of the Node that runs', () => {
  const root = fileURLToPath(new URL('../../src/', import.meta.url));
  const starting = globSync('**/*.{ts,tsx}', { cwd: root }).filter((path) =>
    /import (?!type )[^;]*'node:child_process'|getBuiltinModule\('node:child_process/.test(
      readFileSync(root + path, 'utf8'),
    ),
  );
  expect(starting.sort()).toEqual([
    'load/keep/keeper.ts',
    'load/spawn-worker.ts',
    'probe/territory/patience/reader-process.ts',
  ]);
  for (const path of starting) expect(readFileSync(root + path, 'utf8')).toMatch(/spawn\(\s*process\.execPath,/);
});
