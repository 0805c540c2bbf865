// How sources learn that there may be something to read: the kernel wakes the event loop, or they look in rounds.
import type { Libc } from '../../native/libc.ts';
import { type PollHandle, pollReadable } from '../../native/poll.ts';
import type { Pace } from '../model/event/live-session.ts';
import { untilBeat } from './beat.ts';

/** Calls `look` when the descriptor may have something to read, until it is stopped or closed; there may be nothing after all. */
export type Wake = (fd: number, look: () => void) => PollHandle;

export interface Waker {
  readonly wake: Wake;
  readonly setPace: (pace: Pace) => void;
}

/** At once. */
export function wakeByKernel(libc: Libc): Waker {
  return { wake: (fd, look) => pollReadable(libc, fd, look), setPace: () => {} };
}

const ROUND_MS: Readonly<Record<Pace, number>> = { quick: 5, calm: 250 };

/**
 * In rounds: for a thread that may be ended at any moment. Handles of koffi that are still on its event loop then crash the
 * whole process (koffi 3.3.4, `worker.terminate()`: segmentation fault).
 */
export function wakeInRounds(pace: Pace): Waker {
  const looks = new Set<() => void>();
  let everyMs = ROUND_MS[pace];
  let timer: NodeJS.Timeout | undefined;
  const round = () => {
    run();
    for (const look of looks) look();
  };
  const run = () => {
    clearTimeout(timer);
    timer = looks.size === 0 ? undefined : setTimeout(round, untilBeat(everyMs));
  };
  const set = (look: () => void, isOn: boolean) => {
    if (isOn) looks.add(look);
    else looks.delete(look);
    if (isOn !== (timer !== undefined)) run();
  };
  return {
    wake: (_, look) => {
      set(look, true);
      return { start: () => set(look, true), stop: () => set(look, false), close: () => set(look, false) };
    },
    setPace: (next) => {
      everyMs = ROUND_MS[next];
      run();
    },
  };
}
