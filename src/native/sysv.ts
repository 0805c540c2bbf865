// System V shared memory: shmget(2), shmat(2), shmdt(2), shmctl(2). Each returns -errno on failure.
import { EINVAL } from './errno.ts';
import { IPC, SHMID_DS } from './layout.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';
import { copyOf, ShmidDs, type ShmidFields } from './shmid-ds.ts';

/** shmget(2): a shmid (0 is a valid one), or -errno. */
export function shmget(libc: Libc, key: number, sizeBytes: number, flags: number): number {
  return libc.result(libc.raw.shmget(key | 0, sizeBytes, flags));
}

/** shmat(2) at an address of the kernel's choice: the address, or -errno (user addresses are never negative). */
export function shmat(libc: Libc, shmid: number, flags: number): number {
  return libc.result(Number(libc.raw.shmat(shmid, 0, flags)));
}

/** shmdt(2): 0 or -errno. Reading a koffi view of the segment afterwards kills the process. */
export function shmdt(libc: Libc, address: number): number {
  return libc.result(libc.raw.shmdt(address));
}

/** shmctl(2) with a record at `address` (0 for none): its result, or -errno. SHM_STAT_ANY takes an index, returns a shmid. */
export function shmctl(libc: Libc, shmid: number, command: number, address = 0): number {
  return libc.result(libc.raw.shmctl(shmid, command, address));
}

/** What shmctl(2) says of one segment; `mode` is its permission bits and marks. */
export interface SegmentRecord extends ShmidFields {
  readonly shmid: number;
}

/**
 * One segment of the calling thread's IPC namespace, asked for without needing permission on it (SHM_STAT_ANY answers for
 * the slot and says whose it is now). -EINVAL: there is none with this shmid. `memory` has SHMID_DS.size bytes.
 */
export function statSegment(libc: Libc, shmid: number, memory: NativeMemory): SegmentRecord | number {
  const current = shmctl(libc, shmid, IPC.SHM_STAT_ANY, memory.address);
  if (current >= 0 && current !== shmid) return -EINVAL;
  if (current < 0) {
    // Linux before 4.17 does not know SHM_STAT_ANY and answers EINVAL as well.
    const failed = shmctl(libc, shmid, IPC.STAT, memory.address);
    if (failed < 0) return failed;
  }
  const record = copyOf(new ShmidDs(memory));
  return { shmid, ...record, mode: record.mode & 0o7777 };
}

/**
 * IPC_SET with the owner and mode given; `memory` holds the record that `statSegment` left there. 0 or -errno. The kernel
 * sets ctime to now.
 */
export function setSegment(
  libc: Libc,
  shmid: number,
  { uid, gid, mode }: Pick<SegmentRecord, 'uid' | 'gid' | 'mode'>,
  memory: NativeMemory,
): number {
  memory.u32[SHMID_DS.uid / 4] = uid;
  memory.u32[SHMID_DS.gid / 4] = gid;
  memory.u32[SHMID_DS.mode / 4] = mode;
  return shmctl(libc, shmid, IPC.SET, memory.address);
}

/** Marks a segment for destruction (IPC_RMID): 0 or -errno. Tests, removal and load use it; the probe never does. */
export function removeSegment(libc: Libc, shmid: number): number {
  return shmctl(libc, shmid, IPC.RMID);
}
