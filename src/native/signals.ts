// Signals that are waited for and not handled: rt_sigprocmask(2), signalfd(2), pidfd_send_signal(2), tgkill(2). -errno on failure.
import { constants } from 'node:fs';
import { O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

const SIG_BLOCK = 0;
/** The kernel's signal set: a bit for each of 64. */
const SET_BYTES = 8;
/** To the one thread that the descriptor is of, which of a process is its first (Linux 6.9). */
const PIDFD_SIGNAL_THREAD = 1;
/** `struct signalfd_siginfo`. */
export const SIGINFO_BYTES = 128;

function setOf(libc: Libc, signals: readonly number[]): NativeMemory {
  const set = libc.allocate(SET_BYTES);
  for (const signal of signals) set.u32[(signal - 1) >> 5] |= 1 << ((signal - 1) & 31);
  return set;
}

/** Blocks signals in the calling thread: those that are sent to it wait until they are taken. 0 or -errno. */
export function blockSignals(libc: Libc, signals: readonly number[]): number {
  const set = setOf(libc, signals);
  return libc.result(libc.raw.syscall(libc.numbers.rt_sigprocmask, SIG_BLOCK, set.address, 0, SET_BYTES, 0));
}

/** signalfd(2), not blocking: reading it takes what waits for the calling thread (SIGINFO_BYTES each). A descriptor, or -errno. */
export function signalDescriptor(libc: Libc, signals: readonly number[]): number {
  const set = setOf(libc, signals);
  const flags = constants.O_NONBLOCK | O_CLOEXEC;
  return libc.result(libc.raw.syscall(libc.numbers.signalfd4, -1, set.address, SET_BYTES, flags, 0));
}

/**
 * Sends a signal (0: only asks) to the first thread of the process that `pidfd` is of, and never to another that has its pid now:
 * 0, -ESRCH, -EAGAIN (too many wait: RLIMIT_SIGPENDING), -EINVAL before Linux 6.9.
 */
export function signalThread(libc: Libc, pidfd: number, signal: number): number {
  const { raw, numbers, result } = libc;
  return result(raw.syscall(numbers.pidfd_send_signal, pidfd, signal, 0, PIDFD_SIGNAL_THREAD, 0));
}

/** tgkill(2) to the first thread of a process, by number: for signals that do no harm to whoever else may have it. */
export function signalFirstThread(libc: Libc, pid: number, signal: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.tgkill, pid, pid, signal, 0, 0));
}
