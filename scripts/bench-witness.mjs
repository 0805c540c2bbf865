// npm run bench:witness: what a witness costs, against the aims of issue 12, with real programs on this machine.
// Runs itself in private IPC and mount namespaces with an empty /dev/shm; in the machine's pid namespace, since taskstats speaks of no other.
// What else happens on the machine counts too: its ends and forks are told to the witness.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const self = fileURLToPath(import.meta.url);

if (process.getuid() !== 0) {
  console.error('bench:witness needs root: private namespaces, fanotify, taskstats, perf');
  process.exit(1);
}
if (!process.env.SHMTOP_BENCH_INSIDE) {
  const script = 'mount --make-rprivate / && mount -t tmpfs none /dev/shm && exec "$0" "$1"';
  const inside = spawnSync('unshare', ['--ipc', '--mount', 'sh', '-c', script, process.execPath, self], {
    stdio: 'inherit',
    env: { ...process.env, SHMTOP_BENCH_INSIDE: '1' },
  });
  process.exit(inside.status ?? 1);
}

const dir = mkdtempSync(join(tmpdir(), 'shmtop-bench-'));
const churn = join(dir, 'churn');
let witness;
try {
  execFileSync('cc', ['-O2', '-o', churn, join(root, 'scripts/bench/churn.c')]);
  await bench();
} finally {
  witness?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

async function bench() {
  const alone = pairsUs();
  execFileSync(churn, ['keep', '500']);
  witness = spawn(process.execPath, [join(root, 'dist/main.js'), 'witness', '--state', join(dir, 'state')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let notes = '';
  witness.stderr.on('data', (data) => {
    notes += data;
  });
  while (!notes.includes('by table') && witness.exitCode === null) await sleep(50);
  await sleep(5000);
  const idle = await percentOver(20);
  console.log(`idle, 1,000 objects: ${idle.toFixed(2)} % of a core, ${memory()}; ${forksNote()}`);
  const load = spawn(churn, ['rate', '300', '25'], { stdio: 'ignore' });
  await sleep(4000);
  const busy = await percentOver(15);
  console.log(`300 objects a second made, attached and removed: ${busy.toFixed(2)} % of a core, ${memory()}`);
  await once(load, 'exit');
  const watched = pairsUs();
  console.log(
    `create + unlink: ${alone.toFixed(1)} us alone, ${watched.toFixed(1)} us with a witness (${(watched / alone).toFixed(2)} times)`,
  );
  witness.kill('SIGTERM');
  await once(witness, 'exit');
}

/** Median of rounds of 2,000 pairs, small enough for the queue of fanotify. */
function pairsUs() {
  const rounds = Array.from({ length: 9 }, () => Number(execFileSync(churn, ['pairs', '2000'])));
  return rounds.sort((a, b) => a - b)[4];
}

function cpuMs() {
  const fields = readFileSync(`/proc/${witness.pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function percentOver(seconds) {
  const before = cpuMs();
  const start = performance.now();
  await sleep(seconds * 1000);
  return ((cpuMs() - before) / (performance.now() - start)) * 100;
}

function memory() {
  const status = readFileSync(`/proc/${witness.pid}/status`, 'latin1');
  const mb = (name) => (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024).toFixed(1);
  return `${mb('VmRSS')} MB resident (${mb('RssAnon')} its own, ${mb('RssFile')} program code)`;
}

function forksNote() {
  const forks = () => Number(/^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))[1]);
  const before = forks();
  spawnSync('sleep', ['1']);
  return `the machine itself forks ${forks() - before} times a second, load ${readFileSync('/proc/loadavg', 'latin1').split(' ')[0]}`;
}
