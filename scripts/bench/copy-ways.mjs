// `node scripts/bench/copy-ways.mjs`: how fast JavaScript gets messages into a ring in shared memory and out of it, by every way there is,
// and what it costs to check them; C beside it as the limit. One processor, nobody at the other end; best and middle of short rounds taken by
// turns, in ns of processor time a message. For docs/decisions/0032.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePattern, WINDOWS, windowOf } from '../../src/load/pattern.ts';
import { createSegment } from '../../src/load/segment.ts';
import { makeChecker } from '../../src/load/verify.ts';
import { makeReader } from '../../src/load/worker/reader.ts';
import { makeWriter } from '../../src/load/worker/writer.ts';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import { copiesOver, memoryOver } from './wasm-copy.mjs';

const RING_BYTES = 4 * 1024 ** 2;
const OWN_BYTES = 1024 ** 2;
const RUN = 16;
const ROUNDS = 9;
const ROUND_NS = 15e6;

const libc = loadLibc();
if (!isLibc(libc)) throw new Error(libc.reason);
const segment = createSegment(libc, 'memfd', RING_BYTES);
if (!('memory' in segment)) throw new Error(segment.message);
const ring = new Uint8Array(segment.memory());
const wasmMemory = memoryOver(libc, segment.handle.fd, RING_BYTES, OWN_BYTES);
const wasm = copiesOver(wasmMemory);
const wasmOwn = new Uint8Array(wasmMemory.buffer, RING_BYTES);

/** Nothing but a WebAssembly.Memory can be imported as memory, and it makes its own: not even an ArrayBuffer may stand for it. */
function wasmRefuses() {
  try {
    return String(copiesOver(ring.buffer) !== undefined);
  } catch (cause) {
    return cause.message;
  }
}

/** Processor time of this process: what others take of the processor does not count. */
const usedNs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

/** A function of its own for each kind of view (to, t, from, words), so that V8 compiles it for that kind: copies words, eight at a time. */
function makePutWords(kind) {
  const turns = Array.from({ length: 8 }, (_, i) => `to[t + ${i}] = from[f + ${i}];`).join(' ');
  return new Function(
    'to',
    't',
    'from',
    'words',
    `/* ${kind} */ for (let f = 0; f < words; f += 8, t += 8) { ${turns} }`,
  );
}

/** Each way, as a function of the number of the first of RUN messages. */
function waysFor(size) {
  const slots = RING_BYTES / size;
  const setup = { sizeBytes: size, strideBytes: size, slots, seed: 1, group: 1 };
  const pattern = makePattern(size, 1);
  const words = size / 8;
  const table = new Uint8Array(size * (RUN + 1));
  const run = table.subarray(0, size * RUN);
  const windows = Array.from({ length: WINDOWS }, (_, i) => table.subarray((i * 64) % size, ((i * 64) % size) + size));
  const places = Array.from({ length: slots }, (_, i) => ring.subarray(i * size, (i + 1) * size));
  const copy = new Uint8Array(size * RUN);
  const parts = Array.from({ length: RUN }, (_, i) => copy.subarray(i * size, (i + 1) * size));
  const head = new Int32Array(ring.buffer, 0, 1);
  const [ringBig, tableBig] = [new BigUint64Array(ring.buffer), new BigUint64Array(table.buffer)];
  const [ringFloat, tableFloat] = [new Float64Array(ring.buffer), new Float64Array(table.buffer)];
  const [ringView, tableView] = [new DataView(ring.buffer), new DataView(table.buffer)];
  const [ringWords, copyWords] = [new Int32Array(ring.buffer), new Int32Array(copy.buffer)];
  const write = makeWriter({ slots: ring }, setup, RUN);
  const read = makeReader({ slots: ring }, setup, copy);
  const check = (level) => makeChecker(level, copy, setup, pattern).check;
  const [seq, sample, full] = [check('seq'), check('sample'), check('full')];
  wasmOwn.set(pattern.bytes.subarray(0, Math.min(pattern.bytes.length, OWN_BYTES / 2)));
  const [wasmTable, wasmCopy] = [RING_BYTES, RING_BYTES + OWN_BYTES / 2];
  const slot = (n) => n & (slots - 1);
  const [putBig, putFloat] = [makePutWords('big'), makePutWords('float')];
  const each = (one) => (n) => {
    for (let i = 0; i < RUN; i++) one(n + i, i);
  };
  let sum = 0;
  const out = {
    'in: set(window, offset) and both stamps, as it is': (n) => write(slot(n), n, RUN),
    'in: set of views made once for every slot': each((n) => places[slot(n)].set(windows[n % WINDOWS])),
    'in: BigUint64Array, eight at a time': each((n) => putBig(ringBig, slot(n) * words, tableBig, words)),
    'in: Float64Array, the same (NaNs may change)': each((n) =>
      putFloat(ringFloat, slot(n) * words, tableFloat, words),
    ),
    'in: DataView': each((n) => {
      for (let i = 0; i < size; i += 8)
        ringView.setBigUint64(slot(n) * size + i, tableView.getBigUint64(i, true), true);
    }),
    'in: put together in private, one set for 16': (n) => {
      for (let i = 0; i < RUN; i++) copy.set(windows[(n + i) % WINDOWS], i * size);
      ring.set(copy, slot(n) * size);
    },
    'in: they lie ready, one set for 16 (--group)': (n) => ring.set(run, slot(n) * size),
    'in: WebAssembly in memory of its own, one set for 16': (n) => {
      wasm.write(wasmCopy, size, wasmTable, windowOf(n), n, RUN, pattern.stepBytes);
      ring.set(wasmOwn.subarray(OWN_BYTES / 2, OWN_BYTES / 2 + RUN * size), slot(n) * size);
    },
    'in: WebAssembly laid over the segment, memory.copy': (n) =>
      wasm.write(slot(n) * size, size, wasmTable, windowOf(n), n, RUN, pattern.stepBytes),
    ...(size >= 128 && {
      'in: WebAssembly laid over the segment, v128': (n) =>
        wasm.writeWide(slot(n) * size, size, wasmTable, windowOf(n), n, RUN, pattern.stepBytes),
    }),
    'index: Atomics.store for 16': (n) => Atomics.store(head, 0, n),
    'index: Atomics.store for each': each((n) => Atomics.store(head, 0, n)),
    'out: one set for 16, as it is': (n) => read(slot(n), RUN),
    'out: a set for each, a new view': each((n, i) =>
      copy.set(ring.subarray(slot(n) * size, (slot(n) + 1) * size), i * size),
    ),
    'out: a set for each, views made once': each((n, i) => parts[i].set(places[slot(n)])),
    'out: WebAssembly laid over the segment, memory.copy': (n) => wasm.take(wasmCopy, slot(n) * size, RUN * size),
  };
  const checked = {
    'out, and the first stamp': (n) => {
      read(slot(n), RUN);
      seq(n, RUN);
    },
    'out, and both stamps, all of each 16th, as it is': (n) => {
      read(slot(n), RUN);
      sample(n, RUN);
    },
    'out, and all bytes of all': (n) => {
      read(slot(n), RUN);
      full(n, RUN);
    },
    'out, a sum made while words are copied': (n) => {
      for (let i = 0, at = (slot(n) * size) >> 2; i < (RUN * size) >> 2; i++) {
        const word = ringWords[at + i];
        copyWords[i] = word;
        sum = (sum + word) | 0;
      }
    },
    'out, WebAssembly, all bytes compared while copied': (n) => {
      if (wasm.takeAndCompare(wasmCopy, slot(n) * size, size, wasmTable, windowOf(n), n, pattern.stepBytes) !== 0)
        throw new Error('wrong');
    },
  };
  /** What is checked must be right: the ring is filled with what comes next. */
  const fill = () => {
    for (let n = 0; n < slots; n += RUN) write(n, n, RUN);
  };
  return { out, checked, fill, slots };
}

