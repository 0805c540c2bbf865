// setpgid(2): a process group keeps the number of its leader from being given to another process. -errno on failure.
import type { Libc } from './libc.ts';

/** Puts this process into the group `leader`, 0 for one of its own: 0, or -EPERM (no such group in this session). */
export function joinProcessGroup(libc: Libc, leader: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.setpgid, 0, leader, 0, 0, 0));
}
