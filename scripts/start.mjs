// `npm start`: builds when a source is newer than the bundle, then runs the program with the arguments given.
import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modifiedMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const builtMs = modifiedMs(`${root}/dist/main.js`);
const sources = ['package.json', 'package-lock.json', 'scripts/build.mjs', ...globSync('src/**/*', { cwd: root })];
if (sources.some((path) => modifiedMs(`${root}/${path}`) > builtMs)) await import('./build.mjs');

const { status, signal } = spawnSync(process.execPath, [`${root}/dist/main.js`, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = signal ? 1 : (status ?? 1);
