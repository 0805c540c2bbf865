// `npm run bench:load [-- --rounds 7] [--only ring,streams] [--seconds 280]`: measures the load generator against C on this machine and
// prints the gates that it must reach, pass or fail. Medians of interleaved rounds, as many as there is time for; ratios are taken inside
// a round. What has no gate is measured once. Exit 1 on a fail.

import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openLoadEngine } from '../src/load/engine.ts';
import { TRANSPORTS } from '../src/load/model/options.ts';
import { batchFor, ringGeometry } from '../src/load/model/ring.ts';
import { sizeText } from '../src/load/model/size.ts';
import { spreadOf } from '../src/load/model/statistics.ts';
import { isQueue, MQ_LIMIT_BYTES, TRANSPORT_WORDS } from '../src/load/model/transports.ts';
import { watchLateness } from './bench/lateness.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: 'ring,modes,streams,ways,safety' },
    seconds: { type: 'string', default: '280' },
  },
});
const rounds = Number(values.rounds);
const parts = new Set(values.only.split(','));
/** How the time is shared out before the last part, which kills loads; each part gets its share of what is left when it begins. */
const SHARES = { ring: 0.34, modes: 0.3, streams: 0.28, ways: 0.08 };
const KILLING_SEC = 40;
/** For these a part may take so many times what it should. */
const LEAST_ROUNDS = 3;
const OVERTIME = 1.2;
/** Waiting for a quiet machine, and measuring again what was disturbed, of the whole. */
const QUIET_SHARE = 0.06;
const AGAIN_SHARE = 0.1;
const wholeMs = Number(values.seconds) * 1000;
const endMs = performance.now() + wholeMs - (parts.has('safety') ? KILLING_SEC * 1000 : 0);
let againLeftMs = wholeMs * AGAIN_SHARE;
let quietLeftMs = wholeMs * QUIET_SHARE;
const left = new Set(Object.keys(SHARES).filter((part) => parts.has(part)));
const roundsDone = [];
let partEndMs = endMs;
/** On a machine that is far too busy even for one round of the part; what was not measured is told. */
const isLate = () => performance.now() > Math.min(endMs, partEndMs);

/** Runs `round` up to `rounds` times, at least LEAST_ROUNDS, as long as the time of the part allows another. */
async function inTime(part, round) {
  const startMs = performance.now();
  const shares = [...left].reduce((sum, name) => sum + SHARES[name], 0);
  const budgetMs = ((endMs - startMs) * SHARES[part]) / shares;
  left.delete(part);
  partEndMs = startMs + budgetMs * OVERTIME;
  let done = 0;
  while (done < rounds && !isLate()) {
    const roundMs = performance.now();
    await round(done++);
    const nowMs = performance.now();
    const thenMs = nowMs - startMs + (nowMs - roundMs);
    // On a machine that is far too busy fewer must do.
    if (thenMs > budgetMs * (done >= LEAST_ROUNDS ? 1 : OVERTIME)) break;
  }
  roundsDone.push(`${part} ${done}`);
}
const SIZES = [64, 1024, 4096, 65_536, 1_048_576];
const NOISE = 0.08;
const QUIET_WAIT_MS = 5000;
const TRIES = 3;
/** By how much two runs of the same C program may differ, and how often a round is measured again because they do. */
const MOVED = 1.25;
const MOVED_TRIES = 6;

const engine = openLoadEngine();
if (!('measure' in engine)) throw new Error(engine.message);
const wrong = { torn: 0, lost: 0, reordered: 0, verified: 0 };
const gates = [];
const noisy = { cells: 0, of: 0 };
const moved = { rounds: 0 };
const gb = (spread) =>
  spread
    ? `${(spread.median / 1e9).toFixed(2)} [${(spread.min / 1e9).toFixed(2)}..${(spread.max / 1e9).toFixed(2)}]`
    : '';
const note = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);

/** A gate: values of the rounds, and what they must reach (`least`) or not pass (`most`). */
function gate(name, ratios, limit, direction = 'least') {
  const spread = spreadOf(ratios);
  if (!spread) return gates.push({ name, measured: 'not measured', limit: String(limit), passes: undefined });
  const passes = direction === 'least' ? spread.median >= limit : spread.median <= limit;
  const show = (value) => (value >= 10 ? value.toFixed(1) : value.toFixed(2));
  const measured = `${show(spread.median)} [${show(spread.min)}..${show(spread.max)}]`;
  gates.push({ name, measured, limit: `${direction === 'least' ? '>=' : '<='} ${limit}`, passes });
}

