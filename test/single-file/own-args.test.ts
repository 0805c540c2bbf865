// With what the program starts itself anew: options of Node are given again where a script runs, and not where they lie in the file.
import { afterEach, expect, it } from 'vitest';
import { ownArgs } from '../../src/single-file/single-file.ts';

const { argv, execArgv } = process;
afterEach(() => {
  Object.assign(process, { argv, execArgv });
  globalThis.shmtopSingleFile = undefined;
});

it('a script is started with its options and its name', () => {
  Object.assign(process, { argv: ['/usr/bin/node', '/dist/main.js', 'ls', '--json'], execArgv: ['--no-warnings'] });
  expect(ownArgs()).toEqual(['--no-warnings', '/dist/main.js', 'ls', '--json']);
});

it('the single executable is started with its words alone', () => {
  // Node repeats the name where a script would have its own, and shows the options that lie in the file.
  Object.assign(process, {
    argv: ['shmtop', 'shmtop', 'ls', '--json'],
    execArgv: ['--no-warnings', '--disable-sigusr1'],
  });
  globalThis.shmtopSingleFile = { koffiPath: () => undefined, threadCode: () => '', processArgs: () => [] };
  expect(ownArgs()).toEqual(['ls', '--json']);
});
