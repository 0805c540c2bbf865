// Facts about single processes: state and start time, user, nested pids, namespaces, container. Read for those that matter.
import type { Container } from '../model/object.ts';
import { parseContainer } from '../parse/cgroup.ts';
import type { PidStat } from '../parse/pid-stat.ts';
import { MOST_CGROUP_BYTES } from '../territory/patience/caps.ts';
import { type Io, readText } from './io.ts';
import type { Namespaces } from './namespaces.ts';
import { isStat, readPidStat } from './pid-stat.ts';
import type { ProcessNotes } from './process-notes.ts';

/** A process at the moment it was read; (pid, startTicks) identifies it. */
export interface ProcessFacts extends PidStat {
  readonly pid: number;
  readonly uid?: number;
  readonly ipcNamespace?: string;
  readonly container?: Container;
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
export function readOwner(io: Io, procRoot: string, pid: number): { readonly uid?: number } {
  const directory = io.stat(`${procRoot}/${pid}`, 'follow');
  return typeof directory === 'number' ? {} : { uid: directory.uid };
}