/** ns a message over one round; `most`: begin anew after so many. */
function time(way, most) {
  const startNs = usedNs();
  let done = 0;
  let passedNs = 0;
  while (passedNs < ROUND_NS) {
    for (let i = 0; i < 256; i += RUN, done += RUN) way(done % most);
    passedNs = usedNs() - startNs;
  }
  return passedNs / done;
}

const show = (size, name, best, middle) =>
  process.stdout.write(
    `${size} B  ${name.padEnd(54)} ${best.toFixed(1).padStart(7)} ns at best${middle === undefined ? '' : `, ${middle.toFixed(1).padStart(7)} ns mostly`}\n`,
  );

function measure(size, ways, most) {
  const all = Object.entries(ways).map(([name, way]) => ({ name, way, times: [] }));
  for (const { way } of all) time(way, most); // compiled and paged in
  for (let round = 0; round < ROUNDS; round++) for (const { way, times } of all) times.push(time(way, most));
  for (const { name, times } of all) show(size, name, Math.min(...times), times.sort((a, b) => a - b)[ROUNDS >> 1]);
}

/** In a process of its own: what V8 learned with one size it would apply to the next. */
function measureSize(size, binary) {
  const { out, checked, fill, slots } = waysFor(size);
  measure(size, out, 2 ** 30);
  fill();
  measure(size, checked, slots);
  for (const line of execFileSync(binary, [String(size)], { encoding: 'utf8' })
    .trim()
    .split('\n')) {
    const [name, best] = line.split('\t');
    show(size, `C ${name}`, Number(best));
  }
}

const [only, binary] = process.argv.slice(2);
if (only) {
  measureSize(Number(only), binary);
} else {
  process.stdout.write(`WebAssembly.Memory over memory that exists: ${wasmRefuses()}\n`);
  const directory = mkdtempSync(join(tmpdir(), 'shmtop-bench-'));
  try {
    const built = join(directory, 'copy-ways');
    const [source, own] = [new URL('copy-ways.c', import.meta.url), new URL(import.meta.url)].map(fileURLToPath);
    execFileSync('cc', ['-O3', '-march=native', '-o', built, source], { stdio: 'inherit' });
    for (const size of [64, 1024, 4096])
      execFileSync(process.execPath, ['--no-warnings', own, String(size), built], { stdio: 'inherit' });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
segment.release();
process.exit(0);
