// What the dashboard costs, measured in a real pty in private namespaces, with htop and top beside it: npm run bench:ui
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sleep, VirtualTerminal } from '../test/support/terminal.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(root, 'dist/main.js');
const SIZE = { columns: 200, rows: 50 };
const SECONDS = 20;
const WINDOWS = 5;
/** It runs for hours: measured is what it costs once V8 has compiled it. */
const WARM_UP_MS = 60_000;
/** So many quiet windows are looked for, among so many. */
const LATENESS_QUIET = 8;
const LATENESS_WINDOWS = 40;
/** Of the machine, used by others: above it a window tells of them and not of us. */
const QUIET_SHARE = 0.08;
const folder = mkdtempSync(join(tmpdir(), 'shmtop-bench-ui-'));
const env = { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);

/** Namespaces of their own, kept by a sleeping process; `enter` are the words that lead into them. */
async function openPlace() {
  const prepare = 'mount -t tmpfs -o size=256m,mode=1777 bench /dev/shm && echo ready && exec cat';
  const holder = spawn(
    'unshare',
    ['--ipc', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL', 'sh', '-c', prepare],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  await once(holder.stdout, 'data');
  const ns = `/proc/${childOf(holder.pid)}/ns`;
  return {
    enter: ['nsenter', `--ipc=${ns}/ipc`, `--mount=${ns}/mnt`, `--pid=${ns}/pid`],
    close: () => holder.stdin.end(),
  };
}

async function load(place, words) {
  const [command, ...args] = [...place.enter, ...words];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return () => child.stdin.end();
}

function open(place, words, size = SIZE) {
  const [command, ...args] = [...place.enter, ...words];
  return new VirtualTerminal(command, args, { ...size, env });
}

const shmtop = (place, size) => open(place, [process.execPath, MAIN], size);

/** nsenter and unshare fork to enter a pid namespace: the program is their child. */
function childOf(pid) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')[0]);
}

/** CPU seconds of all threads so far, user and system. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const status = (pid, field) =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);

/** By thread: which part is the sampler's. */
function threads(pid) {
  const parts = readdirSync(`/proc/${pid}/task`).map((tid) => {
    const text = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'latin1');
    const fields = text.split(') ')[1].split(' ');
    return { name: /\((.*)\)/.exec(text)?.[1] ?? '', cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
  });
  return (name) => parts.filter((part) => part.name === name).reduce((sum, { cpu }) => sum + cpu, 0);
}

/** Medians of some windows: V8 compiles for a minute, and collects all of its heap about twice in two. */
async function cpuOver(terminal, name) {
  await sleep(WARM_UP_MS);
  const pid = childOf(terminal.pid);
  const windows = [];
  const from = terminal.raw.length;
  for (let at = 0; at < WINDOWS; at++) {
    const before = { cpu: cpuSeconds(pid), threads: threads(pid) };
    await sleep(SECONDS * 1000);
    const after = threads(pid);
    const part = (thread) => after(thread) - before.threads(thread);
    windows.push({ cpu: cpuSeconds(pid) - before.cpu, ui: part('shmtop'), sampler: part('shmtop-sampler') });
  }
  const of = (field) => windows.map((window) => window[field]).sort((a, b) => a - b);
  const median = (field) => of(field)[Math.floor(WINDOWS / 2)].toFixed(2);
  const written = terminal.raw.slice(from);
  const clears = written.split('\x1b[2J').length - 1;
  const frames = written.split('\x1b[?2026h').length - 1;
  console.log(
    `${name.padEnd(44)} ${median('cpu')} s CPU in ${SECONDS} s (${of('cpu')[0].toFixed(2)} to ${of('cpu')[WINDOWS - 1].toFixed(2)})` +
      (frames > 0 || name.startsWith('shmtop')
        ? `; UI thread ${median('ui')}, sampler ${median('sampler')}; ${frames / WINDOWS} frames, ${frames > 0 ? Math.round(written.length / frames) : 0} bytes each, ${clears} full clears`
        : '') +
      `; RSS ${Math.round(status(pid, 'VmRSS') / 1024)} MB`,
  );
}

async function benchCpu() {
  for (const [how, name] of [
    ['changing', 'shmtop, 45 rows change each second'],
    ['still', 'shmtop, nothing changes'],
  ]) {
    const place = await openPlace();
    const stop = await load(place, [process.execPath, join(root, 'scripts/bench/changing-files.mjs'), '45', how]);
    const terminal = shmtop(place);
    await terminal.until('bench_0');
    // Ages of less than a minute are shown in seconds and change with each.
    if (how === 'still') await sleep(60_000);
    await cpuOver(terminal, name);
    terminal.close();
    stop();
    place.close();
  }
  for (const [peer, args] of [
    ['htop', ['-d', '10']],
    ['top', ['-d', '1']],
  ]) {
    if (spawnSync('which', [peer]).status !== 0) {
      console.log(`${peer}: not installed`);
      continue;
    }
    const place = await openPlace();
    const terminal = open(place, [peer, ...args]);
    await cpuOver(terminal, `${peer}, 1 Hz`);
    terminal.close();
    place.close();
  }
}

async function benchStart() {
  const place = await openPlace();
  const stop = await load(place, [process.execPath, join(root, 'scripts/bench/changing-files.mjs'), '45', 'still']);
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const first = [];
  const data = [];
  const bare = [];
  for (let round = 0; round < 11; round++) {
    const startMs = performance.now();
    const terminal = shmtop(place);
    await terminal.until('Objects');
    first.push(performance.now() - startMs);
    await terminal.until('bench_0');
    data.push(performance.now() - startMs);
    terminal.close();
    const bareMs = performance.now();
    const node = open(place, [process.execPath, '-e', 'console.log("here")']);
    await node.until('here');
    bare.push(performance.now() - bareMs);
    node.close();
  }
  console.log(
    `first frame: median ${Math.round(median(first))} ms (with data ${Math.round(median(data))} ms; node -e alone ${Math.round(median(bare))} ms; 11 runs, until the terminal shows it)`,
  );
  stop();
  place.close();
}

/** From the key to the screen: the time until the terminal shows what the key does. */
async function keyLatency(terminal, keys) {
  const times = [];
  for (const key of keys) {
    const before = terminal.raw.length;
    const startMs = performance.now();
    terminal.type(key);
    while (terminal.raw.length === before && performance.now() - startMs < 2000)
      await new Promise((resolve) => setImmediate(resolve));
    times.push(performance.now() - startMs);
    await sleep(60);
  }
  times.sort((a, b) => a - b);
  return {
    median: times[Math.floor(times.length / 2)],
    p95: times[Math.floor(times.length * 0.95)],
    worst: times[times.length - 1],
  };
}

const ms = (value) => `${value.toFixed(1)} ms`;
const spell = ({ median, p95, worst }) => `median ${ms(median)}, 95 % ${ms(p95)}, worst ${ms(worst)}`;

async function benchMany() {
  const binary = join(folder, 'herd');
  execFileSync('cc', ['-O1', '-o', binary, join(root, 'scripts/bench/herd.c'), '-lrt']);
  const place = await openPlace();
  execFileSync(place.enter[0], [...place.enter.slice(1), 'sh', '-c', 'echo 32768 > /proc/sys/kernel/shmmni']);
  const stopSegments = await load(place, [binary, 'segments', '30000']);
  const stopProcesses = await load(place, [binary, 'processes', '5000', '50']);
  const startMs = performance.now();
  const terminal = shmtop(place);
  await terminal.until('Objects', 30_000);
  const frameMs = performance.now() - startMs;
  await terminal.until(/of 300\d\d\b/, 60_000);
  console.log(
    `30,000 objects, 5,000 processes: first frame ${Math.round(frameMs)} ms, all objects ${Math.round(performance.now() - startMs)} ms`,
  );
  await sleep(5000);
  const arrows = Array.from({ length: 60 }, (_, at) => (at % 15 === 14 ? '\x1b[6~' : '\x1b[B'));
  console.log(`  key to screen, moving: ${spell(await keyLatency(terminal, arrows))}`);
  console.log(
    `  key to screen, reverse order: ${spell(
      await keyLatency(
        terminal,
        Array.from({ length: 20 }, () => 'I'),
      ),
    )}`,
  );
  console.log(
    `  key to screen, next sort column: ${spell(
      await keyLatency(
        terminal,
        Array.from({ length: 20 }, () => '>'),
      ),
    )}`,
  );
  terminal.type('/');
  await sleep(200);
  console.log(`  key to screen, filter typed: ${spell(await keyLatency(terminal, [...'sysv:12345 size>1K']))}`);
  console.log(
    `  RSS ${Math.round(status(childOf(terminal.pid), 'VmRSS') / 1024)} MB (peak ${Math.round(status(childOf(terminal.pid), 'VmHWM') / 1024)} MB)`,
  );
  terminal.close();
  stopProcesses();
  stopSegments();
  place.close();
}

/** Drives many frames with the arrow keys and asks the program's own heap through a preloaded module. */
async function benchHeap() {
  const place = await openPlace();
  const stop = await load(place, [process.execPath, join(root, 'scripts/bench/changing-files.mjs'), '45', 'changing']);
  const probe = join(root, 'scripts/bench/heap-on-signal.mjs');
  const terminal = open(place, [process.execPath, '--expose-gc', '--import', probe, MAIN]);
  await terminal.until('bench_0');
  const heap = async () => {
    const at = terminal.raw.length;
    process.kill(childOf(terminal.pid), 'SIGUSR2');
    for (;;) {
      const found = /\x1b\]777;heap=(\d+)\x07/.exec(terminal.raw.slice(at));
      if (found) return Number(found[1]);
      await sleep(20);
    }
  };
  const drive = async (frames) => {
    for (let frame = 0; frame < frames; frame++) {
      terminal.type(frame % 80 < 40 ? 'j' : 'k');
      await sleep(6);
    }
    await sleep(500);
  };
  await drive(1000);
  const before = await heap();
  await drive(3000);
  const after = await heap();
  console.log(
    `heap after 3,000 frames and garbage collection: ${((((after - before) / 3000) * 1000) / 1e6).toFixed(2)} MB per 1,000 frames (${(before / 1e6).toFixed(1)} to ${(after / 1e6).toFixed(1)} MB)`,
  );
  terminal.close();
  stop();
  place.close();
}

