// What a store of 10,000 lives costs `shmtop ls`: with none of its objects there, and with all of them there and unheld. As root, in a
// mount namespace of its own with an empty /dev/shm and /var/lib. Usage: node scripts/bench-witness-read.mjs [OBJECTS] [RUNS]
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openStore } from '../src/witness/open-store.ts';

const [objects = 10_000, runs = 15] = process.argv.slice(2).map(Number);
const self = fileURLToPath(import.meta.url);
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

if (process.env.SHMTOP_BENCH_INSIDE === undefined) {
  const mounts = 'mount -t tmpfs -o mode=1777 shm /dev/shm && mount -t tmpfs -o mode=755 lib /var/lib && exec "$@"';
  const inside = ['--ipc', '--mount', 'sh', '-c', mounts, 'sh', process.execPath, self, String(objects), String(runs)];
  const env = { ...process.env, SHMTOP_BENCH_INSIDE: '1' };
  process.exit(spawnSync('unshare', inside, { stdio: 'inherit', env }).status ?? 1);
}

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
const now = Date.now();
const NOBODY = 2 ** 22 + 1;

/** The life of a name that was made by a killed process, opened by another one. */
function lifeOf(name) {
  const { dev, ino, birthtimeNs } = statSync(`/dev/shm/${name}`, { bigint: true });
  const device = `${(dev >> 8n) & 0xfffn}:${(dev & 0xffn) | ((dev >> 12n) & 0xfff00n)}`;
  const actor = (at, ended) => ({
    ...{ pid: NOBODY + at, startTicks: 100 + at, uid: 0, comm: 'python3', unit: '/system.slice/train.service' },
    ...{ parent: { pid: 1, startTicks: 1, comm: 'systemd' }, session: NOBODY + at, ended: { atMs: now, ...ended } },
  });
  return {
    identity: `file ${device} ${ino} ${birthtimeNs}`,
    id: `posix:${device}:${ino}`,
    ...{ kind: 'posix', rawName: `/${name}`, sizeBytes: 5, uid: 0, bornMs: now - 1000 },
    actors: [actor(0, { signal: 9 }), actor(1, { exitCode: 0 })],
    ...{ isMakerKnown: true, actorsLeftOut: 0, deedsLeftOut: 0 },
    deeds: [
      { atMs: now - 1000, what: 'made', by: 0 },
      { atMs: now - 900, what: 'opened', by: 1 },
    ],
  };
}

const COMMAND = 'TIMEFORMAT="%U %S"; time "$0" "$@" > /dev/null';

/** CPU milliseconds of the whole command (whatever else runs here): the middle one and the least of some runs, taken in turn. */
function measure(...prepares) {
  const times = prepares.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [at, prepare] of prepares.entries()) {
      prepare();
      const ran = spawnSync('bash', ['-c', COMMAND, process.execPath, program, 'ls', '--min-age', '0']);
      const [user, system] = ran.stderr.toString().trim().split(' ').map(Number);
      if (ran.status !== 0 || !(user + system > 0)) throw new Error(ran.stderr.toString());
      times[at].push((user + system) * 1000);
    }
  }
  return times.map((each) => {
    const sorted = each.sort((a, b) => a - b);
    return { best: sorted[0], middle: sorted[Math.floor(sorted.length / 2)] };
  });
}

const folder = '/var/lib/shmtop';
let store;
let lives = [];
const without = () => {
  store?.close();
  store = undefined;
  rmSync(folder, { recursive: true, force: true });
};
const withStore = () => {
  if (!store) {
    const opened = openStore(folder, bootId);
    if ('problem' in opened) throw new Error(opened.problem);
    store = opened;
    for (let at = 0; at < lives.length; at += 1000) {
      const problem = store.write({ lives: lives.slice(at, at + 1000), forgotten: [], watch: watchNow() });
      if (problem) throw new Error(problem);
    }
  }
  store.write({ lives: [], forgotten: [], watch: watchNow() });
};
const watchNow = () => ({
  bootId,
  sinceMs: now - 3_600_000,
  seenMs: Date.now(),
  isRunning: true,
  sources: [],
  gaps: [],
});
const tell = (what, [plain, known]) => {
  const ms = (value) => value.toFixed(1).padStart(7);
  console.log(
    `${what}\n  without ${ms(plain.best)} ms (middle ${ms(plain.middle)})   with ${ms(known.best)} ms (middle ${ms(known.middle)})   more ${ms(known.best - plain.best)} ms (middle ${ms(known.middle - plain.middle)})`,
  );
};

const names = Array.from({ length: objects }, (_, at) => `psm_${at.toString(16).padStart(8, '0')}`);
for (const name of names) writeFileSync(`/dev/shm/${name}`, 'shared');
lives = names.map(lifeOf);
const before = names.slice(0, 20);
for (const name of names.slice(20)) rmSync(`/dev/shm/${name}`);
tell(
  `${objects} lives in the store, 20 of their objects unheld (aim: at most 15 ms more)`,
  measure(without, withStore),
);
without();
for (const name of before) rmSync(`/dev/shm/${name}`);
for (const name of names) writeFileSync(`/dev/shm/${name}`, 'shared');
lives = names.map(lifeOf);
tell(`${objects} lives in the store, all of their objects unheld`, measure(without, withStore));
without();
