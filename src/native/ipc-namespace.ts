// An IPC namespace of one's own: unshare(2). -errno on failure.
import { CLONE_NEWIPC } from './layout.ts';
import type { Libc } from './libc.ts';

/**
 * Moves the calling thread into a new, empty IPC namespace: 0, -EPERM (needs CAP_SYS_ADMIN) or -ENOSPC (user.max_ipc_namespaces).
 * What is made there (semaphore sets, message queues) goes with the last process and the last descriptor of the namespace
 * (ipc_namespaces(7)): nothing of it can be left behind. Segments that are mapped stay mapped.
 */
export function newIpcNamespace(libc: Libc): number {
  return libc.result(libc.raw.syscall(libc.numbers.unshare, CLONE_NEWIPC, 0, 0, 0, 0));
}
