// What a command loads of Node before it can do anything: each of these costs milliseconds at every start.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** Says on standard error which modules of Node were loaded by the end that a bare start does not load. */
const WATCH = `
  const known = new Set(process.moduleLoadList);
  process.once('exit', () => {
    const loaded = process.moduleLoadList.filter((name) => !known.has(name));
    process.getBuiltinModule('node:fs').writeSync(2, loaded.join('\\n'));
  });`;

/** Where nobody is but it: who does not answer on the machine would make it load what it needs to go on without him. */
const ALONE = ['unshare', '--ipc', '--mount', '--pid', '--fork', '--mount-proc'];
const place = spawnSync('unshare', [...ALONE.slice(1), 'true']).status === 0 ? ALONE : [];

function loadedBy(...words: readonly string[]): string[] {
  const watch = `data:text/javascript,${encodeURIComponent(WATCH)}`;
  const [command = '', ...args] = [...place, process.execPath, '--import', watch, MAIN, ...words];
  return spawnSync(command, args, { encoding: 'utf8' }).stderr.split('\n');
}

it.each([['ls'], ['ls', '--json'], ['--version']])('%s opens no stream and loads no colours', (...words) => {
  const loaded = loadedBy(...words);
  expect(loaded).toContain('NativeModule os');
  expect(loaded.filter((name) => /stream|tty|net|worker|colors|readline|diff/.test(name))).toEqual([]);
});
