// Locks of open file descriptions on one byte of a file (F_OFD_SETLK, F_OFD_GETLK, fcntl(2)): gone with the process that holds them.
import { EAGAIN } from './errno.ts';
import { fcntl } from './file.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_WRLCK = 1;
const F_UNLCK = 2;
/** `struct flock` of 64-bit machines: two shorts, then start and length at 8 and 16, pid at 24. */
const FLOCK_BYTES = 32;

const START = 8;
const LENGTH = 16;

/** `at` below 256; the file need not be so long. */
function oneByte(libc: Libc, at: number): NativeMemory {
  const flock = libc.allocate(FLOCK_BYTES);
  flock.bytes[0] = F_WRLCK;
  flock.bytes[START] = at;
  flock.bytes[LENGTH] = 1;
  return flock;
}

/** Takes the lock, kept until `fd` is closed: 0, -EAGAIN where somebody else has it, or -errno. `fd` must be open for writing. */
export function lockByte(libc: Libc, fd: number, at: number): number {
  const flock = oneByte(libc, at);
  const failed = fcntl(libc, fd, F_OFD_SETLK, flock.address);
  return failed < 0 ? failed : flock.bytes[0] === F_WRLCK ? 0 : -EAGAIN;
}

/** Does somebody (through another open file description) have it? Disturbs nobody. 1, 0, or -errno. */
export function isByteLocked(libc: Libc, fd: number, at: number): number {
  const flock = oneByte(libc, at);
  const failed = fcntl(libc, fd, F_OFD_GETLK, flock.address);
  return failed < 0 ? failed : flock.bytes[0] === F_UNLCK ? 0 : 1;
}