const ticks = () => {
  const fields = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
  return { total: fields.reduce((sum, value) => sum + value, 0), idle: fields[3] + fields[4] };
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits, a while, until nobody else uses the machine. */
async function quiet() {
  const startMs = Date.now();
  const untilMs = startMs + Math.min(QUIET_WAIT_MS, quietLeftMs);
  while (Date.now() < untilMs) {
    const from = ticks();
    await sleep(150);
    const to = ticks();
    if (1 - (to.idle - from.idle) / (to.total - from.total) < NOISE) break;
  }
  quietLeftMs -= Date.now() - startMs;
}

/** One short run of the generator; repeated when others used the machine meanwhile. */
async function cell(options) {
  let meter;
  noisy.of++;
  for (let attempt = 0; attempt === 0 || (attempt < TRIES && againLeftMs > 0); attempt++) {
    const startMs = performance.now();
    await quiet();
    const timing = { durationSec: 0.4, warmUpSec: 0.4, ...options };
    const times = (factor) =>
      engine.measure({ options: { pin: true, ...timing, durationSec: timing.durationSec * factor } });
    meter = await times(1);
    // On a machine that is far too busy no message may come in that time.
    if (meter.problem) meter = await times(5);
    if (meter.problem || !meter.total) throw new Error(meter.problem?.message ?? meter.message);
    for (const name of Object.keys(wrong)) wrong[name] += meter.truth[name];
    if (attempt > 0) againLeftMs -= performance.now() - startMs;
    if ((meter.total.othersCpuShare ?? 0) < NOISE) return meter;
  }
  noisy.cells++;
  return meter;
}

const speed = async (options) => (await cell(options)).total.bytesPerSecond;

function compileRing() {
  const directory = mkdtempSync(join(tmpdir(), 'shmtop-bench-'));
  const source = fileURLToPath(new URL('./bench/ring.c', import.meta.url));
  const binary = join(directory, 'ring');
  const built = spawnSync('cc', ['-O3', '-march=native', '-o', binary, source], { stdio: 'inherit' });
  return { directory, binary: built.status === 0 ? binary : undefined };
}

const { directory, binary } = compileRing();
/** Bytes a second, of `duplex` the median round trip in ns; undefined without a compiler. */
async function c(job, sizeBytes) {
  if (!binary) return undefined;
  await quiet();
  const words = [job, sizeBytes, ringGeometry(sizeBytes).slots, batchFor(sizeBytes), 0.4].map(String);
  const { bytesPerSecond, p50 } = JSON.parse(execFileSync(binary, words, { encoding: 'utf8' }));
  return bytesPerSecond ?? p50;
}

/**
 * One measurement between two of what it is compared with, which must agree: on a virtual machine the two processors may be
 * siblings in one moment and far from each other in the next, and what passes between them is then ten times slower.
 */
async function beside(measurePeer, measure) {
  let own;
  let peer;
  for (let attempt = 0; attempt === 0 || (attempt < MOVED_TRIES && againLeftMs > 0); attempt++) {
    const startMs = performance.now();
    const before = await measurePeer();
    own = await measure();
    peer = await measurePeer();
    if (attempt > 0) againLeftMs -= performance.now() - startMs;
    if (peer === undefined || Math.abs(Math.log(peer / before)) < Math.log(MOVED)) break;
    moved.rounds++;
  }
  return { own, peer };
}

const table = [];
async function ring() {
  const targets = { 64: 0.35, 1024: 0.7, 4096: 0.75, 65536: 0.9, 1048576: 0.9 };
  const ofMemcpy = { 1024: 0.6, 4096: 0.6, 65536: 0.5, 1048576: 0.9 };
  const seenOf = () => ({
    c: [],
    node: [],
    ratio: [],
    memcpy: [],
    toMemcpy: [],
    cToMemcpy: [],
    group32: [],
    group128: [],
  });
  const all = new Map(SIZES.map((sizeBytes) => [sizeBytes, seenOf()]));
  await inTime('ring', async (round) => {
    for (const [sizeBytes, seen] of all) {
      if (isLate()) break;
      note(`ring ${sizeText(sizeBytes)}, round ${round + 1} of ${rounds}`);
      const { own: node, peer: limit } = await beside(
        () => c('stream', sizeBytes),
        () => speed({ sizeBytes }),
      );
      const alone = await c('memcpy', sizeBytes);
      seen.node.push(node);
      if (limit) {
        seen.c.push(limit);
        seen.ratio.push(node / limit);
        seen.memcpy.push(alone);
        seen.toMemcpy.push(node / alone);
        seen.cToMemcpy.push(limit / alone);
      }
      if (sizeBytes !== 64) continue;
      for (const group of [32, 128]) {
        const claimed = await speed({ sizeBytes, group });
        if (limit) seen[`group${group}`].push(claimed / limit);
      }
    }
  });
  for (const [sizeBytes, seen] of all) {
    table.push({
      sizeBytes,
      ...Object.fromEntries(Object.entries(seen).map(([name, list]) => [name, spreadOf(list)])),
    });
    gate(`Node/C at ${sizeText(sizeBytes)}`, seen.ratio, targets[sizeBytes]);
    if (sizeBytes === 64) {
      gate('Node/C at 64, groups of 32', seen.group32, 0.55);
      gate('Node/C at 64, groups of 128', seen.group128, 0.75);
    } else gate(`of one-core memcpy at ${sizeText(sizeBytes)}`, seen.toMemcpy, ofMemcpy[sizeBytes]);
  }
}

async function modes() {
  const futex = { 64: [], 4096: [] };
  const trips = [];
  const checking = Object.fromEntries(SIZES.map((size) => [size, []]));
  await inTime('modes', async (round) => {
    note(`modes, round ${round + 1} of ${rounds}`);
    for (const sizeBytes of [64, 4096]) {
      const { own, peer } = await beside(
        () => speed({ sizeBytes, sync: 'spin' }),
        () => speed({ sizeBytes, sync: 'futex' }),
      );
      futex[sizeBytes].push(own / peer);
    }
    const limit = await c('duplex', 64);
    const trip = await cell({ sizeBytes: 64, sync: 'spin', job: 'duplex' });
    if (limit && trip.roundTripNs) trips.push(trip.roundTripNs.p50 / limit);
    for (const sizeBytes of SIZES) {
      if (isLate()) break;
      const { own, peer } = await beside(
        () => speed({ sizeBytes, verify: 'seq' }),
        () => speed({ sizeBytes, verify: 'sample' }),
      );
      checking[sizeBytes].push((1 - own / peer) * 100);
    }
  });
  for (const [size, ratios] of Object.entries(futex)) gate(`futex/spin at ${sizeText(Number(size))}`, ratios, 0.85);
  gate('round trip p50, Node/C', trips, 1.8, 'most');
  for (const size of SIZES)
    gate(`cost of checking at ${sizeText(size)}, %`, checking[size], size < 4096 ? 25 : 10, 'most');
}

const STREAMS = ['shm', 'pipe', 'pipe-1m', 'unix', 'stdio'];

async function streams() {
  const toPipe = { 64: 40, 1024: 12, 4096: 6, 65536: 10, 1048576: 20 };
  const canCarry = (transport, sizeBytes) => !isQueue(transport) || sizeBytes <= MQ_LIMIT_BYTES;
  const cells = SIZES.flatMap((sizeBytes) =>
    TRANSPORTS.filter((transport) => canCarry(transport, sizeBytes)).map((transport) => ({
      sizeBytes,
      transport,
      rates: [],
      cost: [],
    })),
  );
  await inTime('streams', async (round) => {
    for (const { sizeBytes, transport, rates, cost } of cells) {
      const hasGate = STREAMS.includes(transport);
      if (isLate() || (round > 0 && !hasGate)) continue;
      note(`streams ${sizeText(sizeBytes)}, round ${round + 1} of ${rounds}: ${TRANSPORT_WORDS[transport].label}`);
      const { total } = await cell({
        sizeBytes,
        transport,
        durationSec: hasGate ? 0.3 : 0.15,
        warmUpSec: hasGate ? 0.2 : 0.1,
      });
      rates.push(total.bytesPerSecond);
      if (total.cpuSecondsPerGB !== undefined) cost.push(total.cpuSecondsPerGB);
    }
  });
  const shmAt = (size) => cells.find((one) => one.sizeBytes === size && one.transport === 'shm').rates;
  for (const { sizeBytes, transport, rates, cost } of cells) {
    const rate = spreadOf(rates);
    if (!rate) {
      process.stdout.write(
        `${sizeText(sizeBytes).padEnd(4)} ${TRANSPORT_WORDS[transport].label.padEnd(24)} not measured\n`,
      );
      continue;
    }
    const messages = (rate.median / sizeBytes / 1e6).toFixed(3);
    const times = spreadOf(rates.map((one, round) => shmAt(sizeBytes)[round] / one).filter(Number.isFinite))?.median;
    process.stdout.write(
      `${sizeText(sizeBytes).padEnd(4)} ${TRANSPORT_WORDS[transport].label.padEnd(24)} ${gb(rate)} GB/s, ${messages} M/s, ${spreadOf(cost)?.median.toFixed(2)} CPU s/GB; shared memory is ${times?.toFixed(1) ?? '?'} times as fast\n`,
    );
  }
  for (const sizeBytes of SIZES) {
    const ratesOf = (name) => cells.find((one) => one.sizeBytes === sizeBytes && one.transport === name).rates;
    const ratiosTo = (names) =>
      ratesOf('shm')
        .map((rate, round) => rate / Math.max(...names.map((name) => ratesOf(name)[round])))
        .filter(Number.isFinite);
    gate(`times the default pipe at ${sizeText(sizeBytes)}`, ratiosTo(['pipe']), toPipe[sizeBytes]);
    if (sizeBytes >= 65_536)
      gate(`times the best stream at ${sizeText(sizeBytes)}`, ratiosTo(['pipe-1m', 'unix', 'stdio']), 3);
  }
}

/** The other ways in: how many times as fast as the plain ring (of as many pairs). */
async function ways() {
  const compared = [
    ...[1024, 65_536].flatMap((sizeBytes) => [
      { name: `read in place at ${sizeText(sizeBytes)}`, plain: { sizeBytes }, own: { sizeBytes, api: 'view' } },
      { name: `pool at ${sizeText(sizeBytes)}`, plain: { sizeBytes }, own: { sizeBytes, api: 'pool' } },
    ]),
    { name: 'ring that grows at 1K', plain: { sizeBytes: 1024 }, own: { sizeBytes: 1024, buffer: 'unbounded' } },
    {
      name: 'ring of 2 x 2 at 1K',
      plain: { sizeBytes: 1024, pairs: 2 },
      own: { sizeBytes: 1024, producers: 2, consumers: 2 },
    },
  ].map((way) => ({ ...way, ratios: [] }));
  await inTime('ways', async () => {
    for (const { name, plain, own, ratios } of compared) {
      if (isLate()) break;
      note(name);
      ratios.push((await speed({ ...own, pin: false })) / (await speed({ ...plain, pin: false })));
    }
  });
  for (const { name, ratios } of compared)
    process.stdout.write(`${name.padEnd(29)} ${spreadOf(ratios)?.median.toFixed(2) ?? '?'} of the plain ring\n`);
}

async function safety() {
  for (const sync of ['futex', 'spin']) {
    note(`lateness under ${sync}`);
    await quiet();
    const watch = watchLateness();
    await engine.measure({ options: { sync, durationSec: 3 }, intervalMs: 250 });
    gate(`dashboard tick late under ${sync}, ms (worst)`, [watch.end().maxMs], 10, 'most');
  }
  note('killing loads for 20 s');
  const driver = fileURLToPath(new URL('../test/load/kill/driver.ts', import.meta.url));
  const inPlace = ['--ipc', '--mount', 'sh', '-ec', 'mount -t mqueue mqueue /mnt && exec "$@"', 'sh'];
  const words = [...inPlace, process.execPath, '--no-warnings', driver, 'Infinity', '20', randomUUID()];
  const killed = spawnSync('unshare', words, { encoding: 'utf8' });
  if (killed.status !== 0) return gate('left behind after random SIGKILL', [], 0, 'most');
  const { kills, left, afterSweep } = JSON.parse(killed.stdout);
  const count = Object.values(kills).reduce((sum, value) => sum + value, 0);
  gate(
    `left behind after ${count} random SIGKILL (>= 80)`,
    [count < 80 ? 1 : left.processes + left.sets + left.queues + left.names + afterSweep.segments],
    0,
    'most',
  );
}

try {
  if (parts.has('ring')) await ring();
  if (parts.has('modes')) await modes();
  if (parts.has('streams')) await streams();
  if (parts.has('ways')) await ways();
  if (parts.has('safety')) await safety();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
note('');
gate(
  `torn, lost, reordered of ${(wrong.verified / 1e9).toFixed(2)} billion`,
  [wrong.torn + wrong.lost + wrong.reordered],
  0,
  'most',
);
process.stdout.write(
  `${cpus()[0].model}, ${cpus().length} processors, Linux ${release()}, Node ${process.version}, rounds: ${roundsDone.join(', ')}\n`,
);
process.stdout.write(
  `${noisy.cells} of ${noisy.of} cells were noisy (others used more than ${NOISE * 100} %); ${moved.rounds} pairs were measured again, since what they are compared with had changed by more than a quarter\n`,
);
for (const row of table) {
  process.stdout.write(
    `${sizeText(row.sizeBytes).padEnd(4)} GB/s: C ${gb(row.c)}, Node ${gb(row.node)}, memcpy ${gb(row.memcpy)}; C/memcpy ${row.cToMemcpy?.median.toFixed(2)}\n`,
  );
}
for (const { name, measured, limit, passes } of gates) {
  process.stdout.write(
    `${passes === undefined ? 'SKIP' : passes ? 'pass' : 'FAIL'}  ${name.padEnd(44)} ${measured.padStart(24)}  ${limit}\n`,
  );
}
process.exitCode = gates.some((one) => one.passes === false) ? 1 : 0;
