// npm run bench:watch: what a live watch sees and costs, against the aims of issue 6, with real programs on this machine.
// Runs itself in a private IPC namespace, so that nobody else's segments count and none of ours can stay.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const self = fileURLToPath(import.meta.url);
const TICKS_PER_SECOND = 100;
const NOBODY = '65534';

if (process.getuid() !== 0) {
  console.error('bench:watch needs root: private namespaces, perf, and dropping to an ordinary user');
  process.exit(1);
}
if (!process.env.SHMTOP_BENCH_INSIDE) {
  const inside = spawnSync('unshare', ['--ipc', process.execPath, self], {
    stdio: 'inherit',
    env: { ...process.env, SHMTOP_BENCH_INSIDE: '1' },
  });
  process.exit(inside.status ?? 1);
}

const dir = mkdtempSync(join(tmpdir(), 'shmtop-bench-'));
chmodSync(dir, 0o755);
const started = [];
try {
  await bench();
} finally {
  for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
}

async function bench() {
  for (const name of ['pairs', 'storm', 'hold']) {
    execFileSync('cc', ['-O2', '-o', join(dir, name), join(root, 'scripts/bench', `${name}.c`)]);
  }
  // A copy that an ordinary user can run, wherever the repository lies.
  cpSync(join(root, 'dist'), join(dir, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(dir, 'package.json'));
  for (const name of ['koffi', '@koromix']) {
    cpSync(realpathSync(join(root, 'node_modules', name)), join(dir, 'node_modules', name), { recursive: true });
  }
  cpSync(realpathSync(process.execPath), join(dir, 'node'));
  chmodSync(join(dir, 'node'), 0o755);

  await pairs('root: 300 pairs of 1 ms at 300/s, 1 segment', { segments: 1, count: 300, gapUs: 2000 });
  await pairs('root: 1500 pairs of 1 ms at 300/s, 20 segments', { segments: 20, count: 1500, gapUs: 2000 });
  await pairs('root, --exact: 2000 pairs back to back', { segments: 1, count: 2000, holdUs: 0, gapUs: 0, exact: true });
  await pairs('root: 2000 pairs back to back', { segments: 1, count: 2000, holdUs: 0, gapUs: 0 });
  await storm('root: exec storm of 1,000/s');
  await idle('root: idle, 1,000 segments', 1000);
  await pairs('uid 65534: 1500 pairs of 1 ms at 300/s, 100 segments', {
    segments: 100,
    count: 1500,
    gapUs: 2000,
    uid: NOBODY,
  });
  await idle('uid 65534: idle, 1,000 segments', 1000, NOBODY);
  await idle('uid 65534: idle, 100 segments', 100, NOBODY);
}

/** Starts a watch and waits until it says that it runs. */
async function startWatch({ uid, exact, args = [] } = {}) {
  const command = [
    join(dir, 'node'),
    join(dir, 'dist/main.js'),
    'watch',
    '--json',
    ...(exact ? ['--exact'] : []),
    ...args,
  ];
  const full = uid ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', ...command] : command;
  const child = spawn(full[0], full.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const events = [];
  createInterface(child.stdout).on('line', (line) =>
    events.push({ ...JSON.parse(line), seenAt: performance.timeOrigin + performance.now() }),
  );
  let notes = '';
  child.stderr.on('data', (data) => {
    notes += data;
  });
  while (!/poll/.test(notes) && child.exitCode === null) await sleep(20);
  await sleep(700);
  return { child, events, notes, stop: () => stopWatch(child) };
}

async function stopWatch(child) {
  if (child.exitCode !== null) return;
  child.kill('SIGINT');
  await once(child, 'close');
}

/** User and system milliseconds of a process and of its threads so far. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

async function measured(watch, action) {
  const cpu = cpuMs(watch.child.pid);
  const start = performance.now();
  await action();
  return ((cpuMs(watch.child.pid) - cpu) / (performance.now() - start)) * 100;
}

async function pairs(title, { segments, count, holdUs = 1000, gapUs, uid, exact }) {
  const load = spawn(join(dir, 'pairs'), [count, holdUs, gapUs, segments].map(String), {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  started.push(load);
  const lines = [];
  createInterface(load.stdout).on('line', (line) => lines.push(line));
  while (lines.length === 0) await sleep(10);
  const pid = Number(lines[0].split(' ')[0]);
  const watch = await startWatch({ uid, exact });
  await warmUp(watch, ['pairs', 900, 1000, 2000, 1]);
  const percent = await measured(watch, async () => {
    load.stdin.write('\n');
    await once(load, 'close');
  });
  await sleep(300);
  await watch.stop();
  const mine = watch.events.filter((event) => event.pid === pid);
  const sum = (name) => mine.filter(({ event }) => event === name).reduce((total, { count }) => total + count, 0);
  const lost = watch.events.filter(({ event }) => event === 'lost').length;
  const latency = latencies(mine, lines.slice(1).map(Number));
  console.log(
    `${title}\n  attached ${sum('attached')}/${count}, detached ${sum('detached')}/${count}, lost events ${lost}, CPU ${percent.toFixed(1)} % of a core${latency}`,
  );
}

/** Three seconds of the same, so that V8 has compiled what runs: a watch lasts longer than that. */
async function warmUp(watch, [program, ...args]) {
  const load = spawn(join(dir, program), args.map(String), { stdio: ['pipe', 'ignore', 'ignore'] });
  started.push(load);
  load.stdin.end('\n');
  await once(load, 'close');
  await sleep(300);
  watch.events.length = 0;
}

/** From the return of shmat to the line on standard output arriving here (a pipe and one more process in between). */
function latencies(events, timesNs) {
  const attached = events.filter(({ event, count }) => event === 'attached' && count === 1);
  if (attached.length !== timesNs.length) return '';
  const offset = performance.timeOrigin + performance.now() - Number(process.hrtime.bigint()) / 1e6;
  const late = attached.map(({ seenAt }, at) => seenAt - (timesNs[at] / 1e6 + offset)).sort((a, b) => a - b);
  const pick = (part) => late[Math.min(late.length - 1, Math.floor(late.length * part))].toFixed(2);
  return `, latency to the reader: median ${pick(0.5)} ms, p99 ${pick(0.99)} ms`;
}

async function storm(title) {
  const alone = Number(execFileSync(join(dir, 'storm'), ['4', '1000']));
  const watch = await startWatch();
  await warmUp(watch, ['storm', 3, 1000]);
  let made = 0;
  const percent = await measured(watch, async () => {
    const load = spawn(join(dir, 'storm'), ['4', '1000'], { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(load);
    load.stdout.on('data', (data) => {
      made = Number(data);
    });
    await once(load, 'close');
  });
  await watch.stop();
  const lost = watch.events.filter(({ event }) => event === 'lost').length;
  console.log(
    `${title}\n  ${made / 4} exec/s (without watch ${alone / 4}), lost events ${lost}, CPU ${percent.toFixed(1)} % of a core`,
  );
}

async function idle(title, segments, uid) {
  const load = spawn(join(dir, 'hold'), [String(segments)], { stdio: ['pipe', 'pipe', 'ignore'] });
  started.push(load);
  await once(load.stdout, 'data');
  const watch = await startWatch({ uid });
  await sleep(1000);
  const percent = await measured(watch, () => sleep(10_000));
  await watch.stop();
  load.stdin.end();
  await once(load, 'close');
  console.log(`${title}\n  CPU ${percent.toFixed(2)} % of a core`);
}