/** Seconds of processor that the whole machine has used so far, and those of the program and its children. */
function busySeconds(pid) {
  const fields = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
  const all = fields.reduce((sum, ticks) => sum + ticks, 0);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean);
  return {
    all: all / 100,
    busy: (all - fields[3] - fields[4]) / 100,
    own: [pid, ...children].reduce((sum, one) => sum + cpuSeconds(one), 0),
  };
}

/** How late the UI thread is, and what a key waits, while the load generator runs as it is set at first, and polling. */
async function benchLoad() {
  const place = await openPlace();
  const probe = join(root, 'scripts/bench/late-on-signal.mjs');
  const stop = await load(place, [process.execPath, join(root, 'scripts/bench/changing-files.mjs'), '45', 'changing']);
  const terminal = open(place, [process.execPath, '--import', probe, MAIN]);
  await terminal.until('bench_0');
  const pid = childOf(terminal.pid);
  const lateness = async () => {
    const at = terminal.raw.length;
    process.kill(pid, 'SIGUSR2');
    for (;;) {
      const found = /\x1b\]777;late=([\d.,]+)\x07/.exec(terminal.raw.slice(at));
      if (found) return found[1].split(',').map(Number);
      await sleep(20);
    }
  };
  /** Two seconds at a time; what others used of the machine meanwhile says which of them count. */
  const look = async (name) => {
    const seen = [];
    const quietOf = () => seen.filter(({ others }) => others < QUIET_SHARE);
    while (seen.length < LATENESS_WINDOWS && quietOf().length < LATENESS_QUIET) {
      await lateness();
      const from = busySeconds(pid);
      await sleep(2000);
      const late = await lateness();
      const to = busySeconds(pid);
      seen.push({ late, others: (to.busy - from.busy - (to.own - from.own)) / (to.all - from.all) });
    }
    const quiet = quietOf();
    const told = quiet.length > 0 ? quiet : seen;
    const of = (at) => told.map(({ late }) => late[at]).sort((a, b) => a - b);
    const middle = (values) => values[Math.floor(values.length / 2)];
    console.log(
      `${name}: timers of the UI thread late by ${ms(middle(of(0)))}, 99 % ${ms(middle(of(1)))}, worst of 2 s ${ms(middle(of(2)))}, worst of all ${ms(of(2).at(-1))}; longest work ${ms(middle(of(3)))}, of all ${ms(of(3).at(-1))} (${quiet.length} of ${seen.length} windows quiet)`,
    );
  };
  const arrows = Array.from({ length: 60 }, (_, at) => (at % 30 < 15 ? 'j' : 'k'));
  await sleep(3000);
  await look('no load, objects');
  console.log(`  key to screen: ${spell(await keyLatency(terminal, arrows))}`);
  terminal.type('4');
  await sleep(300);
  terminal.type('\x1b[F\x1b[A\x1b[C\x1b[C\x1b[C\x1b[C'); // five minutes are enough for all of it
  for (const sync of ['futex', 'spin']) {
    await lateness();
    terminal.type('l');
    await terminal.until(/Running .* of 5:00 min/, 20_000);
    console.log(`starting a load (${sync}): longest work of the UI thread ${ms((await lateness())[3])}`);
    await look(`load (${sync}), throughput`);
    terminal.type('1');
    await terminal.until('VERDICT');
    await look(`load (${sync}), objects`);
    console.log(`  key to screen: ${spell(await keyLatency(terminal, arrows))}`);
    terminal.type('4');
    await terminal.until(/Running/);
    terminal.type('l');
    await terminal.until(/Stopped|Done/);
    terminal.type('\x1b[H\x1b[C');
    await sleep(500);
  }
  terminal.close();
  stop();
  place.close();
}

try {
  if (isWanted('load')) await benchLoad();
  if (isWanted('start')) await benchStart();
  if (isWanted('cpu')) await benchCpu();
  if (isWanted('many')) await benchMany();
  if (isWanted('heap')) await benchHeap();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
