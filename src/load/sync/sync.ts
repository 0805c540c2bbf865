// How one side of a ring learns what the other did: the same four calls for every mode, so that the loops are the same too.
import type { Libc } from '../../native/libc.ts';
import type { RingSetup, RingView } from '../ring-view.ts';
import { makeEventfdSync } from './eventfd.ts';
import { makeFlagSync } from './flag.ts';
import { makeFutexSync } from './futex.ts';
import { makeSemSync } from './sem.ts';
import { makeSemopSync } from './semop.ts';
import { makeSpinSync } from './spin.ts';

/** What waiting cost this side. */
export interface WaitCounts {
  waits: number;
  stallNs: number;
  /** Times this side slept in the kernel. */
  sleeps: number;
  /** Times it woke the other side, or (modes with a call a message) the calls that could have. */
  wakes: number;
}

/**
 * Sequence numbers are free-running int32. A wait returns within about 100 ms, also empty-handed, so that the caller can see
 * whether it should stop; it never throws.
 */
export interface Sync {
  /** Consumer: waits for a message behind `tail`; up to where messages may be read (`tail`: none came). */
  readonly waitData: (tail: number) => number;
  /** Producer: waits for `need` free slots; the tail to count with. */
  readonly waitSpace: (head: number, need: number) => number;
  /** Producer: messages before `head` are written. */
  readonly publish: (head: number) => void;
  /** Consumer: slots before `tail` may be used again. */
  readonly release: (tail: number) => void;
  readonly counts: WaitCounts;
  /** True where each message is announced by a call of its own: then nothing is published in batches. */
  readonly isPerMessage: boolean;
}

/** The two eventfds of a ring, inherited; absent in the other modes. */
export interface SyncDescriptors {
  readonly filledFd: number;
  readonly emptyFd: number;
}

/** How long a wait sleeps at most before it looks around. */
export const WAIT_MS = 100;

/** The mode that the header of the ring asks for. */
export function makeSync(libc: Libc, view: RingView, setup: RingSetup, fds: SyncDescriptors | undefined): Sync {
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
    case 'futex':
      return makeFutexSync(libc, view, setup);
  }
}

/** Counts of a side that has not waited yet. */
export function noWaits(): WaitCounts {
  return { waits: 0, stallNs: 0, sleeps: 0, wakes: 0 };
}
