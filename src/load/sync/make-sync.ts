// The sync mode that a ring was made with, out of all that there are.
import type { Libc } from '../../native/libc.ts';
import type { RingSetup, RingView } from '../ring-view.ts';
import { makeEventfdSync } from './eventfd.ts';
import { makeFlagSync } from './flag.ts';
import { makeFutexSync } from './futex.ts';
import { makeNoSync } from './none.ts';
import { makeSemSync } from './sem.ts';
import { makeSemopSync } from './semop.ts';
import { makeSignalSync, type SignalSide } from './signal.ts';
import { makeSpinSync } from './spin.ts';
import type { Sync, SyncDescriptors } from './sync.ts';

/** The mode that the header of the ring asks for; `side`: who this process is, for modes in which that matters. */
export function makeSync(
  libc: Libc,
  view: RingView,
  setup: RingSetup,
  side: SignalSide,
  fds: SyncDescriptors | undefined,
): Sync {
  switch (setup.sync) {
    case 'spin':
      return makeSpinSync(view, setup.slots);
    case 'flag':
      return makeFlagSync(view, setup.slots);
    case 'sem':
      return makeSemSync(libc, view, setup.slots);
    case 'semop':
      return makeSemopSync(libc, view, setup);
    case 'eventfd':
      if (fds) return makeEventfdSync(libc, view, setup.slots, fds);
      throw new Error('mode eventfd without its descriptors');
    case 'none':
      return makeNoSync(view);
    case 'signal':
      return makeSignalSync(libc, view, setup.slots, side);
    case 'futex':
      return makeFutexSync(libc, view, setup);
  }
}
