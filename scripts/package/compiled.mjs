// Compiled code of the programs, for the single executable: a first one runs each command once and writes down what V8 compiled.
// V8 takes such code only in the version, on the processor and with the flags that it was made with; else it compiles as ever.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';

/** Text for the loader of that first one, which is never given to anybody. */
export const RECORDER = `{
    const { writeFileSync } = process.getBuiltinModule('node:fs');
    const folder = process.env.SHMTOP_COMPILED;
    const write = () => {
      for (const [key, script] of scripts) writeFileSync(folder + '/' + key.replace('/', '!'), script.createCachedData());
    };
    process.on('exit', write);
    // A thread is ended without notice.
    if (entryOfThread !== undefined) setTimeout(write, 1500).unref();
  }`;

/** In this order: what was compiled for the first that needs it is kept. */
const RUNS = [
  ['ls'],
  ['ls', '--json'],
  ['--version'],
  ['--help'],
  ['ps'],
  ['show', 'posix:/nothing'],
  ['doctor'],
  ['check', '--abandoned'],
  ['metrics'],
  ['schema'],
  ['rm', '--abandoned', '--dry-run'],
  ['watch', '--for', '2s'],
  ['load', '--duration', '300ms', '--no-latency'],
];

/** Paths by name of the program, below `folder`. */
export async function compiledBy(program, folder) {
  rmSync(folder, { recursive: true, force: true });
  const found = new Map();
  const env = { PATH: '/usr/bin:/bin', TERM: 'xterm-256color', LANG: 'C.UTF-8', HOME: folder };
  // What watch and the dashboard record here is nobody's.
  env.SHMTOP_WITNESS = join(folder, 'witness');
  const gather = (run) => {
    for (const name of readdirSync(run)) {
      const key = name.replace('!', '/');
      if (!found.has(key)) found.set(key, join(run, name));
    }
  };
  const dashboard = join(folder, 'dashboard');
  mkdirSync(dashboard, { recursive: true });
  await runDashboard(program, { ...env, SHMTOP_COMPILED: dashboard }, folder);
  for (const [index, words] of RUNS.entries()) {
    const run = join(folder, String(index));
    mkdirSync(run);
    spawnSync(program, words, { env: { ...env, SHMTOP_COMPILED: run }, cwd: folder, stdio: 'ignore', timeout: 60_000 });
    gather(run);
  }
  gather(dashboard);
  if (!found.has('main.js') || !found.has('sampler-worker.js'))
    throw new Error('the program did not run: nothing was compiled');
  return Object.fromEntries(found);
}

/** Until its thread has written, then its screens, and the end. */
async function runDashboard(program, env, cwd) {
  const terminal = spawn(program, [], { cols: 120, rows: 34, env, cwd });
  const ended = new Promise((resolve) => terminal.onExit(resolve));
  terminal.onData(() => {});
  const giveUp = setTimeout(() => terminal.kill('SIGKILL'), 90_000);
  for (let turn = 0; turn < 300 && !existsSync(join(env.SHMTOP_COMPILED, 'sampler-worker.js')); turn++) await wait(200);
  for (const key of ['2', '3', '5', '6', '1', 'q']) {
    terminal.write(key);
    await wait(300);
  }
  await ended;
  clearTimeout(giveUp);
}
