// A reader that is slower than it could be, on purpose: takes no more than so many messages a second.
import type { Sync } from './sync.ts';

/** `pace`: how many are due when so many were taken (worker/pace.ts). It is asked first: a wait may take a permit that must be used. */
export function slowed(sync: Sync, pace: (taken: number, most: number) => number, most: number): Sync {
  let taken = 0;
  return {
    ...sync,
    waitData: (tail) => {
      const due = pace(taken, most);
      if (due === 0) return tail;
      const count = Math.min(due, (sync.waitData(tail) - tail) | 0);
      taken += count;
      return (tail + count) | 0;
    },
  };
}
