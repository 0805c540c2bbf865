// The probe against its peers, in one run, interleaved: medians, ratios, and the limits that they must keep.
// Needs root (a private IPC and mount namespace with 30,000 segments and 5,000 processes) and a C compiler.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ROUNDS = Number(process.env.ROUNDS ?? 9);

if (!process.argv.includes('--inside')) {
  const inside = ['--ipc', '--mount', process.execPath, fileURLToPath(import.meta.url), '--inside'];
  const child = spawn('unshare', inside, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  process.exit(code ?? 1);
}

execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs', '/dev/shm']);
execFileSync('sysctl', ['-qw', 'kernel.shmmni=32768']);
const folder = mkdtempSync(join(tmpdir(), 'shmtop-bench-'));
const compile = (name) => {
  execFileSync('cc', ['-O2', '-o', join(folder, name), join(root, `scripts/bench/${name}.c`)]);
  return join(folder, name);
};

const results = [];
try {
  const herd = compile('herd');
  const measure = compile('measure');
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')]);
  const shmtop = [process.execPath, join(root, 'dist/main.js')];

  console.log('quiet machine');
  const quiet = await rounds({
    'node -e 0': command(measure, process.execPath, '-e', '0'),
    'shmtop ls': command(measure, ...shmtop, 'ls'),
  });
  gate('shmtop ls / node -e 0', quiet['shmtop ls'] / quiet['node -e 0'], 2.5);

  console.log('30,000 segments');
  await withHerd(herd, ['segments', '30000'], async () => {
    const loop = startLoop();
    let peakKiB = 0;
    const found = await rounds({
      'ipcs -m': command(measure, 'ipcs', '-m'),
      'lsipc -m -J': command(measure, 'lsipc', '-m', '-J'),
      'shmtop ls --json': async () => {
        const run = await command(measure, ...shmtop, 'ls', '--json')();
        peakKiB = Math.max(peakKiB, run.kib);
        return run;
      },
      'one sample, settled': () => loop.ask('settled'),
      'one sample, every verdict aging': () => loop.ask('sample'),
    });
    loop.end();
    gate('shmtop ls --json / lsipc -m -J', found['shmtop ls --json'] / found['lsipc -m -J'], 1.5);
    gate('sample, settled / ipcs -m', found['one sample, settled'] / found['ipcs -m'], 0.2);
    gate('sample, every verdict aging / ipcs -m', found['one sample, every verdict aging'] / found['ipcs -m'], 0.2);
    gate('peak memory of ls --json, MB', (peakKiB * 1024) / 1e6, 120);
  });

  console.log('1,000 processes');
  await withHerd(herd, ['processes', '1000', '20'], async () => {
    const loop = startLoop();
    const found = await rounds({
      'lsof /dev/shm': command(measure, 'lsof', '/dev/shm'),
      'holders of everything, warm': () => loop.ask('holders'),
    });
    loop.end();
    gate('holders / lsof', found['holders of everything, warm'] / found['lsof /dev/shm'], 0.25);
  });

  console.log('5,000 processes of about 100 mappings');
  await withHerd(herd, ['processes', '5000', '80'], async () => {
    const loop = startLoop();
    const found = await rounds({
      'maps read and split in Node': () => loop.ask('naive'),
      'shared mappings, warm': () => loop.ask('shared'),
      'private ones and descriptors too': () => loop.ask('holders'),
    });
    loop.end();
    gate('mappings / maps read and split', found['shared mappings, warm'] / found['maps read and split in Node'], 0.25);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log('');
for (const { what, value, limit } of results) {
  console.log(`${value <= limit ? 'ok  ' : 'OVER'}  ${what}: ${value.toFixed(2)} (limit ${limit})`);
}

function gate(what, value, limit) {
  results.push({ what, value, limit });
}

/** Runs every contender once a round, in turn; prints and returns the median of each in milliseconds. */
async function rounds(contenders) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const { ms } = await run();
      if (round > 0) times[name].push(ms); // the first round warms caches
    }
  }
  const medians = {};
  for (const [name, list] of Object.entries(times)) {
    list.sort((a, b) => a - b);
    medians[name] = list[list.length >> 1];
    console.log(
      `  ${name.padEnd(30)} ${medians[name].toFixed(1).padStart(8)} ms  [${list[0].toFixed(1)} … ${list.at(-1).toFixed(1)}]`,
    );
  }
  return medians;
}

/** A whole process, its output thrown away: wall time and peak memory. */
function command(measure, ...words) {
  return async () => {
    const [ms, kib, status] = execFileSync(measure, words, { encoding: 'utf8' }).split(' ').map(Number);
    // lsof answers 1 when some of what it was asked for is not in use
    if (status !== 0 && words[0] !== 'lsof') throw new Error(`${words.join(' ')} ended with ${status}`);
    return { ms, kib };
  };
}

/** A warm process that does one piece of work when asked. */
function startLoop() {
  const child = spawn(process.execPath, [join(root, 'scripts/bench/loop.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (what) => {
      child.stdin.write(`${what}\n`);
      return JSON.parse((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

/** The herd lives while `use` runs; closing its input ends all of it. */
async function withHerd(herd, words, use) {
  const child = spawn(herd, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    await use();
  } finally {
    child.stdin.end();
    await ended;
  }
}
