// `node scripts/bench/copy-ways.mjs`: how fast JavaScript gets messages into a ring in shared memory and out of it, by every way there is.
// One processor, nobody at the other end; best and middle of short rounds taken by turns, in ns a message. For docs/decisions.

import { createSegment } from '../../src/load/segment.ts';
import { isLibc, loadLibc } from '../../src/native/libc.ts';

const RING_BYTES = 4 * 1024 ** 2;
const WINDOWS = 61;
const RUN = 16;
const ROUNDS = 9;
const ROUND_NS = 15e6;

const libc = loadLibc();
if (!isLibc(libc)) throw new Error(libc.reason);
const segment = createSegment(libc, 'memfd', RING_BYTES);
if (!('memory' in segment)) throw new Error(segment.message);
const ring = new Uint8Array(segment.memory());
/** Processor time of this process: what others take of the processor does not count. */
const usedNs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

/** Copies words of `to` and `from`, eight at a time. */
function putWords(to, t, from, words) {
  for (let f = 0; f < words; f += 8, t += 8) {
    to[t] = from[f];
    to[t + 1] = from[f + 1];
    to[t + 2] = from[f + 2];
    to[t + 3] = from[f + 3];
    to[t + 4] = from[f + 4];
    to[t + 5] = from[f + 5];
    to[t + 6] = from[f + 6];
    to[t + 7] = from[f + 7];
  }
}

/** Each way, as a function of the number of the message. */
function waysFor(size) {
  const mask = RING_BYTES / size - 1;
  const words = size / 8;
  const table = new Uint8Array(size * (RUN + 1));
  const windows = Array.from({ length: WINDOWS }, (_, i) => table.subarray((i * 64) % size, ((i * 64) % size) + size));
  const run = table.subarray(0, size * RUN);
  const copy = new Uint8Array(size * RUN);
  const stamps = new Int32Array(ring.buffer);
  const [ringBig, tableBig] = [new BigInt64Array(ring.buffer), new BigInt64Array(table.buffer)];
  const [ringFloat, tableFloat] = [new Float64Array(ring.buffer), new Float64Array(table.buffer)];
  const [ringView, tableView] = [new DataView(ring.buffer), new DataView(table.buffer)];
  const isLast = (n) => n % RUN === RUN - 1;
  const runStart = (n) => (n & mask & -RUN) * size;
  const at = (n) => (n & mask) * size;
  return {
    'in: set(window, offset) and both stamps, as it is': (n) => {
      ring.set(windows[n % WINDOWS], at(n));
      stamps[at(n) / 4] = n;
      stamps[at(n) / 4 + size / 4 - 1] = n;
    },
    'in: BigInt64Array, eight at a time': (n) => putWords(ringBig, at(n) / 8, tableBig, words),
    'in: Float64Array, eight at a time (NaNs may change)': (n) => putWords(ringFloat, at(n) / 8, tableFloat, words),
    'in: DataView': (n) => {
      for (let i = 0; i < size; i += 8) ringView.setBigInt64(at(n) + i, tableView.getBigInt64(i, true), true);
    },
    'in: put together in private, one set for 16': (n) => {
      copy.set(windows[n % WINDOWS], (n % RUN) * size);
      if (isLast(n)) ring.set(copy, runStart(n));
    },
    'in: they lie ready, one set for 16 (--group)': (n) => isLast(n) && ring.set(run, runStart(n)),
    'out: one set for 16, as it is': (n) => isLast(n) && copy.set(ring.subarray(runStart(n), runStart(n) + size * RUN)),
    'out: a set for each': (n) => copy.set(ring.subarray(at(n), at(n) + size), (n % RUN) * size),
  };
}

/** ns a message over one round. */
function time(way) {
  const startNs = usedNs();
  let n = 0;
  let passedNs = 0;
  while (passedNs < ROUND_NS) {
    for (let i = 0; i < 256; i++) way(n++);
    passedNs = usedNs() - startNs;
  }
  return passedNs / n;
}

for (const size of [1024, 4096]) {
  const ways = Object.entries(waysFor(size)).map(([name, way]) => ({ name, way, times: [] }));
  for (const { way } of ways) time(way); // compiled and paged in
  for (let round = 0; round < ROUNDS; round++) for (const { way, times } of ways) times.push(time(way));
  for (const { name, times } of ways) {
    const [best, middle] = [Math.min(...times), times.sort((a, b) => a - b)[ROUNDS >> 1]];
    process.stdout.write(
      `${size} B  ${name.padEnd(52)} ${best.toFixed(1).padStart(7)} ns at best, ${middle.toFixed(1).padStart(7)} ns mostly\n`,
    );
  }
}
segment.release();
process.exit(0);
