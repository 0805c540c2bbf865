// A FIFO (fifo(7)) that no name in the file tree can be left of. -errno on failure.
import { constants } from 'node:fs';
import { detachedMount } from './detached-mount.ts';
import { close, fcntl, openat } from './file.ts';
import { AT_FDCWD, O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';
import { type DescriptorPair, pipe } from './pipe.ts';

const S_IFIFO = 0o010000;
const F_SETFL = 4;

/**
 * Both ends. Where we may mount, it is made by mknod(2) in a tmpfs that is mounted nowhere and goes with its descriptor; else it is a
 * pipe that is opened by the name that /proc has for it, which the kernel treats as a FIFO from then on (fs/pipe.c, fifo_open).
 */
export function fifo(libc: Libc): DescriptorPair | number {
  const root = detachedMount(libc, 'tmpfs');
  if (root < 0) return reopenedPipe(libc);
  const path = libc.path('fifo');
  const made = libc.result(libc.raw.syscall(libc.numbers.mknodat, root, path, S_IFIFO | 0o600, 0, 0));
  const pair = made < 0 ? made : openBoth(libc, root, 'fifo');
  close(libc, root);
  return pair;
}

function reopenedPipe(libc: Libc): DescriptorPair | number {
  const first = pipe(libc);
  if (typeof first === 'number') return first;
  const pair = openBoth(libc, AT_FDCWD, `/proc/self/fd/${first.readFd}`);
  close(libc, first.readFd);
  close(libc, first.writeFd);
  return pair;
}

/** The end that reads first and without waiting for the other. */
function openBoth(libc: Libc, directory: number, name: string): DescriptorPair | number {
  const readFd = openat(libc, directory, name, constants.O_RDONLY | constants.O_NONBLOCK | O_CLOEXEC);
  if (readFd < 0) return readFd;
  const writeFd = openat(libc, directory, name, constants.O_WRONLY | O_CLOEXEC);
  if (writeFd < 0) {
    close(libc, readFd);
    return writeFd;
  }
  fcntl(libc, readFd, F_SETFL, 0);
  return { readFd, writeFd };
}
