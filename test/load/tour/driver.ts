// Kills a tour, its stage, the child of it or all of them at random moments, then counts what is left. Runs in IPC and mount namespaces of
// its own, prints one JSON object. Arguments: how often each is to be killed, how many seconds it may take, mark for the environment.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sweepLeftovers } from '../../../src/load/leftovers.ts';
import { sweepNames } from '../../../src/load/tour/stage.ts';
import { effectiveUid } from '../../../src/native/process.ts';
import { libc } from '../support.ts';

const wanted = Number(process.argv[2]);
const untilMs = Date.now() + Number(process.argv[3]) * 1000;
const mark = `SHMTOP_TOUR_TEST=${process.argv[4]}`;
const script = fileURLToPath(new URL('./parent.ts', import.meta.url));
const VICTIMS = ['parent', 'stage', 'child', 'all'] as const;
const kills = { parent: 0, stage: 0, child: 0, all: 0 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // ENOENT, ESRCH: gone meanwhile
  }
}

const childrenOf = (pid: number) =>
  readProc(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
const isStage = (pid: number) => readProc(`/proc/${pid}/comm`).trim() === 'shmtop-tour';
const survivors = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => readProc(`/proc/${name}/environ`).includes(mark))
    .map(Number);

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // ESRCH: it ended first
  }
}

const [name, value] = mark.split('=');
const start = (): ChildProcess =>
  spawn(process.execPath, ['--no-warnings', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, [name]: value },
  });

let parent = start();
let seenSegments = 0;
const rows = () => readProc('/proc/sysvipc/shm').trim().split('\n').length - 1;
for (let trial = 0; Object.values(kills).some((times) => times < wanted) && Date.now() < untilMs; ) {
  if (parent.exitCode !== null || parent.signalCode !== null) parent = start();
  const victim = VICTIMS[trial % VICTIMS.length];
  const waitUntilMs = Date.now() + 2000;
  const pid = parent.pid ?? 0;
  let targets: number[] = [];
  while (targets.length === 0 && Date.now() < waitUntilMs) {
    await sleep(Math.random() * 40);
    const stages = childrenOf(pid).filter(isStage);
    const forked = stages.flatMap(childrenOf).filter(isStage);
    const every = [pid, ...stages, ...forked];
    targets = {
      parent: stages.length > 0 ? [pid] : [],
      stage: stages,
      child: forked,
      all: stages.length > 0 ? every : [],
    }[victim];
  }
  seenSegments = Math.max(seenSegments, rows());
  if (targets.filter(kill).length > 0) kills[victim]++;
  trial++;
  if (victim !== 'child' && targets.length > 0) {
    kill(pid);
    await new Promise((resolve) =>
      (parent.exitCode ?? parent.signalCode) === null ? parent.once('exit', resolve) : resolve(0),
    );
  }
}
kill(parent.pid ?? 0);
const giveUpMs = Date.now() + 3000;
while (survivors().length > 0 && Date.now() < giveUpMs) await sleep(20);
const names = () => readdirSync('/dev/shm').length;
const left = { processes: survivors().length, segments: rows(), names: names() };
// A dead process that nobody has waited for yet still has its pid.
do {
  sweepLeftovers(libc());
  sweepNames(effectiveUid(libc()));
  await sleep(50);
} while (rows() + names() > 0 && Date.now() < giveUpMs + 3000);
const afterSweep = { segments: rows(), names: names() };
for (const pid of survivors()) kill(pid);
process.stdout.write(`${JSON.stringify({ kills, seenSegments, left, afterSweep })}\n`);
