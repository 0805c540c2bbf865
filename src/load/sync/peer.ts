// Who is signalled: the other worker, found by the pid that it wrote into the ring, and made sure of before the first signal.
import { EINVAL } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { pidfdOpen } from '../../native/process.ts';
import { signalFirstThread, signalThread } from '../../native/signals.ts';
import { isSibling } from '../worker/sibling.ts';

/** A real-time signal, and for kernels before 6.9 one that whoever does not know it ignores (signal(7)). */
export interface SignalNumbers {
  readonly realTime: number;
  readonly harmless: number;
}

/** 0, or -errno (-EAGAIN: too many wait). */
export type Send = () => number;

/**
 * A descriptor holds the process and not its number. Where the kernel cannot signal one thread by it, the number must do, which after
 * a death may be a stranger's: then only a signal is sent that he ignores. Undefined where that pid is not our sibling's.
 */
export function signaller(libc: Libc, pid: number, parentPid: number, numbers: SignalNumbers): Send | undefined {
  const pidfd = pidfdOpen(libc, pid);
  if (pidfd < 0) return undefined;
  const asked = isSibling(pid, parentPid) ? signalThread(libc, pidfd, 0) : -1;
  if (asked === 0) return () => signalThread(libc, pidfd, numbers.realTime);
  close(libc, pidfd);
  return asked === -EINVAL ? () => signalFirstThread(libc, pid, numbers.harmless) : undefined;
}
