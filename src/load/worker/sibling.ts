// Making sure that a pid is that of the other worker of the pair, before it is signalled or its memory is touched.
import { readFileSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';
import { monotonicNs } from '../clock.ts';
import { wordAt } from '../ring-view.ts';

const WAIT_NS = 20e9;
const POLL_MS = 1;

/** The pid that the other wrote into the ring, once it did; 0 when it never did, or the parent is gone. Sleeps meanwhile. */
export function waitForPid(words: Int32Array, offset: number, parentPid: number): number {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  const giveUpNs = monotonicNs() + WAIT_NS;
  while (Atomics.load(words, wordAt(offset)) === 0) {
    if (process.ppid !== parentPid || monotonicNs() > giveUpNs) return 0;
    Atomics.wait(nap, 0, 0, POLL_MS);
  }
  return Atomics.load(words, wordAt(offset));
}

/** Returns when it is so, or the parent is gone: what the other reads or writes goes with us. Sleeps meanwhile. */
export function waitUntil(isSo: () => boolean, parentPid: number): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (!isSo() && process.ppid === parentPid) Atomics.wait(nap, 0, 0, POLL_MS);
}

/** Is the process that has this pid now a child of our parent? Ask it when the number can no longer pass to another. */
export function isSibling(pid: number, parentPid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parentPid;
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT' && errorCode(cause) !== 'ESRCH') throw cause;
    return false;
  }
}
