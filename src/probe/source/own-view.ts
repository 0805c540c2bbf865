// From where we look: pids, start times and paths of control groups mean something else in other namespaces, files below another root.
import { readlinkSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';
import type { Io } from './io.ts';

/** /proc/PID/stat tells start times by the clock of the reader's time namespace (time_namespaces(7)), cgroup paths below its root. */
const KINDS = ['pid', 'cgroup', 'time'] as const;

/**
 * Inodes of those namespaces of ours, with dots between: what two processes tell of a third is comparable where these are equal. A kind
 * that the kernel does not have is 0; throws what readlink(2) says otherwise.
 */
export const ownView = (): string => KINDS.map(inodeOf).join('.');

function inodeOf(kind: (typeof KINDS)[number]): string {
  try {
    return /\d+/.exec(readlinkSync(`/proc/self/ns/${kind}`))?.[0] ?? '0';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '0';
    throw error;
  }
}

/** Are files by absolute paths those of the first process? Not in a chroot or container; false where that may not be asked. */
export function isRootOfMachine(io: Io): boolean {
  const [own, first] = [io.stat('/', 'follow'), io.stat('/proc/1/root/', 'follow')];
  return (
    typeof own !== 'number' && typeof first !== 'number' && own.device === first.device && own.inode === first.inode
  );
}
