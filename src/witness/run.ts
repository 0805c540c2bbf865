// A witness as a program of its own: records until it is told to end, at a low priority, and says what it can see.
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { errorCode } from '../fault/thrown.ts';
import { type Env, witnessFolders } from '../files/homes.ts';
import { clockOffsets } from '../native/clock-offset.ts';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { trimHeap } from '../native/malloc.ts';
import { TIMESPEC_BYTES } from '../native/process.ts';
import { dropProgramText } from '../native/program-text.ts';
import { nativeIo } from '../probe/source/io-native.ts';
import { openStore } from './open-store.ts';
import { Recorder } from './recorder.ts';

export interface WitnessRequest {
  readonly env: Env;
  readonly procRoot?: string;
  readonly shmRoot?: string;
  /** Where to keep what is seen; absent: the usual place. */
  readonly directory?: string;
  readonly isExact: boolean;
  /** One line for people, without its end. */
  readonly say: (line: string) => void;
  /** Calls back once at a signal that asks for an end; what it gives takes that back. */
  readonly onInterrupt: (end: () => void) => () => void;
}

const NICE = 10;
/** What the start has needed is given back then, and what was needed for a moment that often. */
const SETTLED_MS = 4000;
const SETTLE_MS = 30_000;
const ROUND_MS = 200;
/** So many things told in a round, and the next one comes sooner. */
const BUSY = 2000;
const BUSY_ROUND_MS = 50;
/** Wake-ups in a round, beyond which names are looked at by timer: each wake-up costs some 30 µs. */
const MOST_WAKES = 16;
const GLANCE_MS = 10;
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** Resolves when it was told to end; with words where it cannot begin. */
export async function runWitness(request: WitnessRequest): Promise<string | undefined> {
  const libc = loadLibc();
  if (!isLibc(libc)) return `a witness needs native calls: ${libc.reason}`;
  const [first] = witnessFolders(request.env);
  const directory = request.directory ?? first;
  if (directory === undefined) return 'there is no place for what it sees: name one with --state';
  const bootId = bootIdOf();
  if (bootId === undefined) return `${BOOT_ID} cannot be read`;
  const store = openStore(directory, bootId);
  if ('problem' in store) return store.problem;
  keepSmall();
  const scratch = libc.allocate(TIMESPEC_BYTES);
  const recorder = new Recorder({
    libc,
    io: nativeIo(libc),
    procRoot: request.procRoot ?? '/proc',
    shmRoot: request.shmRoot ?? '/dev/shm',
    bootId,
    store,
    clock: () => ({ nowMs: Date.now(), ...clockOffsets(libc, scratch) }),
    isExact: request.isExact,
    say: request.say,
  });
  beNice(request.say);
  request.say(`keeps what it sees in ${store.path}`);
  for (const { name, isActive, text } of recorder.sources)
    request.say(isActive ? `sees by ${name}: ${text}` : `does not see by ${name}: ${text}`);
  const stopBeat = beat(recorder);
  const settled = setTimeout(() => settle(libc), SETTLED_MS);
  const settling = setInterval(() => settle(libc), SETTLE_MS);
  await new Promise<void>((resolve) => {
    request.onInterrupt(resolve);
  });
  clearTimeout(settled);
  clearInterval(settling);
  stopBeat();
  recorder.stop();
  return undefined;
}

/** Rounds by timer; names are looked at as soon as the kernel tells of them, unless they are too many. */
function beat(recorder: Recorder): () => void {
  let wakes = 0;
  let nextSecondMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let glances: NodeJS.Timeout | undefined;
  const glance = () => {
    recorder.glance();
    if (++wakes < MOST_WAKES || glances) return;
    recorder.pause();
    glances = setInterval(() => recorder.glance(), GLANCE_MS);
  };
  const round = () => {
    const count = recorder.round();
    const nowMs = performance.now();
    if (nowMs >= nextSecondMs) {
      nextSecondMs = nowMs + 1000 - ROUND_MS / 2;
      recorder.second();
    }
    if (glances && count < MOST_WAKES) {
      clearInterval(glances);
      glances = undefined;
      recorder.resume();
    }
    wakes = 0;
    timer = setTimeout(round, count > BUSY ? BUSY_ROUND_MS : ROUND_MS);
  };
  if (recorder.hasWakes) recorder.wake(glance);
  round();
  return () => {
    clearTimeout(timer);
    clearInterval(glances);
  };
}

/**
 * V8 would double its young generation for a burst and keep it, and compile what runs often once more and better: for the little
 * that is done here that costs more time and memory than it saves (22 instead of 38 ms of CPU a second, 50 instead of 62 MB, with
 * 1,000 objects). Other versions may not know the flags.
 */
function keepSmall(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major < 12 || major > 14) return;
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  for (const flag of ['--semi-space-growth-factor=1', '--no-opt']) setFlagsFromString(flag);
}

/** Gives back what is not needed all the time: about a millisecond. */
function settle(libc: Libc): void {
  trimHeap(libc);
  dropProgramText(libc);
}

function beNice(say: (line: string) => void): void {
  try {
    setPriority(NICE);
  } catch (error) {
    say(`runs at the usual priority: ${errorCode(error)}`); // EACCES, EPERM: it was set higher by somebody
  }
}

function bootIdOf(): string | undefined {
  try {
    return readFileSync(BOOT_ID, 'latin1').trim();
  } catch {
    return undefined; // ENOENT, EACCES
  }
}
