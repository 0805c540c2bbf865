// Objects as the kernel's own tables tell them, before anybody has looked who holds them: shown at once, and never judged by that.
import { fileId, keyText, sysvId, sysvShortId } from '../identity.ts';
import { NO_HOLDS } from '../join/hold.ts';
import type { ShmEntry } from '../join/shm-entry.ts';
import { SHM_DEST, SHM_LOCKED, type SysvRow } from '../join/sysv-row.ts';
import type { ShmObject, Verdict } from '../object.ts';
import { type Assembly, assembleName, permsText, statusOf, unlessZero } from './assemble.ts';
import { NO_HOLDERS } from './assemble-holders.ts';

export type UnjudgedContext = Pick<Assembly, 'userName' | 'groupName' | 'ownNamespace'>;

/** Nothing is offered for removal on it. */
const NOT_JUDGED: Verdict = { state: 'unknown', evidence: [{ code: 'not-judged' }] };

export function unjudgedName(entry: ShmEntry, { userName, groupName }: UnjudgedContext): ShmObject {
  const draft = {
    id: fileId('posix', entry.device, entry.inode),
    kind: 'posix',
    entry,
    otherNames: [],
    holds: NO_HOLDS,
  } as const;
  return assembleName(
    { ...draft, otherNames: [] },
    { verdict: NOT_JUDGED },
    { userName, groupName, facts: () => undefined },
  );
}

export function unjudgedSegment(row: SysvRow, { userName, groupName, ownNamespace }: UnjudgedContext): ShmObject {
  const { ipcNamespace, shmid, sizeBytes, nattch } = row;
  const key = keyText(row.key);
  return {
    id: sysvId(ipcNamespace, shmid),
    shortId: sysvShortId(ipcNamespace, shmid, ownNamespace),
    kind: 'sysv',
    rawName: key,
    shmid,
    key,
    ipcNamespace,
    sizeBytes,
    nattch,
    perms: permsText(row.mode),
    status: statusOf((row.mode & SHM_DEST) !== 0, (row.mode & SHM_LOCKED) !== 0, false),
    uid: row.uid,
    user: userName(row.uid),
    gid: row.gid,
    group: groupName(row.gid),
    cuid: row.cuid,
    cgid: row.cgid,
    atimeSec: unlessZero(row.atimeSec),
    dtimeSec: unlessZero(row.dtimeSec),
    ctimeSec: unlessZero(row.ctimeSec),
    holders: NO_HOLDERS,
    // What the kernel counts is known.
    verdict: nattch > 0 ? { state: 'in-use', evidence: [{ code: 'attached', count: nattch }] } : NOT_JUDGED,
  };
}
