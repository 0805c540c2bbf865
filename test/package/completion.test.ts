// The completions in the real shells: what is offered, and that names which others chose are inserted as one word, never evaluated.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIVE, SHELLS } from '../../src/cli/completion/candidates.ts';
import { liveLines } from '../../src/cli/completion/live.ts';
import { completionScript } from '../../src/cli/completion.ts';
import { looksLikeId } from '../../src/probe/model/object-id.ts';
import { SERVER } from '../cli/examples.ts';
import { sleep, VirtualTerminal } from '../support/terminal.ts';
import { onPath } from './tools.ts';

/** Each of these writes a file where it is evaluated. */
const HOSTILE = [
  'posix:/$(touch evaluated)',
  'posix:/`touch evaluated`',
  "posix:/a'b; touch evaluated",
  'posix:/two words',
  '-rf',
];
const IDS = ['sysv:5', 'sysv:5@4026531839', ...HOSTILE, 'posix:/\\x1b]0;owned'];

let folder = '';
const scripts: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-completion-'));
  writeFileSync(join(folder, 'ids'), `${IDS.join('\n')}\n`);
  writeFileSync(join(folder, 'filter'), 'user=root\nuser=postgres\nkind=sysv\nsize>\n');
  const program = join(folder, 'shmtop');
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$1 $2" = "completion --list" ] && exec cat ${folder}/"$3"\nprintf '<%s>' "$@"; echo\n`,
  );
  chmodSync(program, 0o755);
  for (const shell of SHELLS) {
    scripts[shell] = join(folder, shell === 'zsh' ? '_shmtop' : `shmtop.${shell}`);
    writeFileSync(scripts[shell], completionScript(shell));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = () => ({ PATH: `${folder}:/usr/bin:/bin`, HOME: folder, LANG: 'C.UTF-8', TERM: 'xterm', PS1: '$ ' });
const run = (shell: string, args: readonly string[]) => {
  const { stdout, stderr } = spawnSync(shell, args, { env: env(), cwd: folder, encoding: 'utf8', timeout: 20_000 });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
};
const isEvaluated = () => existsSync(join(folder, 'evaluated'));

describe('what is offered', () => {
  it.each(LIVE)('completion --list %s prints what is there, each once', (live) => {
    const lines = liveLines(SERVER, live);
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines).size).toBe(lines.length);
    if (live === 'ids') expect(lines.filter((line) => !looksLikeId(line))).toEqual([]);
    expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
  });
});

describe('bash', () => {
  const offered = (line: string, point = line.length) =>
    run('bash', [
      '--norc',
      '-c',
      `source "$0"; COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:' COMP_LINE=$1 COMP_POINT=$2; _shmtop; printf '%s\\n' "\${COMPREPLY[@]}"`,
      scripts.bash ?? '',
      line,
      String(point),
    ]);

  it.each([
    ['shmtop sh', ['show']],
    ['shmtop ls --colu', ['--columns']],
    ['shmtop ls --columns id,si', ['id,size']],
    ['shmtop ls --columns=id,si', ['id,size']],
    ['shmtop ls --sort -siz', ['-size']],
    ['shmtop ls --kind sysv,po', ['sysv,posix']],
    ['shmtop ls user=p', ['postgres']],
    ['shmtop --theme hi', ['high-contrast']],
    ['shmtop --theme dark ls --colu', ['--columns']],
    ['shmtop -s -siz', ['-size']],
    ['shmtop show sysv:', ['5', '5@4026531839']],
    ['shmtop completion f', ['fish']],
    ['shmtop watch --until-empty sysv:5@', ['@4026531839']],
    ['shmtop load --sync fu', ['futex']],
    ['shmtop rm --save sh', []],
  ])('%j', (line, words) => {
    expect(offered(line)).toEqual(words);
  });

  it('quotes the names of others, so that each is one word again', () => {
    const words = offered('shmtop show posix');
    expect(isEvaluated()).toBe(false);
    const echoed = run('bash', [
      '--norc',
      '-c',
      words.map((word) => `printf '%s\\n' posix:${word.replace(/^posix:/, '')}`).join('\n'),
    ]);
    expect(echoed).toEqual(IDS.filter((id) => id.startsWith('posix:')));
    expect(isEvaluated()).toBe(false);
  });
});

describe.skipIf(!onPath('fish'))(`fish${onPath('fish') ? '' : ' (skipped: no fish)'}`, () => {
  const offered = (line: string) =>
    run('fish', ['--no-config', '-c', `source $argv[1]; complete -C $argv[2]`, scripts.fish ?? '', line]).map(
      (row) => row.split('\t')[0],
    );

  it.each([
    ['shmtop sh', ['show']],
    ['shmtop ls --colu', ['--columns']],
    ['shmtop ls --columns id,siz', ['id,size']],
    ['shmtop ls --kind=sysv,pos', ['--kind=sysv,posix']],
    ['shmtop ls user=p', ['user=postgres']],
    ['shmtop show sysv:', ['sysv:5', 'sysv:5@4026531839']],
    ['shmtop completion f', ['fish']],
  ])('%j', (line, words) => {
    expect(offered(line)).toEqual(words);
  });

  it('offers the names of others as they are, and evaluates none', () => {
    expect(offered('shmtop show posix')).toEqual(expect.arrayContaining(IDS.filter((id) => id.startsWith('posix:'))));
    expect(isEvaluated()).toBe(false);
  });
});

/** Types into an interactive shell, as a person: what stands on the screen in the end. */
async function typed(
  shell: string,
  args: readonly string[],
  lines: readonly string[],
  keys: string,
  wanted: string | RegExp,
) {
  const terminal = new VirtualTerminal(shell, args, { columns: 120, rows: 30, env: env(), cwd: folder });
  try {
    for (const line of [...lines, 'echo rea""dy']) terminal.type(`${line}\r`);
    await terminal.until(/^ready/m, 20_000);
    await sleep(200);
    terminal.type(keys);
    return await terminal.until(wanted, 10_000);
  } finally {
    terminal.close();
  }
}

const bashAt = (keys: string, wanted: string | RegExp) =>
  typed('bash', ['--norc', '-i'], [`source ${scripts.bash}`], keys, wanted);
const zshAt = (keys: string, wanted: string | RegExp) =>
  typed('zsh', ['-f', '-i'], [`fpath=(${folder} $fpath); autoload -Uz compinit; compinit -D -u`], keys, wanted);

describe('typed', () => {
  it('bash inserts an ID behind its colon, and a hostile name as one word', async () => {
    await bashAt('shmtop show sysv:5@\t\r', '<show><sysv:5@4026531839>');
    await bashAt('shmtop show posix:/\\$\t\r', '<show><posix:/$(touch evaluated)>');
    expect(isEvaluated()).toBe(false);
  });

  it.skipIf(!onPath('zsh'))(
    'zsh inserts columns, options, IDs and filter words, and a hostile name as one word',
    async () => {
      await zshAt('shmtop ls --columns id,siz\t\r', '<ls><--columns><id,size');
      await zshAt('shmtop ls --kind=sysv,pos\t\r', '<ls><--kind=sysv,posix');
      await zshAt('shmtop ls user=p\t\r', '<ls><user=postgres>');
      await zshAt('shmtop show sysv:5@\t\r', '<show><sysv:5@4026531839>');
      await zshAt('shmtop show posix:/tw\t\r', '<show><posix:/two words>');
      await zshAt('shmtop show posix:/\\$\t\r', '<show><posix:/$(touch evaluated)>');
      await zshAt('shmtop rm --dr\t\r', '<rm><--dry-run>');
      expect(isEvaluated()).toBe(false);
    },
  );
});
