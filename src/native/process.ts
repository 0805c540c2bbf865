// Processes and namespaces as libc sees them: pidfd_open(2), setns(2), geteuid(2). Each returns -errno on failure.
import { CLONE_NEWIPC } from './layout.ts';
import type { Libc } from './libc.ts';

/**
 * pidfd_open(2), to ask whether a process exists without signalling it: a descriptor (close it), or -ESRCH when there is
 * none, in this pid namespace; -ENOSYS before Linux 5.3. It answers also where /proc hides the process (hidepid).
 */
export function pidfdOpen(libc: Libc, pid: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.pidfd_open, pid, 0, 0, 0, 0));
}

/** setns(2) of the calling thread into the IPC namespace behind `fd`: 0 or -errno (needs CAP_SYS_ADMIN). */
export function enterIpcNamespace(libc: Libc, fd: number): number {
  return libc.result(libc.raw.setns(fd, CLONE_NEWIPC));
}

/** The effective user id of this process. */
export function effectiveUid(libc: Libc): number {
  return libc.raw.geteuid();
}

/** Bytes of a page of this machine (getpagesize(2)): 4096 on x86_64, up to 65536 on arm64. */
export function pageSizeBytes(libc: Libc): number {
  return libc.raw.getpagesize();
}

/**
 * kcmp(2) with KCMP_VM: do two processes share one address space, as after vfork(2)? 0 when they do, above 0 when not,
 * -errno when it cannot be asked (-ESRCH: one is gone, -EPERM, -ENOSYS without CONFIG_KCMP).
 */
export function compareAddressSpaces(libc: Libc, pid: number, other: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.kcmp, pid, other, 1, 0, 0));
}
