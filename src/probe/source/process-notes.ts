// What was read of each process: once a look, and not again at the next one while the process has not run.
import type { ByteString } from '../model/bytes.ts';
import type { FdRecord, MappingRecord } from '../model/join/mapping-record.ts';
import type { Place } from '../parse/cgroup.ts';
import type { PidStat } from '../parse/pid-stat.ts';
import type { MemoryGroup } from './group-memory.ts';
import type { MentionPlace } from './mentions.ts';
import type { PidNames } from './pid-names.ts';

/** Inodes of namespaces as decimal text; absent where they may not be read. */
export interface PidNamespaces {
  readonly ipc?: string;
  readonly mount?: string;
  /** One of them may not be asked for. */
  readonly isRefused: boolean;
}

/** What threads say of themselves, where it is not what the main thread says. */
export interface ThreadNamespaces {
  /** A few of each kind. */
  readonly others: readonly (Pick<PidNamespaces, 'ipc' | 'mount'> & { readonly tid: number })[];
  /** False where some were not asked. */
  readonly isWhole: boolean;
  /** By `monotonicMs()`. */
  readonly readMs: number;
}

/** Mappings and descriptors of shared memory: all that were looked for and may be read. */
export interface Holdings {
  readonly mappings: readonly MappingRecord[];
  readonly fds: readonly FdRecord[];
  /** What of the two could not be read, and why. */
  readonly refused?: { readonly source: 'maps' | 'fd'; readonly reason: 'permission' | 'io' | 'limit' | 'no-answer' };
  /** What they were looked for with; absent where the same question may have another answer though the process does not run. */
  readonly requestKey?: string;
  /** The names in /dev/shm that they were read with, where they have such a name: others may change those. */
  readonly namesEpoch?: number;
}

/** What the control group of a process says; `readMs` by a clock that only goes forward. */
export interface GroupNotes {
  readonly place: Place;
  /** The group that its memory is charged to. */
  readonly group?: MemoryGroup;
  readonly readMs: number;
}

/** Filled in by whoever reads something; absent: not read yet. */
export interface ProcessNotes {
  namespaces?: PidNamespaces;
  /** Kept for a while though the process runs. */
  threads?: ThreadNamespaces;
  holdings?: Holdings;
  /** It has no memory of its own and will not get any: a kernel thread, or a zombie that nobody has waited for. */
  isEmpty?: boolean;
  stat?: PidStat;
  owner?: { readonly uid?: number };
  names?: PidNames;
  /** By pattern: whether it has mapped a file whose path matches. */
  libraries?: Map<RegExp, boolean>;
  /** Paths of its control groups. Others may move it: who was moved long after it began is found late. */
  cgroups?: readonly ByteString[];
  group?: GroupNotes;
  /** Its pids, from ours to the innermost; empty where it is in no other pid namespace. */
  nsPids?: readonly number[];
  /** By name: where in its command line or environment it stands. */
  mentions?: Map<ByteString, MentionPlace | undefined>;
}

export type NotesOf = (pid: number) => ProcessNotes;

/** Notes for one look, empty at its start. */
export function freshNotes(): NotesOf {
  const notes = new Map<number, ProcessNotes>();
  return (pid) => {
    let found = notes.get(pid);
    if (!found) {
      found = {};
      notes.set(pid, found);
    }
    return found;
  };
}
