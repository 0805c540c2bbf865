// The sweep at start: removes what an earlier load left behind when it was killed in the wrong microsecond, and nothing else.

import { errorCode } from '../fault/thrown.ts';
import { IPC, SHM_INFO_LAYOUT, SHMID_DS } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import { effectiveUid } from '../native/process.ts';
import { ShmidDs } from '../native/shmid-ds.ts';
import { removeSegment, shmctl } from '../native/sysv.ts';
import { SEM, SEMID_DS, SEMINFO_BYTES, semctl } from '../native/sysv-sem.ts';
import { sweepMqs, sweepQueues } from './leftover-queues.ts';
import { KEY_PREFIX } from './segment.ts';
import { creatorOfSet, removeSet, SET_HEADER } from './sync/semop.ts';

/** A set without an owner written into it is being made at this moment, or was left behind then. */
const UNFINISHED_SEC = 60;

export interface Swept {
  readonly segments: number;
  readonly semaphoreSets: number;
  /** Message queues of both kinds. */
  readonly queues: number;
}

/** What a segment must be to go: all of this, so that a pid that came back can only keep one, never remove one. */
export interface LeftoverFacts {
  readonly key: number;
  readonly uid: number;
  readonly cuid: number;
  readonly nattch: number;
  readonly isCreatorDead: boolean;
}

/** PURE: our prefix, our user, attached by nobody, made by a process that is gone. */
export function isLeftover(facts: LeftoverFacts, ownUid: number): boolean {
  const isOurs = facts.key >>> 16 === KEY_PREFIX && facts.uid === ownUid && facts.cuid === ownUid;
  return isOurs && facts.nattch === 0 && facts.isCreatorDead;
}

/** Looks at every segment and semaphore set of this IPC namespace (about 1 µs each) and removes the leftovers; `mqueue`: where POSIX queues are listed. */
export function sweepLeftovers(libc: Libc, mqueue?: string): Swept {
  const queues = sweepQueues(libc, effectiveUid(libc), isDead) + sweepMqs(libc, isDead, mqueue);
  return { segments: sweepSegments(libc), semaphoreSets: sweepSets(libc), queues };
}

/** True when no process has this pid. 0 (made in a pid namespace that we cannot see) is not known to be dead. */
export function isDead(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return errorCode(cause) === 'ESRCH'; // EPERM: alive, somebody else's
  }
}

function sweepSegments(libc: Libc): number {
  const record = libc.allocate(Math.max(SHMID_DS.size, SHM_INFO_LAYOUT.size));
  const segment = new ShmidDs(record);
  const { address } = record;
  const uid = effectiveUid(libc);
  const highest = shmctl(libc, 0, IPC.SHM_INFO, address);
  let removed = 0;
  for (let index = 0; index <= highest; index++) {
    const shmid = shmctl(libc, index, IPC.SHM_STAT_ANY, address);
    if (shmid < 0 || segment.key >>> 16 !== KEY_PREFIX) continue;
    const { key, uid: owner, cuid, nattch, cpid } = segment;
    const facts = { key, uid: owner, cuid, nattch, isCreatorDead: isDead(cpid) };
    if (isLeftover(facts, uid) && removeSegment(libc, shmid) === 0) removed++;
  }
  return removed;
}

function sweepSets(libc: Libc): number {
  const record = libc.allocate(Math.max(SEMID_DS.size, SEMINFO_BYTES));
  const { u32, address } = record;
  const uid = effectiveUid(libc);
  const highest = semctl(libc, 0, 0, SEM.SEM_INFO, address);
  let removed = 0;
  for (let index = 0; index <= highest; index++) {
    const semid = semctl(libc, index, 0, SEM.STAT_ANY, address);
    if (semid < 0 || u32[SEMID_DS.key / 4] >>> 16 !== KEY_PREFIX) continue;
    if (u32[SEMID_DS.uid / 4] !== uid || u32[SEMID_DS.cuid / 4] !== uid) continue;
    const ctimeAt = process.arch === 'x64' ? SEMID_DS.ctimeX64 : SEMID_DS.ctimeGeneric;
    const ageSec = Date.now() / 1000 - u32[ctimeAt / 4];
    if (isSetLeftOver(libc, semid, ageSec) && removeSet(libc, semid) === 0) removed++;
  }
  return removed;
}

function isSetLeftOver(libc: Libc, semid: number, ageSec: number): boolean {
  const values = Array.from({ length: SET_HEADER }, (_, index) => semctl(libc, semid, index, SEM.GETVAL));
  if (values.some((value) => value < 0)) return false;
  const creator = creatorOfSet(values[0], values[1]);
  if (creator === 0) return ageSec > UNFINISHED_SEC;
  // The kernel knows who set the values, as seen from our pid namespace: if that is another number, we cannot judge it.
  return semctl(libc, semid, 0, SEM.GETPID) === creator && isDead(creator);
}
