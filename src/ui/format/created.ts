// When an object came to be, as far as the kernel tells.
import type { ShmObject } from '../../probe/model/object.ts';

/**
 * Seconds since the epoch: the birth time of a file; else ctime, which for a segment is its creation or its last IPC_SET or
 * IPC_RMID (shmctl(2)), and mtime where that is earlier. Absent where the kernel tells none of them.
 */
function createdSec(object: ShmObject): number | undefined {
  if (object.btimeSec !== undefined) return object.btimeSec;
  if (object.ctimeSec === undefined || object.kind === 'sysv') return object.ctimeSec;
  return Math.min(object.ctimeSec, object.mtimeSec ?? object.ctimeSec);
}

/** Seconds since then; negative if it lies in the future. */
export function ageSeconds(object: ShmObject, nowSec: number): number | undefined {
  const created = createdSec(object);
  return created === undefined ? undefined : Math.floor(nowSec - created);
}
