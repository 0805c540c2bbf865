// Mode sem: POSIX semaphores in the segment, sem_wait(3) and sem_post(3) for every message. The textbook answer.
import type { Libc } from '../../native/libc.ts';
import { semInit, semPost, semTimedWait, semTryWait } from '../../native/posix-sem.ts';
import { writeTimespec } from '../../native/timespec.ts';
import { RING } from '../model/ring.ts';
import type { RingView } from '../ring-view.ts';
import { makePermitSync, type Semaphore } from './permits.ts';
import { type Sync, WAIT_MS } from './sync.ts';

/** Creator: both semaphores of a ring, all slots empty. 0 or -errno. They live in the segment, so they cannot leak. */
export function initialiseSem(libc: Libc, view: RingView, slots: number): number {
  return (
    semInit(libc, view.address + RING.filledSemaphore, 0) || semInit(libc, view.address + RING.emptySemaphore, slots)
  );
}

export function makeSemSync(libc: Libc, view: RingView, slots: number): Sync {
  const deadline = libc.allocate(16);
  const at = (address: number): Semaphore => ({
    tryTake: () => semTryWait(libc, address) === 0,
    take: () => {
      writeTimespec(deadline, Date.now() + WAIT_MS);
      return semTimedWait(libc, address, deadline.address) === 0;
    },
    give: () => {
      semPost(libc, address);
    },
  });
  return makePermitSync(view, slots, at(view.address + RING.filledSemaphore), at(view.address + RING.emptySemaphore));
}
