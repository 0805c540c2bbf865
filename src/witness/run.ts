// A witness as a program of its own: records until it is told to end, at a low priority, and says what it can see.
import { setPriority } from 'node:os';
import { resolve } from 'node:path';
import { errorCode } from '../fault/thrown.ts';
import { type Env, witnessFolders } from '../files/homes.ts';
import { clockOffsets } from '../native/clock-offset.ts';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { trimHeap } from '../native/malloc.ts';
import { TIMESPEC_BYTES } from '../native/process.ts';
import { dropProgramText } from '../native/program-text.ts';
import { BOOT_ID, bootIdOf } from '../probe/source/boot-id.ts';
import { nativeIo } from '../probe/source/io-native.ts';
import { beat } from './beat.ts';
import { claimStore } from './claim-store.ts';
import { keepSmall } from './keep-small.ts';
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

/** Resolves when it was told to end; with words where it cannot begin. */
export async function runWitness(request: WitnessRequest): Promise<string | undefined> {
  const libc = loadLibc();
  if (!isLibc(libc)) return `a witness needs native calls: ${libc.reason}`;
  const [first] = witnessFolders(request.env);
  const directory = request.directory ?? first;
  if (directory === undefined) return 'there is no place for what it sees: name one with --state';
  const io = nativeIo(libc);
  const bootId = bootIdOf(io);
  if (bootId === undefined) return `${BOOT_ID} cannot be read`;
  const store = await claimStore(directory, bootId);
  if ('problem' in store) return store.problem;
  keepSmall(true);
  const scratch = libc.allocate(TIMESPEC_BYTES);
  const recorder = new Recorder({
    libc,
    io,
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
  if (directory !== first)
    request.say(`is read there only by whoever has SHMTOP_WITNESS=${resolve(directory)} in the environment`);
  for (const { name, isActive, text } of recorder.sources)
    request.say(isActive ? `sees by ${name}: ${text}` : `does not see by ${name}: ${text}`);
  const stopBeat = beat(recorder, { isWoken: true, roundMs: ROUND_MS });
  const settled = setTimeout(() => settle(libc), SETTLED_MS);
  const settling = setInterval(() => settle(libc), SETTLE_MS);
  await new Promise<void>((end) => {
    request.onInterrupt(end);
  });
  clearTimeout(settled);
  clearInterval(settling);
  stopBeat();
  recorder.stop();
  return undefined;
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
