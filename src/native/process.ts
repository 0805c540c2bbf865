// Processes and namespaces as libc sees them: pidfd_open(2), setns(2), geteuid(2), their CPU time. -errno on failure.
import { CLONE_NEWIPC } from './layout.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

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

/**
 * _exit(2): ends the process now, threads that hang in killable waits too; nothing is flushed, no handler runs. Where libc is not
 * there, kill(2) does it, and the exit status is that of SIGKILL.
 */
export function exitNow(libc: Libc | undefined, status: number): never {
  libc?.raw._exit(status);
  process.kill(process.pid, 'SIGKILL');
  throw new Error('still here');
}

/** kcmp(2) with KCMP_FILES: do two threads share one table of descriptors? Answers as `compareAddressSpaces` does. */
export function compareDescriptorTables(libc: Libc, tid: number, other: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.kcmp, tid, other, 2, 0, 0));
}

/** getpgid(2): the process group, 0 where that is none of our pid namespace (kernel threads have no other), or -ESRCH. */
export function processGroup(libc: Libc, pid: number): number {
  return libc.result(libc.raw.getpgid(pid));
}

/** What `cpuTimeNs` writes: a `struct timespec`. */
export const TIMESPEC_BYTES = 16;

/**
 * CPU time of a process so far, nanoseconds: of all its threads, those that have ended too. It counts every time that the
 * scheduler takes a thread off a processor, so it stands still exactly while no thread runs; of one that runs right now it
 * may lack the last milliseconds. Anybody may ask about any process (clock_getcpuclockid(3)). -EINVAL: there is none.
 */
export function cpuTimeNs(libc: Libc, pid: number, time: NativeMemory): number {
  // MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED), include/linux/posix-timers.h
  const failed = libc.raw.clock_gettime((~pid << 3) | 2, time.address);
  if (failed !== 0) return libc.result(failed);
  return time.u32[0] * 1e9 + time.u32[2];
}
