// System V semaphore sets: semget(2), semctl(2), semtimedop(2). Each returns -errno on failure.
import type { Libc } from './libc.ts';

/** Commands of semctl(2) (<sys/sem.h>, <linux/sem.h>); the numbers are the same on x86_64 and arm64. */
export const SEM = {
  RMID: 0,
  INFO: 3,
  GETPID: 11,
  GETVAL: 12,
  GETALL: 13,
  SETALL: 17,
  SEM_INFO: 19,
  STAT_ANY: 20,
} as const;
export const IPC_NOWAIT = 0o4000;
/** `struct sembuf` (semop(2)): u16 index, i16 operation, i16 flags. */
export const SEMBUF_BYTES = 6;
/**
 * `struct semid64_ds`: the key and owners as in SHMID_DS; sem_otime, then sem_ctime. x86_64 keeps 8 reserved bytes after
 * each time (<asm/sembuf.h>); arm64 and the other 64-bit machines do not (<asm-generic/sembuf.h>).
 */
export const SEMID_DS = { size: 128, key: 0, uid: 4, cuid: 12, ctimeX64: 64, ctimeGeneric: 56 } as const;
/** `struct seminfo`: ten ints; `semusz` is at 28, the highest used index is the result of the call. */
export const SEMINFO_BYTES = 40;
/** Of it after SEM_INFO (semctl(2)): the limits SEMMNI and SEMMNS, and how many sets and semaphores there are. */
export const SEMINFO_LAYOUT = { mostSets: 4, mostSemaphores: 8, sets: 28, semaphores: 36 } as const;

/** semget(2): a semid, or -errno (-ENOSPC at the limits SEMMNI and SEMMNS, /proc/sys/kernel/sem). */
export function semget(libc: Libc, key: number, count: number, flags: number): number {
  return libc.result(libc.raw.semget(key | 0, count, flags));
}

/** semctl(2) with a value or address as fourth argument: its result, or -errno. */
export function semctl(libc: Libc, semid: number, index: number, command: number, argument = 0): number {
  return libc.result(libc.raw.semctl(semid, index, command, argument));
}

/** semtimedop(2) of `count` records at `ops`: 0, -EAGAIN after the time-out, -EIDRM when the set went, -EINTR. */
export function semtimedop(libc: Libc, semid: number, ops: number, count: number, timeoutAddress: number): number {
  return libc.result(libc.raw.semtimedop(semid, ops, count, timeoutAddress));
}
