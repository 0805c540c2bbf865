// What the parent makes for a sync mode before the workers start: semaphores and descriptors; and takes back at the end.
import { errnoName } from '../../native/errno.ts';
import { eventfdSemaphore } from '../../native/eventfd.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { type LoadProblem, problem } from '../model/problem.ts';
import { hasRing } from '../model/transports.ts';
import type { LoadPlan } from '../plan.ts';
import type { RingView } from '../ring-view.ts';
import { initialiseSem } from './sem.ts';
import type { SyncDescriptors } from './sync.ts';

export interface SharedSync {
  /** Of mode eventfd, by ring; empty in the other modes. */
  readonly descriptors: readonly SyncDescriptors[];
  /** Closes the descriptors. Once. */
  readonly release: () => void;
}

/** Makes what `plan.sync` needs; whatever was made before a refusal is taken back. */
export function shareSync(libc: Libc, plan: LoadPlan, views: readonly RingView[]): SharedSync | LoadProblem {
  const nothing: SharedSync = { descriptors: [], release: () => {} };
  if (!hasRing(plan.transport)) return nothing;
  if (plan.sync === 'eventfd') return shareDescriptors(libc, plan);
  if (plan.sync === 'sem') {
    for (const view of views) {
      const failed = initialiseSem(libc, view, plan.geometry.slots);
      if (failed < 0)
        return problem('refused', `Cannot make a POSIX semaphore: ${errnoName(failed)}. Use futex instead.`);
    }
  }
  return nothing;
}

function shareDescriptors(libc: Libc, plan: LoadPlan): SharedSync | LoadProblem {
  const fds: number[] = [];
  const release = () => {
    for (const fd of fds.splice(0)) close(libc, fd);
  };
  const descriptors: SyncDescriptors[] = [];
  for (let ring = 0; ring < plan.rings; ring++) {
    const filledFd = eventfdSemaphore(libc, 0);
    if (filledFd >= 0) fds.push(filledFd);
    const emptyFd = eventfdSemaphore(libc, plan.geometry.slots);
    if (emptyFd >= 0) fds.push(emptyFd);
    if (filledFd < 0 || emptyFd < 0) {
      release();
      const why = errnoName(Math.min(filledFd, emptyFd));
      return problem('refused', `Cannot make an eventfd: ${why}. Use futex instead, or fewer pairs.`);
    }
    descriptors.push({ filledFd, emptyFd });
  }
  return { descriptors, release };
}
