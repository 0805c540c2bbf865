// POSIX message queues by their system calls (older libcs keep the functions in another library): mq_overview(7). -errno on failure.
import { constants } from 'node:fs';
import { O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';
import { writeU64 } from './memory.ts';

/** `struct mq_attr`: eight longs: flags, how many messages at most, of how many bytes at most, how many there are now. */
const ATTR_BYTES = 64;

/** Makes a queue that did not exist: a descriptor, or -errno (-EINVAL above fs.mqueue.*, -EMFILE above RLIMIT_MSGQUEUE, -EEXIST). */
export function mqCreate(libc: Libc, name: string, mostMessages: number, messageBytes: number): number {
  const attr = libc.allocate(ATTR_BYTES);
  writeU64(attr.u32, 2, mostMessages);
  writeU64(attr.u32, 4, messageBytes);
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | O_CLOEXEC;
  return libc.result(libc.raw.syscall(libc.numbers.mq_open, libc.path(name), flags, 0o600, attr.address, 0));
}

/** Opens one that exists: a descriptor, or -errno. Names are without the slash that mq_open(3) wants. */
export function mqOpen(libc: Libc, name: string): number {
  return libc.result(libc.raw.syscall(libc.numbers.mq_open, libc.path(name), constants.O_RDWR | O_CLOEXEC, 0, 0, 0));
}

/** mq_unlink(3): 0 or -errno; who has it open keeps it. */
export function mqUnlink(libc: Libc, name: string): number {
  return libc.result(libc.raw.syscall(libc.numbers.mq_unlink, libc.path(name), 0, 0, 0, 0));
}

/** mq_timedsend(3) until a CLOCK_REALTIME time: 0, -ETIMEDOUT, -EMSGSIZE. */
export function mqTimedSend(libc: Libc, fd: number, address: number, length: number, deadline: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.mq_timedsend, fd, address, length, 0, deadline));
}

/** mq_timedreceive(3) until a CLOCK_REALTIME time, with room for the longest message: its length, or -ETIMEDOUT. */
export function mqTimedReceive(libc: Libc, fd: number, address: number, length: number, deadline: number): number {
  // The address of the priority stays null: five arguments of a system call are all that is needed.
  return libc.result(libc.raw.syscall(libc.numbers.mq_timedreceive, fd, address, length, 0, deadline));
}
