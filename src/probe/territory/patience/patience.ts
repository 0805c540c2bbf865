// Reads that can take for ever: those that need the memory lock of another process (mmap_lock, exec_update_lock), which its owner can
// keep. Each says so before it begins, in a word of shared memory, so that somebody who does not hang with us can see it. One
// word a thread, as errno is: whoever writes a reader need not hand it through.

/** Which read is under way: counts up at each; and the pid that it is about, 0 between two. */
const COUNT = 0;
const PID = 1;
export const STALL_WORDS_BYTES = 8;

let words: Int32Array = new Int32Array(2);
let isCarefulNow = false;
let trustsOwn = false;
let guard: PatienceGuard | undefined;

/** Told of each such read; has to be quick. */
export interface PatienceGuard {
  readonly begin: (pid: number) => void;
  readonly end: () => void;
}

/** From now on others can see what this thread waits for (see `readStall`). */
export function showStallsIn(shared: SharedArrayBuffer): void {
  words = new Int32Array(shared);
}

/** Undefined: nobody any more. */
export function guardPatientReads(by: PatienceGuard | undefined): void {
  guard = by;
}

/**
 * From now on, in this thread, such reads are left to a process of their own, which can be given up. `but-for-own`: nothing has hung
 * yet, and what nobody else has written (trust.ts) is still read here: to ask for it takes longer than many an attach lasts.
 */
export function becomeCareful(how: 'for-all' | 'but-for-own' = 'for-all'): void {
  isCarefulNow = true;
  trustsOwn = how === 'but-for-own';
}

/** Something did not answer: from now on nobody is trusted to. */
export function trustNobody(): void {
  trustsOwn = false;
}

export const isTrustingOwn = (): boolean => trustsOwn;

export const isCareful = (): boolean => isCarefulNow;

/** The word as another thread sees it: the same `count` after a while, with a pid, is a stall. */
export function readStall(shared: SharedArrayBuffer): { readonly count: number; readonly pid: number } {
  const seen = new Int32Array(shared);
  return { count: Atomics.load(seen, COUNT), pid: Atomics.load(seen, PID) };
}

/** Before a read that may take for ever; costs some nanoseconds. */
export function beginPatientRead(pid: number): void {
  words[COUNT]++;
  words[PID] = pid;
  guard?.begin(pid);
}

export function endPatientRead(): void {
  words[PID] = 0;
  guard?.end();
}

/** Runs a read that may take for ever, of a process, in this thread. */
export function readPatiently<Value>(pid: number, read: () => Value): Value {
  beginPatientRead(pid);
  try {
    return read();
  } finally {
    endPatientRead();
  }
}
