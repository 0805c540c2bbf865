// System V shared memory: shmget(2), shmat(2), shmdt(2), shmctl(2). Each returns -errno on failure.
import { IPC } from './layout.ts';
import type { Libc } from './libc.ts';

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

/** Marks a segment for destruction (IPC_RMID): 0 or -errno. Tests, removal and load use it; the probe never does. */
export function removeSegment(libc: Libc, shmid: number): number {
  return shmctl(libc, shmid, IPC.RMID);
}
