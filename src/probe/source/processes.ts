// Facts about single processes: state and start time, user, nested pids, namespaces, container. Read for those that matter.
import type { Container } from '../model/object.ts';
import { parseContainer } from '../parse/cgroup.ts';
import { type PidStat, parsePidStat } from '../parse/pid-stat.ts';
import { type Io, readText } from './io.ts';
import type { Namespaces } from './namespaces.ts';

/** A process at the moment it was read; (pid, startTicks) identifies it. */
export interface ProcessFacts extends PidStat {
  readonly pid: number;
  readonly uid?: number;
  readonly ipcNamespace?: string;
  readonly container?: Container;
}

/** /proc/PID/stat, or undefined when there is no such process, or /proc hides it. Never blocks on the process's memory lock. */
export function readPidStat(io: Io, procRoot: string, pid: number | string): PidStat | undefined {
  const text = readText(io, `${procRoot}/${pid}/stat`);
  return typeof text === 'number' ? undefined : parsePidStat(text);
}

/** Everything that a holder's line shows. Undefined when the process is gone. A container has a mount namespace of its own. */
export function readProcessFacts(
  io: Io,
  procRoot: string,
  pid: number,
  { ipcOf, mountOf, ownMount }: Namespaces,
): ProcessFacts | undefined {
  const stat = readPidStat(io, procRoot, pid);
  if (!stat) return undefined;
  // The directory belongs to the effective user even where the process is not dumpable (task_dump_owner, fs/proc/base.c).
  const directory = io.stat(`${procRoot}/${pid}`, 'follow');
  const mount = mountOf.get(pid);
  const isContained = mount !== undefined && mount !== ownMount;
  const cgroup = isContained ? readText(io, `${procRoot}/${pid}/cgroup`) : 0;
  return {
    ...stat,
    pid,
    uid: typeof directory === 'number' ? undefined : directory.uid,
    ipcNamespace: ipcOf.get(pid),
    container: typeof cgroup === 'number' ? undefined : parseContainer(cgroup),
  };
}

/** The inode of a namespace of a process as decimal text; undefined where it may not be read. */
export function readNamespace(
  io: Io,
  procRoot: string,
  pid: number | string,
  kind: 'ipc' | 'pid' | 'mnt',
): string | undefined {
  const link = io.readLink(`${procRoot}/${pid}/ns/${kind}`);
  // `ipc:[4026531839]`
  return typeof link === 'number' || !link.endsWith(']') ? undefined : link.slice(kind.length + 2, -1);
}
