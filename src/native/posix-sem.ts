// Unnamed POSIX semaphores in shared memory: sem_init(3), sem_post(3), sem_wait(3). Each returns -errno on failure.
import type { Libc } from './libc.ts';

/** sem_init(3) shared between processes: 0 or -errno. */
export function semInit(libc: Libc, address: number, value: number): number {
  return libc.result(libc.raw.sem_init(address, 1, value));
}

/** sem_post(3): 0, or -EOVERFLOW. */
export function semPost(libc: Libc, address: number): number {
  return libc.result(libc.raw.sem_post(address));
}

/** sem_trywait(3): 0, or -EAGAIN when the count is zero. Never blocks. */
export function semTryWait(libc: Libc, address: number): number {
  return libc.result(libc.raw.sem_trywait(address));
}

/** sem_timedwait(3) until a CLOCK_REALTIME time in a `struct timespec`: 0, -ETIMEDOUT or -EINTR. Blocks the thread. */
export function semTimedWait(libc: Libc, address: number, deadlineAddress: number): number {
  return libc.result(libc.raw.sem_timedwait(address, deadlineAddress));
}
