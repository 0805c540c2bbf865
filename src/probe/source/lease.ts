// The lease oracle: asks the kernel whether anybody at all has a file in /dev/shm open or mapped (fcntl(2), "Leases").
import { EACCES, EAGAIN, EPERM } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { LeaseAnswer } from '../model/judge/verdict-case.ts';
import { openPinned, PIN_SCRATCH_BYTES, pin } from './pinned.ts';

/**
 * Asks about one regular file. It also sees descriptors in flight over a socket, loop devices and processes that /proc
 * hides. Only the owner and root are told. `unavailable`: gone, replaced meanwhile, or a file system without leases. While
 * it asks (some microseconds) the file is open in this process, and who opens it must wait, or with O_NONBLOCK gets EAGAIN.
 */
export function askLease(libc: Libc, entry: ShmEntry, scratch: NativeMemory): LeaseAnswer {
  const isMeant = ({ device, inode }: { device: number; inode: number }, pinned: number) =>
    device === entry.device && inode === entry.inode && isTold(libc, pinned, scratch);
  const pinned = pin(libc, AT_FDCWD, entry.reachedBy, 'nofollow', scratch, isMeant);
  if (pinned === undefined) return 'unavailable';
  if (pinned < 0) return answerOf(pinned);
  const fd = openPinned(libc, pinned);
  const answer = answerOf(fd < 0 ? fd : file.takeLease(libc, fd));
  if (fd >= 0) file.close(libc, fd); // and with it the lease
  file.close(libc, pinned);
  return answer;
}

/** The size of the scratch memory that `askLease` wants. */
export const LEASE_SCRATCH_BYTES = PIN_SCRATCH_BYTES;

/** f_type of statfs(2), <linux/magic.h>. */
const UNTOLD = new Set([
  0x794c7630, // overlayfs: grants a lease on its own inode while somebody maps the one below
  0x65735546, // FUSE: whoever serves it is told of every open, and answers when he likes
]);

/** Is the answer of this file's file system worth anything, and may it be opened at all? */
function isTold(libc: Libc, fd: number, scratch: NativeMemory): boolean {
  return file.fstatfs(libc, fd, scratch.address) >= 0 && !UNTOLD.has(scratch.u32[0]);
}

function answerOf(result: number): LeaseAnswer {
  if (result >= 0) return 'free';
  switch (result) {
    case -EAGAIN: // also what opening answers while somebody else holds a lease on it
      return 'busy';
    case -EACCES:
    case -EPERM:
      return 'denied';
    default: // ENOENT: gone; ELOOP: a symlink now; EINVAL: no leases here
      return 'unavailable';
  }
}
