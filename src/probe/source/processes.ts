// Facts about single processes: state and start time, user, nested pids, namespaces, container. Read for those that matter.
import { ENOENT, ESRCH } from '../../native/errno.ts';
import type { Container } from '../model/object.ts';
import { parseContainer } from '../parse/cgroup.ts';
import { type PidStat, parsePidStat } from '../parse/pid-stat.ts';
import { MOST_CGROUP_BYTES, MOST_STAT_BYTES } from '../territory/patience/caps.ts';
import { type Io, readText } from './io.ts';
import type { Namespaces } from './namespaces.ts';
import type { ProcessNotes } from './process-notes.ts';

/** A process at the moment it was read; (pid, startTicks) identifies it. */
export interface ProcessFacts extends PidStat {
  readonly pid: number;
  readonly uid?: number;
  readonly ipcNamespace?: string;
  readonly container?: Container;
}

/** `gone`: there is no such process, or /proc hides it whole. `unreadable`: there is one, but nothing can be said of it. */
export type NoStat = 'gone' | 'unreadable';

/** /proc/PID/stat. Never blocks on the process's memory lock. */
export function readPidStat(io: Io, procRoot: string, pid: number | string): PidStat | NoStat {
  const text = readText(io, `${procRoot}/${pid}/stat`, MOST_STAT_BYTES);
  if (typeof text === 'number') return text === -ENOENT || text === -ESRCH ? 'gone' : 'unreadable';
  return parsePidStat(text) ?? 'unreadable';
}

/** True for a process that could be read. */
export function isStat(stat: PidStat | NoStat): stat is PidStat {
  return typeof stat !== 'string';
}

/**
 * Everything that a holder's line shows. Undefined when the process is gone. A container has a mount namespace of its own;
 * which one it is may be changed by others (the cgroup), so that is asked each time.
 */
export function readProcessFacts(
  io: Io,
  procRoot: string,
  pid: number,
  { ipcOf, mountOf, ownMount }: Namespaces,
  notes: ProcessNotes = {},
): ProcessFacts | undefined {
  if (!notes.stat) {
    const stat = readPidStat(io, procRoot, pid);
    if (!isStat(stat)) return undefined;
    notes.stat = stat;
  }
  notes.owner ??= readOwner(io, procRoot, pid);
  const mount = mountOf.get(pid);
  const isContained = mount !== undefined && mount !== ownMount;
  const cgroup = isContained ? readText(io, `${procRoot}/${pid}/cgroup`, MOST_CGROUP_BYTES) : 0;
  return {
    ...notes.stat,
    pid,
    uid: notes.owner.uid,
    ipcNamespace: ipcOf.get(pid),
    container: typeof cgroup === 'number' ? undefined : parseContainer(cgroup),
  };
}

/** The directory belongs to the effective user even where the process is not dumpable (task_dump_owner, fs/proc/base.c). */
function readOwner(io: Io, procRoot: string, pid: number): { readonly uid?: number } {
  const directory = io.stat(`${procRoot}/${pid}`, 'follow');
  return typeof directory === 'number' ? {} : { uid: directory.uid };
}

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
