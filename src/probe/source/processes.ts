// Facts about single processes: state and start time, user, nested pids, namespaces, container. Read for those that matter.
import type { Place } from '../parse/cgroup.ts';
import type { PidStat } from '../parse/pid-stat.ts';
import type { Io } from './io.ts';
import type { Namespaces } from './namespaces.ts';
import { isStat, readPidStat } from './pid-stat.ts';
import type { ProcessNotes } from './process-notes.ts';

/** A process at the moment it was read; (pid, startTicks) identifies it. */
export interface ProcessFacts extends PidStat, Place {
  readonly pid: number;
  readonly uid?: number;
  readonly ipcNamespace?: string;
}

/** In which container, unit and job a process is. `contained`: only who has a mount namespace of his own is asked, as containers have. */
export interface WhosePlaces {
  readonly placeOf: (pid: number, notes: ProcessNotes, isContained: boolean) => Place;
  readonly of: 'all' | 'contained';
}

const NOWHERE: Place = {};

/** Everything that a holder's line shows. Undefined when the process is gone. */
export function readProcessFacts(
  io: Io,
  procRoot: string,
  pid: number,
  { ipcOf, mountOf, ownMount }: Namespaces,
  notes: ProcessNotes,
  { placeOf, of }: WhosePlaces,
): ProcessFacts | undefined {
  if (!notes.stat) {
    const stat = readPidStat(io, procRoot, pid);
    if (!isStat(stat)) return undefined;
    notes.stat = stat;
  }
  notes.owner ??= readOwner(io, procRoot, pid);
  const mount = mountOf.get(pid);
  const isContained = mount !== undefined && mount !== ownMount;
  const { container, unit, job } = of === 'all' || isContained ? placeOf(pid, notes, isContained) : NOWHERE;
  return {
    ...notes.stat,
    pid,
    uid: notes.owner.uid,
    ipcNamespace: ipcOf.get(pid),
    // Who shares the mounts of the machine is in none, whatever his group is called.
    container: isContained ? container : undefined,
    unit,
    job,
  };
}

/** The directory belongs to the effective user even where the process is not dumpable (task_dump_owner, fs/proc/base.c). */
export function readOwner(io: Io, procRoot: string, pid: number): { readonly uid?: number } {
  const directory = io.stat(`${procRoot}/${pid}`, 'follow');
  return typeof directory === 'number' ? {} : { uid: directory.uid };
}
