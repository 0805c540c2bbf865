// System V message queues: msgget(2), msgsnd(2), msgrcv(2), msgctl(2). Each returns -errno on failure.
import { IPC } from './layout.ts';
import type { Libc } from './libc.ts';

/** Commands of msgctl(2) that list (<linux/msg.h>). */
const MSG_INFO = 12;
const MSG_STAT_ANY = 13;
/**
 * `struct msqid64_ds`: key and owners as in SHMID_DS; then stime, rtime, ctime as 64-bit words, cbytes, qnum, qbytes, and the pids of
 * the last to send and to receive (<asm-generic/msgbuf.h>, the same on x86_64 and arm64).
 */
export const MSQID_DS = {
  size: 120,
  key: 0,
  uid: 4,
  cuid: 12,
  stime: 48,
  rtime: 56,
  ctime: 64,
  lspid: 96,
  lrpid: 100,
} as const;
/** Before the text of a message: its type, a long above 0. */
/** `struct msginfo` after MSG_INFO (msgctl(2)): seven ints and a short; how many queues there are, and the limit MSGMNI. */
export const MSG_INFO_BYTES = 32;
export const MSG_INFO_LAYOUT = { queues: 0, mostQueues: 16 } as const;

export const MESSAGE_TYPE_BYTES = 8;

/** msgget(2): an id, or -errno (-ENOSPC at MSGMNI, -EEXIST with IPC_EXCL). */
export function msgget(libc: Libc, key: number, flags: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.msgget, key, flags, 0, 0, 0));
}

/** msgsnd(2) of `length` bytes after the type at `address`: 0; waits for room; -EIDRM when the queue went, -EINVAL above msgmax. */
export function msgsnd(libc: Libc, id: number, address: number, length: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.msgsnd, id, address, length, 0, 0));
}

/** msgrcv(2) of the first message, at most `length` bytes after the type at `address`: its length; -EIDRM when the queue went. */
export function msgrcv(libc: Libc, id: number, address: number, length: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.msgrcv, id, address, length, 0, 0));
}

/** msgctl(2) IPC_RMID: 0 or -errno; who waits in it wakes with EIDRM. */
export function removeQueue(libc: Libc, id: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.msgctl, id, IPC.RMID, 0, 0, 0));
}

/** The highest used index of the table of queues, or -errno. `address` has room for a record. */
export function highestQueue(libc: Libc, address: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.msgctl, 0, MSG_INFO, address, 0, 0));
}

/** The id of the queue at an index, and its record (MSQID_DS) at `address`; -EINVAL where there is none. */
export function statQueue(libc: Libc, index: number, address: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.msgctl, index, MSG_STAT_ANY, address, 0, 0));
}
