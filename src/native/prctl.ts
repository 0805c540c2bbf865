// prctl(2): what a process asks the kernel to do with itself. Returns -errno on failure.
import type { Libc } from './libc.ts';

const PR_SET_PDEATHSIG = 1;

/**
 * Asks for `signal` when the parent dies: 0 or -errno. "Parent" is the *thread* that created this process, so children
 * are spawned from the main thread; and the parent may be gone already: compare getppid(2) after this call.
 */
export function setParentDeathSignal(libc: Libc, signal: number): number {
  return libc.result(libc.raw.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0));
}
