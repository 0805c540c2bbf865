// The lease oracle: asks the kernel whether anybody at all has a file in /dev/shm open or mapped (fcntl(2), "Leases").
import { constants } from 'node:fs';
import { EACCES, EAGAIN, EPERM } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import type { ShmEntry } from '../model/shm-entry.ts';
import type { LeaseAnswer } from '../model/verdict.ts';
import { FILE_TYPES, typeBits } from './io.ts';
import { readStatx } from './io-native.ts';

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | O_CLOEXEC;

/**
 * Asks about one regular file. It also sees descriptors in flight over a socket, loop devices and processes that /proc
 * hides. Only the owner and root are told. `unavailable`: gone, replaced meanwhile, or a file system without leases.
 */
export function askLease(libc: Libc, entry: ShmEntry, scratch: NativeMemory): LeaseAnswer {
  const fd = file.openat(libc, AT_FDCWD, entry.reachedBy, FLAGS);
  if (fd < 0) return answerOf(fd);
  const answer =
    isSameFile(libc, fd, entry, scratch) && !isOverlay(libc, fd, scratch)
      ? answerOf(file.takeLease(libc, fd))
      : 'unavailable';
  file.close(libc, fd); // and with it the lease
  return answer;
}

/** The size of the scratch memory that `askLease` wants. */
export const LEASE_SCRATCH_BYTES = STATX_LAYOUT.size;

function isSameFile(libc: Libc, fd: number, entry: ShmEntry, scratch: NativeMemory): boolean {
  if (file.statxOf(libc, fd, scratch.address) < 0) return false;
  const stat = readStatx(scratch);
  return stat.device === entry.device && stat.inode === entry.inode && typeBits(stat.mode) === FILE_TYPES.regular;
}

const OVERLAYFS_SUPER_MAGIC = 0x794c7630;

/** An overlay grants a lease on its own inode while somebody maps the one below: its answer is worth nothing. */
function isOverlay(libc: Libc, fd: number, scratch: NativeMemory): boolean {
  return file.fstatfs(libc, fd, scratch.address) < 0 || scratch.u32[0] === OVERLAYFS_SUPER_MAGIC;
}

function answerOf(result: number): LeaseAnswer {
  switch (result) {
    case 0:
      return 'free';
    case -EAGAIN: // also what opening answers while somebody else holds a lease on it
      return 'busy';
    case -EACCES:
    case -EPERM:
      return 'denied';
    default: // ENOENT: gone; ELOOP: a symlink now; EINVAL: no leases here
      return 'unavailable';
  }
}
