// Locks of open file descriptions on a whole file (F_OFD_SETLK, F_OFD_GETLK, fcntl(2)): gone with the process that holds them.
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

/** From the start, length 0: to the end, however far that moves. */
function wholeFile(libc: Libc): NativeMemory {
  const flock = libc.allocate(FLOCK_BYTES);
  flock.bytes[0] = F_WRLCK;
  return flock;
}

/** Takes the lock, kept until `fd` is closed: 0, -EAGAIN where somebody else has it, or -errno. `fd` must be open for writing. */
export function lockFile(libc: Libc, fd: number): number {
  const flock = wholeFile(libc);
  const failed = fcntl(libc, fd, F_OFD_SETLK, flock.address);
  return failed < 0 ? failed : flock.bytes[0] === F_WRLCK ? 0 : -EAGAIN;
}

/** Does somebody (through another open file description) have it? Disturbs nobody. 1, 0, or -errno. */
export function isFileLocked(libc: Libc, fd: number): number {
  const flock = wholeFile(libc);
  const failed = fcntl(libc, fd, F_OFD_GETLK, flock.address);
  return failed < 0 ? failed : flock.bytes[0] === F_UNLCK ? 0 : 1;
}
