// Mode eventfd: two counters behind descriptors, a read(2) and a write(2) for every message; sleeps in poll(2).
import { POLLFD_BYTES, POLLIN, poll, write } from '../../native/eventfd.ts';
import { read } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import type { RingView } from '../ring-view.ts';
import { makePermitSync, type Semaphore } from './permits.ts';
import { type Sync, type SyncDescriptors, WAIT_MS } from './sync.ts';

export function makeEventfdSync(libc: Libc, view: RingView, slots: number, fds: SyncDescriptors): Sync {
  const taken = libc.allocate(8);
  const one = libc.allocate(8);
  one.u32[0] = 1;
  const at = (fd: number): Semaphore => {
    const pollfd = libc.allocate(POLLFD_BYTES);
    pollfd.i32[0] = fd;
    pollfd.i32[1] = POLLIN;
    const tryTake = () => read(libc, fd, taken.address, 8) === 8;
    return {
      tryTake,
      take: () => poll(libc, pollfd.address, 1, WAIT_MS) > 0 && tryTake(),
      give: () => {
        write(libc, fd, one.address, 8);
      },
    };
  };
  return makePermitSync(view, slots, at(fds.filledFd), at(fds.emptyFd));
}
