// Mode semop: a System V semaphore set, semop(2) for every message. The set has no last close: the keeper (keep/) makes it and takes it back.

import { EEXIST } from '../../native/errno.ts';
import { IPC } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { IPC_NOWAIT, SEM, SEMBUF_BYTES, semctl, semget, semtimedop } from '../../native/sysv-sem.ts';
import { writeTimespec } from '../../native/timespec.ts';
import type { RingSetup, RingView } from '../ring-view.ts';
import { ownKey } from '../segment.ts';
import { makePermitSync, type Semaphore } from './permits.ts';
import { type Sync, WAIT_MS } from './sync.ts';

/** The first two semaphores of a set hold the pid of its creator (a value has 15 bits), since the kernel keeps none. */
export const SET_HEADER = 2;
const PID_BITS = 15;
const ATTEMPTS = 64;

/** The creator's pid from the first two values of a set; 0 for a set that was not filled yet. */
export function creatorOfSet(low: number, high: number): number {
  return low + high * 2 ** PID_BITS;
}

/**
 * Creator: one set for `rings` rings with our key prefix, values and owner set by one call: a semid, or -errno. Remove it with
 * `removeSet`.
 */
export function createSet(libc: Libc, rings: number, slots: number, pid: number): number {
  const values = [pid & (2 ** PID_BITS - 1), pid >>> PID_BITS];
  for (let ring = 0; ring < rings; ring++) values.push(0, slots);
  const memory = libc.allocate(values.length * 2);
  new DataView(memory.bytes.buffer, memory.bytes.byteOffset).setUint16(0, 0, true);
  const words = new Uint16Array(memory.bytes.buffer, memory.bytes.byteOffset, values.length);
  words.set(values);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const semid = semget(libc, ownKey(), values.length, IPC.CREAT | IPC.EXCL | 0o600);
    if (semid === -EEXIST) continue;
    if (semid < 0) return semid;
    const filled = semctl(libc, semid, 0, SEM.SETALL, memory.address);
    if (filled >= 0) return semid;
    removeSet(libc, semid);
    return filled;
  }
  return -EEXIST;
}

/** Removes a set; who waits in it wakes with EIDRM. 0 or -errno. */
export function removeSet(libc: Libc, semid: number): number {
  return semctl(libc, semid, 0, SEM.RMID);
}

export function makeSemopSync(libc: Libc, view: RingView, setup: RingSetup): Sync {
  const semid = setup.semaphoreSet;
  const timeout = libc.allocate(16);
  writeTimespec(timeout, WAIT_MS);
  const operation = (index: number, change: number, flags: number) => {
    const memory = libc.allocate(SEMBUF_BYTES);
    new Int16Array(memory.bytes.buffer, memory.bytes.byteOffset, 3).set([index, change, flags]);
    return () => semtimedop(libc, semid, memory.address, 1, timeout.address) === 0;
  };
  const at = (index: number): Semaphore => ({
    tryTake: operation(index, -1, IPC_NOWAIT),
    take: operation(index, -1, 0),
    give: operation(index, 1, 0),
  });
  const first = SET_HEADER + 2 * setup.pair;
  return makePermitSync(view, setup.slots, at(first), at(first + 1));
}
