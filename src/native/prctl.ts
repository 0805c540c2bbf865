// prctl(2): what a process asks the kernel to do with itself. Returns -errno on failure.
import type { Libc } from './libc.ts';

const PR_SET_PDEATHSIG = 1;
const PR_SET_PTRACER = 0x59616d61;

/**
 * Asks for `signal` when the parent dies: 0 or -errno. "Parent" is the *thread* that created this process, so children
 * are spawned from the main thread; and the parent may be gone already: compare getppid(2) after this call.
 */
export function setParentDeathSignal(libc: Libc, signal: number): number {
  return libc.result(libc.raw.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0));
}

/** Lets a process and its descendants read and write our memory, where Yama restricts that: 0, or -EINVAL where it does not. */
export function allowTracingBy(libc: Libc, pid: number): number {
  return libc.result(libc.raw.prctl(PR_SET_PTRACER, pid, 0, 0, 0));
}
