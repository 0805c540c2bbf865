// pipe2(2), socketpair(2) and the size of a pipe: two descriptors that talk to each other, or -errno.

import { fcntl } from './file.ts';
import { O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';

const F_SETPIPE_SZ = 1031;
const F_GETPIPE_SZ = 1032;
const AF_UNIX = 1;
const SOCK_STREAM = 1;

export interface DescriptorPair {
  readonly readFd: number;
  readonly writeFd: number;
}

function pair(libc: Libc, make: (address: number) => number): DescriptorPair | number {
  const fds = libc.allocate(8);
  const result = libc.result(make(fds.address));
  return result < 0 ? result : { readFd: fds.i32[0], writeFd: fds.i32[1] };
}

/** pipe2(2), closed on exec: both ends, or -errno. */
export function pipe(libc: Libc): DescriptorPair | number {
  return pair(libc, (address) => libc.raw.pipe2(address, O_CLOEXEC));
}

/** socketpair(2) of two connected unix stream sockets, closed on exec: both ends (each can do both), or -errno. */
export function unixSocketPair(libc: Libc): DescriptorPair | number {
  return pair(libc, (address) => libc.raw.socketpair(AF_UNIX, SOCK_STREAM | O_CLOEXEC, 0, address));
}

/** F_SETPIPE_SZ (fcntl(2)): the size that the pipe has now, or -EPERM above /proc/sys/fs/pipe-max-size. */
export function setPipeSize(libc: Libc, fd: number, sizeBytes: number): number {
  return fcntl(libc, fd, F_SETPIPE_SZ, sizeBytes);
}

/** F_GETPIPE_SZ (fcntl(2)): how many bytes it holds, a page each at most, or -errno. */
export function pipeSize(libc: Libc, fd: number): number {
  return fcntl(libc, fd, F_GETPIPE_SZ, 0);
}

/** `struct iovec`: address and length as u64. */
export const IOVEC_BYTES = 16;

/**
 * vmsplice(2) of one `struct iovec` at `iovec`: the pages themselves go into the pipe, and must not change until they were read. Bytes
 * taken (fewer where the pipe is nearly full), or -errno; waits for room.
 */
export function vmsplice(libc: Libc, fd: number, iovec: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.vmsplice, fd, iovec, 1, 0, 0));
}
