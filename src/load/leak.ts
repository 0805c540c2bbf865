// Abandoned objects on purpose: harmless, marked, so that people can try how finding and removing works.

import { closeSync, constants, lstatSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs';
import { errorCode } from '../fault/thrown.ts';
import { EEXIST, EINVAL, errnoName } from '../native/errno.ts';
import { IPC, SHM_INFO_LAYOUT, SHMID_DS } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import { effectiveUid } from '../native/process.ts';
import { ShmidDs } from '../native/shmid-ds.ts';
import { removeSegment, shmat, shmctl, shmdt, shmget } from '../native/sysv.ts';
import { viewMemory } from '../native/view.ts';
import { type LoadProblem, problem } from './model/problem.ts';
import { ownKey } from './segment.ts';

/** The upper half of the keys of leaks: "SL". Not swept at start: they are meant to stay until somebody removes them. */
const LEAK_PREFIX = 0x534c;
const LEAK_NAME = /^shmtop-leak-\d+-\d+$/;
const LEAK_BYTES = 65_536;
const MAX_LEAKS = 1000;
const MARK = 'made on purpose by: shmtop load --leak. Remove with: shmtop load --leak --clean\n';
const DEV_SHM = '/dev/shm';

export interface LeakResult {
  /** As `shmtop ls` names them: `sysv:5`, `posix:/shmtop-leak-10-1`. */
  readonly ids: readonly string[];
  /** What could not be made or removed, and why. */
  readonly problem?: LoadProblem;
}

/** Makes `count` objects, System V and POSIX by turns, and lets them go. They are abandoned as soon as this process ends. */
export function makeLeaks(libc: Libc, count: number): LeakResult {
  if (!Number.isInteger(count) || count < 1 || count > MAX_LEAKS) {
    return {
      ids: [],
      problem: problem('refused', `Cannot leak ${count} objects: a number from 1 to ${MAX_LEAKS} is possible.`),
    };
  }
  const ids: string[] = [];
  for (let n = 1; n <= count; n++) {
    const made = n % 2 === 1 ? leakSegment(libc) : leakFile(n);
    if (typeof made !== 'string') return { ids, problem: made };
    ids.push(made);
  }
  return { ids };
}

/** Removes every leak that is ours and that nobody uses. */
export function cleanLeaks(libc: Libc): LeakResult {
  const segments = cleanSegments(libc);
  const files = cleanFiles(effectiveUid(libc));
  return { ids: [...segments, ...files] };
}

/** shmget(2). */
const remedyOf = (errno: number) =>
  errno === -EINVAL ? `kernel.shmmax is below ${LEAK_BYTES} bytes.` : 'shmtop rm --abandoned makes room.';

function leakSegment(libc: Libc): string | LoadProblem {
  let shmid = -EEXIST;
  while (shmid === -EEXIST) shmid = shmget(libc, ownKey(LEAK_PREFIX), LEAK_BYTES, IPC.CREAT | IPC.EXCL | 0o600);
  if (shmid < 0) return problem('failed', `Cannot make a System V segment: ${errnoName(shmid)}. ${remedyOf(shmid)}`);
  const address = shmat(libc, shmid, 0);
  if (address >= 0) {
    new Uint8Array(viewMemory(libc, address, LEAK_BYTES)).set(Buffer.from(MARK));
    shmdt(libc, address);
  }
  return `sysv:${shmid}`;
}

function leakFile(n: number): string | LoadProblem {
  const name = `shmtop-leak-${process.pid}-${n}`;
  try {
    const fd = openSync(`${DEV_SHM}/${name}`, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600);
    try {
      writeSync(fd, MARK.padEnd(LEAK_BYTES, '\0'));
    } finally {
      closeSync(fd);
    }
    return `posix:/${name}`;
  } catch (cause) {
    // ENOSPC: /dev/shm is full; EACCES, ENOENT: it is not ours to write, or not there.
    const why = errorCode(cause);
    return problem('failed', `Cannot make /dev/shm/${name}: ${why}.`);
  }
}

function cleanSegments(libc: Libc): string[] {
  const record = libc.allocate(Math.max(SHMID_DS.size, SHM_INFO_LAYOUT.size));
  const segment = new ShmidDs(record);
  const { address } = record;
  const uid = effectiveUid(libc);
  const highest = shmctl(libc, 0, IPC.SHM_INFO, address);
  const removed: string[] = [];
  for (let index = 0; index <= highest; index++) {
    const shmid = shmctl(libc, index, IPC.SHM_STAT_ANY, address);
    if (shmid < 0 || segment.key >>> 16 !== LEAK_PREFIX) continue;
    const isOurs = segment.cuid === uid && segment.sizeBytes === LEAK_BYTES;
    if (isOurs && segment.nattch === 0 && removeSegment(libc, shmid) === 0) removed.push(`sysv:${shmid}`);
  }
  return removed;
}

function cleanFiles(uid: number): string[] {
  const removed: string[] = [];
  let names: string[] = [];
  try {
    names = readdirSync(DEV_SHM);
  } catch {
    // ENOENT, EACCES: no /dev/shm that we could have written to
  }
  for (const name of names) {
    if (!LEAK_NAME.test(name)) continue;
    try {
      const stat = lstatSync(`${DEV_SHM}/${name}`);
      if (!stat.isFile() || stat.uid !== uid) continue;
      unlinkSync(`${DEV_SHM}/${name}`);
      removed.push(`posix:/${name}`);
    } catch {
      // ENOENT: somebody else removed it meanwhile, which is what it is for
    }
  }
  return removed;
}
