// Bulk speed: `node bench.ts RACER ROUNDS COUNT MAIN`. Segments removed by ipcrm --all=shm and by us, interleaved; milliseconds.
import { spawnSync } from 'node:child_process';
import { Racer } from '../racer.ts';
import { assertPrivate, clean, planAll, remove } from './world.ts';

assertPrivate(); // or ipcrm --all would be a disaster
const [, , binary = '', roundsText = '7', countText = '2000', main = ''] = process.argv;
const racer = new Racer(binary);
const times: Record<string, number[]> = { ipcrm: [], execute: [], 'plan and execute': [], 'shmtop rm': [] };

function make(): void {
  racer.ask(`make ${countText} 0 4096 0`);
  racer.ask('age');
}

function timed(name: string, use: () => void): void {
  const start = performance.now();
  use();
  times[name]?.push(performance.now() - start);
  const left = planAll(false, ({ kind }) => kind === 'sysv').length;
  if (left > 0) throw new Error(`${name} left ${left} segments`);
  clean();
}

for (let round = 0; round < Number(roundsText); round++) {
  make();
  timed('ipcrm', () => spawnSync('ipcrm', ['--all=shm'], { stdio: 'inherit' }));
  make();
  const plans = planAll(false, ({ kind }) => kind === 'sysv');
  timed('execute', () => remove(plans));
  make();
  timed('plan and execute', () => remove(planAll(false, ({ kind }) => kind === 'sysv')));
  make();
  timed('shmtop rm', () =>
    spawnSync(process.execPath, [main, 'rm', '--unheld', '--abandoned', '--orphaned', '--yes', '--min-age', '0'], {
      stdio: 'ignore',
      env: { ...process.env, NODE_COMPILE_CACHE: undefined, XDG_STATE_HOME: '/mnt/state' },
    }),
  );
}
racer.close();
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const medians = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
const spread = Object.fromEntries(
  Object.entries(times).map(([name, values]) => [name, [Math.min(...values), Math.max(...values)]]),
);
process.stdout.write(`${JSON.stringify({ wrong: 0, examples: [], medians, spread })}\n`);
