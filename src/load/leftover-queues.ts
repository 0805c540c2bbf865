// The sweep at start, for message queues: those of a keeper that was killed together with its parent where it had no namespace of its own.
import { readdirSync } from 'node:fs';
import { errorCode } from '../fault/thrown.ts';
import type { Libc } from '../native/libc.ts';
import { mqUnlink } from '../native/posix-mq.ts';
import { highestQueue, MSQID_DS, removeQueue, statQueue } from '../native/sysv-mq.ts';
import { pidOfMq } from './keep/mq-name.ts';
import { KEY_PREFIX } from './segment.ts';

/** A queue that nobody has used is being made at this moment, or was left behind then. */
const UNFINISHED_SEC = 60;
const DEV_MQUEUE = '/dev/mqueue';

/** What of a queue must be so that it goes. */
export interface QueueFacts {
  readonly key: number;
  readonly uid: number;
  readonly cuid: number;
  /** Of the last to send and to receive: 0 for never, or for a process that our pid namespace does not show. */
  readonly lspid: number;
  readonly lrpid: number;
  readonly wasUsed: boolean;
  readonly ageSec: number;
}

/** PURE: our prefix, our user, and whoever used it is gone; `isDead` never says so of a pid that it cannot see. */
export function isLeftoverQueue(facts: QueueFacts, ownUid: number, isDead: (pid: number) => boolean): boolean {
  if (facts.key >>> 16 !== KEY_PREFIX || facts.uid !== ownUid || facts.cuid !== ownUid) return false;
  if (!facts.wasUsed) return facts.ageSec > UNFINISHED_SEC;
  return isDead(facts.lspid) && isDead(facts.lrpid);
}

/** Removes them: how many. */
export function sweepQueues(libc: Libc, uid: number, isDead: (pid: number) => boolean): number {
  const { u32, address } = libc.allocate(256);
  const highest = highestQueue(libc, address);
  let removed = 0;
  for (let index = 0; index <= highest; index++) {
    const id = statQueue(libc, index, address);
    if (id < 0) continue;
    const at = (offset: number) => u32[offset / 4];
    const facts: QueueFacts = {
      key: at(MSQID_DS.key),
      uid: at(MSQID_DS.uid),
      cuid: at(MSQID_DS.cuid),
      lspid: at(MSQID_DS.lspid),
      lrpid: at(MSQID_DS.lrpid),
      wasUsed: at(MSQID_DS.stime) !== 0,
      ageSec: Date.now() / 1000 - at(MSQID_DS.ctime),
    };
    if (isLeftoverQueue(facts, uid, isDead) && removeQueue(libc, id) === 0) removed++;
  }
  return removed;
}

/** POSIX ones, by the names that the file system of queues shows; mq_unlink(3) lets us remove our own only. */
export function sweepMqs(libc: Libc, isDead: (pid: number) => boolean, directory = DEV_MQUEUE): number {
  let removed = 0;
  for (const name of namesIn(directory)) {
    const pid = pidOfMq(name);
    if (pid !== undefined && isDead(pid) && mqUnlink(libc, name) === 0) removed++;
  }
  return removed;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT' && errorCode(cause) !== 'EACCES' && errorCode(cause) !== 'ENOTDIR') throw cause;
    return []; // not mounted here
  }
}
