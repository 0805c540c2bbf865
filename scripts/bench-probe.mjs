// The probe against its peers, in one run, interleaved: medians, ratios, and the aims that they must keep. It ends with 1 where
// one is missed. Needs root (private namespaces with 30,000 segments and 5,000 processes) and a C compiler; takes about a minute.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ROUNDS = Number(process.env.ROUNDS ?? 9);
/** A slow machine does fewer rounds, but so many at least. */
const LONGEST_MS = 60_000;
const FEWEST_ROUNDS = 3;

if (!process.argv.includes('--inside')) {
  // A pid namespace too, so that neither we nor the peers look at what else runs here; all in it ends with it.
  const names = ['--ipc', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
  const child = spawn('unshare', [...names, process.execPath, fileURLToPath(import.meta.url), '--inside'], {
    stdio: 'inherit',
  });
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

  console.log('100 processes, no shared memory');
  await withHerd(herd, ['sleepers', '100', '0'], async () => {
    const quiet = await rounds({
      'node -e 0': command(measure, process.execPath, '-e', '0'),
      'shmtop ls': command(measure, ...shmtop, 'ls'),
    });
    compare(quiet, 'shmtop ls', 'node -e 0', 2.5);
  });

  console.log('45 files, 100 processes');
  await withHerd(herd, ['sleepers', '100', '45'], async (loop) => {
    const { 'one tick, CPU': tick } = await rounds({ 'one tick, CPU': () => loop.ask('steady') });
    gate('CPU of one tick of the sampler where nothing changes, ms', median(tick), 5);
  });

  console.log('30,000 segments');
  await withHerd(herd, ['segments', '30000'], async (loop) => {
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
    compare(found, 'shmtop ls --json', 'lsipc -m -J', 1.5);
    compare(found, 'one sample, settled', 'ipcs -m', 0.2);
    compare(found, 'one sample, every verdict aging', 'ipcs -m', 0.2);
    gate('peak memory of ls --json, MB', (peakKiB * 1024) / 1e6, 120);
  });

  console.log('1,000 processes');
  await withHerd(herd, ['processes', '1000', '20'], async (loop) => {
    const found = await rounds({
      'lsof /dev/shm': command(measure, 'lsof', '/dev/shm'),
      'holders, first look': () => loop.ask('holders'),
      'holders, each later look': () => later(loop),
    });
    compare(found, 'holders, first look', 'lsof /dev/shm', 0.25);
    compare(found, 'holders, each later look', 'lsof /dev/shm', 0.25);
  });

  console.log('5,000 processes of about 100 mappings');
  await withHerd(herd, ['processes', '5000', '80'], async (loop) => {
    const found = await rounds({
      'maps read and split in Node': () => loop.ask('naive'),
      'shared mappings, first look': () => loop.ask('shared'),
      'holders, first look': () => loop.ask('holders'),
      'holders, each later look': () => later(loop),
    });
    const peer = 'maps read and split in Node';
    compare(found, 'shared mappings, first look', peer, 0.25);
    compare(found, 'holders, first look', peer); // the peer reads no descriptors
    compare(found, 'holders, each later look', peer, 0.25);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log('');
for (const { what, value, aim } of results) {
  const verdict = aim === undefined ? '    ' : value <= aim ? 'ok  ' : 'OVER';
  console.log(`${verdict}  ${what}: ${value.toFixed(2)}${aim === undefined ? '' : ` (aim ${aim})`}`);
}
process.exitCode = results.some(({ value, aim }) => value > aim) ? 1 : 0;

/** The ratio of two contenders: the median of those of the rounds, since a round is over before the neighbours change. */
function compare(found, ours, peer, aim) {
  const ratios = found[ours].map((ms, round) => ms / found[peer][round]);
  gate(`${ours} / ${peer}`, median(ratios), aim);
}

/** Without an aim it is only told. */
function gate(what, value, aim) {
  results.push({ what, value, aim });
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Runs every contender once a round, in turn; prints the medians and gives the milliseconds of all rounds. */
async function rounds(contenders) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const startMs = performance.now();
  for (let round = 0; round <= ROUNDS; round++) {
    if (round > FEWEST_ROUNDS && performance.now() - startMs > LONGEST_MS) break;
    for (const [name, run] of Object.entries(contenders)) {
      const { ms } = await run();
      if (round > 0) times[name].push(ms); // the first round warms caches
    }
  }
  for (const [name, list] of Object.entries(times)) {
    const [low, high] = [Math.min(...list), Math.max(...list)];
    const shown = `${median(list).toFixed(1).padStart(8)} ms  [${low.toFixed(1)} … ${high.toFixed(1)}]`;
    console.log(`  ${name.padEnd(32)} ${shown}`);
  }
  return times;
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

/** A look as the dashboard has one each second: some of the processes are read again, and all that have run. */
async function later(loop) {
  await loop.ask('again');
  await setTimeout(1000);
  return loop.ask('again');
}

/** The herd lives while `use` runs; closing its input ends all of it. */
async function withHerd(herd, words, use) {
  const child = spawn(herd, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const loop = startLoop();
  try {
    await once(child.stdout, 'data');
    await use(loop);
  } finally {
    loop.end();
    child.stdin.end();
    await ended;
  }
}
