// koffi.view: native memory as an ArrayBuffer, without a copy.
import type { Libc } from './libc.ts';

/** Above this koffi.view ends the process with a fatal error that nobody can catch. */
export const MAX_VIEW_BYTES = 2 ** 32;

/**
 * The memory at `address` as an ArrayBuffer; its end is the owner's business: reading it after shmdt(2) or munmap(2) kills
 * the process with SIGSEGV, so drop every reference first. Atomics work on it (wait and notify do not: use futex.ts).
 */
export function viewMemory(libc: Libc, address: number, lengthBytes: number): ArrayBuffer {
  if (lengthBytes > MAX_VIEW_BYTES) throw new RangeError(`koffi.view of ${lengthBytes} bytes would abort the process`);
  return libc.koffi.view(BigInt(address), lengthBytes);
}
