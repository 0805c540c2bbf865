// The links below /proc/PID/ns: which namespace of a kind a process is in.
import { ENOENT } from '../../native/errno.ts';
import type { Io } from './io.ts';

/** The inode of a namespace of a process as decimal text; undefined where it may not be read. */
export function readNamespace(
  io: Io,
  procRoot: string,
  pid: number | string,
  kind: 'ipc' | 'pid' | 'mnt',
): string | undefined {
  const answer = askNamespace(io, procRoot, pid, kind);
  return typeof answer === 'number' ? undefined : answer;
}

/** The same, or -errno: EACCES where the process may not be asked, ENOENT where it has none any more. */
export function askNamespace(
  io: Io,
  procRoot: string,
  pid: number | string,
  kind: 'ipc' | 'pid' | 'mnt',
): string | number {
  const link = io.readLink(`${procRoot}/${pid}/ns/${kind}`);
  if (typeof link === 'number') return link;
  // `ipc:[4026531839]`
  return link.endsWith(']') ? link.slice(kind.length + 2, -1) : -ENOENT;
}
