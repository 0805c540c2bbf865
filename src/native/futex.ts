// futex(2) on memory that processes share: wait while a word holds a value, wake who waits. Each returns -errno on failure.
import type { Libc } from './libc.ts';

// Without FUTEX_PRIVATE_FLAG: that one is never woken from another process.
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;

/**
 * Sleeps while the u32 at `address` is `expected`: 0 when woken, -EAGAIN when it held another value already, -ETIMEDOUT,
 * or -EINTR. `timeoutAddress` is a relative `struct timespec`. Blocks the calling thread.
 */
export function futexWait(libc: Libc, address: number, expected: number, timeoutAddress: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.futex, address, FUTEX_WAIT, expected, timeoutAddress, 0));
}

/** Wakes at most `count` sleepers on `address`: how many there were, or -errno. About 0.2 µs when there is none. */
export function futexWake(libc: Libc, address: number, count: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.futex, address, FUTEX_WAKE, count, 0, 0));
}
