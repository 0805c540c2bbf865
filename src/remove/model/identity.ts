// Is it still the object that was listed, and still as idle? PURE comparisons; the answer is the first difference, in words.

import { keyText } from '../../probe/model/identity.ts';
import { deviceText } from '../../probe/model/join/mapping-record.ts';
import { SHM_DEST, type SysvRow } from '../../probe/model/join/sysv-row.ts';
import type { ShmObject } from '../../probe/model/object.ts';

const PERMISSION_BITS = 0o777;
/** The kernel's clock of time stamps runs up to one tick (10 ms at most) behind the one that dates the listing. */
const TICK_MS = 20;

/** What shmctl(2) says of a segment, without whose it is. */
export type SegmentRecord = Omit<SysvRow, 'ipcNamespace' | 'shmid' | 'rssBytes' | 'swapBytes' | 'version'>;

/** The part of a segment's record that says who last used it. */
type Use = Pick<SegmentRecord, 'lpid' | 'atimeSec' | 'dtimeSec'>;

/** A segment's identity: the record of the same shmid differs from the listing in …; undefined: in nothing. */
export function segmentDifference(object: ShmObject, now: SegmentRecord): string | undefined {
  const { uid, gid, ctimeSec, perms } = object;
  const origin = originDifference(object, now);
  if (origin !== undefined) return origin;
  if (now.ctimeSec !== (ctimeSec ?? 0)) return 'another segment has its shmid, or it was given to somebody';
  if (now.uid !== uid || now.gid !== gid) return 'its owner is another';
  if ((now.mode & PERMISSION_BITS).toString(8).padStart(3, '0') !== perms) return 'its permissions are others';
  return undefined;
}

/** The part of it that IPC_SET does not change. */
export function originDifference(object: ShmObject, now: SegmentRecord): string | undefined {
  const { creator, cuid, cgid, sizeBytes, key } = object;
  if (now.sizeBytes !== sizeBytes) return `its size was ${sizeBytes} and is ${now.sizeBytes} bytes`;
  if (now.cpid !== (creator?.pid ?? 0)) return `its creator was ${creator?.pid ?? 0} and is ${now.cpid}`;
  if (now.cuid !== cuid || now.cgid !== cgid) return 'its creating user is another';
  if (keyText(now.key) !== key) return `its key was ${key} and is ${keyText(now.key)}`;
  const isDest = object.status.includes('dest');
  return isDest === ((now.mode & SHM_DEST) !== 0) ? undefined : 'it was marked for destruction meanwhile';
}

/** Whether anybody has used the segment since it was listed as unheld; undefined: nobody. */
export function segmentUse(object: ShmObject, now: SegmentRecord): string | undefined {
  if (now.nattch > 0) return 'somebody attached it';
  const listed: Use = {
    lpid: object.lastUser?.pid ?? 0,
    atimeSec: object.atimeSec ?? 0,
    dtimeSec: object.dtimeSec ?? 0,
  };
  if (now.lpid !== listed.lpid) return `process ${now.lpid} has used it`;
  if (now.atimeSec !== listed.atimeSec || now.dtimeSec !== listed.dtimeSec) return 'it was attached in between';
  return undefined;
}

/**
 * Times of segments have whole seconds: what was made or used in the second of the listing cannot be told from what is
 * made or used later in that second.
 */
export function isTooFresh({
  object,
  isForced,
  listedAtMs,
}: {
  object: ShmObject;
  isForced: boolean;
  listedAtMs: number;
}) {
  if (object.kind !== 'sysv') return false;
  const newest = isForced
    ? (object.ctimeSec ?? 0)
    : Math.max(object.ctimeSec ?? 0, object.atimeSec ?? 0, object.dtimeSec ?? 0);
  return newest >= Math.floor((listedAtMs - TICK_MS) / 1000);
}

/** What statx(2) says of a name; the same record as in listings. */
export interface NameRecord {
  readonly device: number;
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly atimeSec: number;
  readonly mtimeSec: number;
  readonly ctimeSec: number;
  /** Absent where the file system does not keep it. */
  readonly btimeSec?: number;
}

const S_IFMT = 0o170000;
const TYPES = new Map<number, readonly ShmObject['type'][]>([
  [0o100000, ['file', 'semaphore']],
  [0o040000, ['directory']],
  [0o120000, ['symlink']],
  [0o010000, ['fifo']],
  [0o140000, ['socket']],
]);

/**
 * A name's identity: what it leads to is not the inode that was listed; undefined: it is. The numbers of a tmpfs that was unmounted
 * go to the next one, and its inodes are counted from the start: when it was born tells them apart.
 */
export function nameDifference(object: ShmObject, now: NameRecord): string | undefined {
  if (deviceText(now.device) !== object.device || now.inode !== object.inode) return 'another object has its name';
  const isBirthKnown = object.btimeSec !== undefined && now.btimeSec !== undefined;
  if (isBirthKnown && object.btimeSec !== now.btimeSec) return 'another object has its name';
  const types = TYPES.get(now.mode & S_IFMT) ?? ['other'];
  return types.includes(object.type) ? undefined : 'it is of another type';
}

/** Whether anybody has changed the file since it was listed as unheld; undefined: nobody. Directories change with their content. */
export function nameUse(object: ShmObject, now: NameRecord): string | undefined {
  if (object.type === 'directory') return undefined;
  if (now.uid !== object.uid || now.gid !== object.gid) return 'its owner is another';
  if (now.sizeBytes !== object.sizeBytes) return `its size was ${object.sizeBytes} and is ${now.sizeBytes} bytes`;
  if (now.links !== object.links) return `it had ${object.links} names and has ${now.links}`;
  if (now.mtimeSec !== object.mtimeSec || now.ctimeSec !== object.ctimeSec) return 'it was changed in between';
  return now.atimeSec === object.atimeSec ? undefined : 'it was read in between';
}
