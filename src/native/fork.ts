// A child that inherits memory and does nothing with it: clone(2) without CLONE_VM, which is what fork(2) is. -errno on failure.
import { constants } from 'node:os';
import type { Libc } from './libc.ts';

const STACK_BYTES = 65_536;
const IONBF = 2;

/**
 * Starts a child that holds what it inherited until `fd` comes to its end; its pid. No JavaScript can run in it: V8 keeps its heap out of
 * children (MADV_DONTFORK), and its other threads are not there. So it is in fgetc(3) of libc from its first instruction on, without a
 * buffer, and ends when that returns. Nobody but the one whose end this child is tied to may hold the other end of `fd`.
 */
export function forkHolder(libc: Libc, fd: number): number {
  const { raw, allocate, path, result } = libc;
  const mode = allocate(8);
  mode.bytes.set(Buffer.from('r\0'));
  const stream = Number(raw.fdopen(fd, mode.address));
  if (stream === 0) return result(-1);
  raw.setvbuf(stream, 0, IONBF, 0);
  const stack = allocate(STACK_BYTES);
  const top = Math.floor((stack.address + STACK_BYTES) / 64) * 64 - 64;
  return result(raw.clone(raw.dlsym(0, path('fgetc')), top, constants.signals.SIGCHLD, stream));
}

/** Waits until a child is gone: its pid, or -ECHILD. */
export function reap(libc: Libc, pid: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.wait4, pid, 0, 0, 0, 0));
}
