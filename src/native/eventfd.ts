// eventfd(2) and poll(2): counters behind a descriptor, and waiting for one. Each returns -errno on failure.
import { constants } from 'node:fs';
import { O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';

const EFD_SEMAPHORE = 1;
/** `struct pollfd`: i32 fd, i16 events, i16 revents. */
export const POLLFD_BYTES = 8;
export const POLLIN = 1;
/** eventfd(2) as a semaphore (read(2) takes one), not blocking, closed on exec: a descriptor, or -errno. */
export function eventfdSemaphore(libc: Libc, initial: number): number {
  return libc.result(libc.raw.eventfd(initial, EFD_SEMAPHORE | constants.O_NONBLOCK | O_CLOEXEC));
}

/** poll(2) of `count` records at `address`: how many are ready, 0 after `timeoutMs`, or -errno. Blocks the thread. */
export function poll(libc: Libc, address: number, count: number, timeoutMs: number): number {
  return libc.result(libc.raw.poll(address, count, timeoutMs));
}

/** write(2) from native memory: bytes written, or -errno. */
export function write(libc: Libc, fd: number, address: number, count: number): number {
  return libc.result(libc.raw.write(fd, address, count));
}
