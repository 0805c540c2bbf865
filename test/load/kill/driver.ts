// Kills one of the three processes of a load (or all of them) at random moments, many times, then counts what is left.
// Runs in an IPC namespace of its own (unshare --ipc), prints one JSON object. Arguments: how often each is to be killed, how many seconds
// it may take, mark for the environment.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sweepLeftovers } from '../../../src/load/leftovers.ts';
import { libc } from '../support.ts';

const wanted = Number(process.argv[2]);
const untilMs = Date.now() + Number(process.argv[3]) * 1000;
const mark = process.argv[4];
const parentScript = fileURLToPath(new URL('./parent.ts', import.meta.url));
/** Mounted by who started us. */
const MQUEUE = '/mnt';
const LONGEST_WAIT_MS = 60;
const KEEPER_WAIT_MS = 1500;
const VICTIMS = ['parent', 'producer', 'keeper', 'consumer', 'producer', 'consumer', 'all'] as const;
const kills = { parent: 0, producer: 0, consumer: 0, keeper: 0, all: 0 };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // ENOENT, ESRCH: gone meanwhile
  }
}

function startParent(n: number): ChildProcess {
  const env = { ...process.env, SHMTOP_KILL_TEST: mark };
  return spawn(process.execPath, ['--no-warnings', parentScript, String(n)], { stdio: 'ignore', env });
}

const TITLES = { producer: 'shmtop-prod', consumer: 'shmtop-cons', keeper: 'shmtop-keep' } as const;

/** Pids of the workers of `parent` that play `role`. */
function workersOf(parent: number, role: keyof typeof TITLES): number[] {
  const children = readProc(`/proc/${parent}/task/${parent}/children`).trim().split(' ').filter(Boolean).map(Number);
  return children.filter((pid) => {
    const words = `${readProc(`/proc/${pid}/cmdline`)} ${readProc(`/proc/${pid}/comm`)}`;
    return words.includes(role) || words.includes(TITLES[role]);
  });
}

function kill(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 'SIGKILL');
  } catch {
    return false; // ESRCH: it ended first
  }
}

/** Processes of this test, besides the driver: those that carry the mark in their environment. */
function survivors(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => readProc(`/proc/${name}/environ`).includes(`SHMTOP_KILL_TEST=${mark}`))
    .map(Number);
}

const rowsOf = (table: string) => readProc(`/proc/sysvipc/${table}`).trim().split('\n').length - 1;

let parent = startParent(0);
while (workersOf(parent.pid ?? 0, 'producer').length === 0 && Date.now() < untilMs) await sleep(10);
const carried = survivors().length; // the mark does find what runs
// Few kinds of load have a keeper.
const isEnough = () => Object.entries(kills).every(([who, times]) => times >= (who === 'keeper' ? 1 : wanted));
for (let trial = 0; !isEnough() && Date.now() < untilMs; ) {
  if (parent.exitCode !== null || parent.signalCode !== null) {
    parent = startParent(trial);
    await sleep(120); // until it has something to lose; the kills below are random anyway
  }
  await sleep(Math.random() * LONGEST_WAIT_MS);
  const victim = VICTIMS[trial % VICTIMS.length];
  const pid = parent.pid ?? 0;
  const producers = workersOf(pid, 'producer');
  const consumers = workersOf(pid, 'consumer');
  let keeper = workersOf(pid, 'keeper');
  const waitUntilMs = Date.now() + KEEPER_WAIT_MS;
  while (victim === 'keeper' && keeper.length === 0 && Date.now() < waitUntilMs) {
    await sleep(5);
    keeper = workersOf(pid, 'keeper');
  }
  const all = [pid, ...keeper, ...producers, ...consumers];
  const targets = { parent: [pid], producer: producers, consumer: consumers, keeper, all };
  const hits = targets[victim].filter(kill).length;
  if (hits > 0) kills[victim]++;
  // A turn that met no keeper is not taken again.
  if (hits > 0 || victim === 'keeper') trial++;
  if (victim === 'parent' || victim === 'all') await new Promise((resolve) => parent.once('exit', resolve));
}
kill(parent.pid);
const giveUpMs = Date.now() + 3000;
while (survivors().length > 0 && Date.now() < giveUpMs) await sleep(20);
const names = () => readdirSync(MQUEUE).filter((name) => name.startsWith('shmtop-')).length;
const count = () => ({ segments: rowsOf('shm'), sets: rowsOf('sem'), queues: rowsOf('msg'), names: names() });
// A keeper takes back what it made when its standard input ends, which the kernel does as its parent dies.
while (Object.values(count()).some((rows) => rows > 0) && Date.now() < giveUpMs) await sleep(20);
const left = { processes: survivors().length, ...count() };
const swept = sweepLeftovers(libc(), MQUEUE);
const afterSweep = count();
for (const pid of survivors()) kill(pid);
process.stdout.write(`${JSON.stringify({ kills, carried, left, swept, afterSweep })}\n`);
