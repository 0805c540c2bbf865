// What one tick of the sampler found: plain data, structured-cloneable, the only thing that cli and ui ever see.
import type { LeftOut } from './assemble/ceiling.ts';
import type { Gap } from './gap.ts';
import type { NamespaceFacts } from './namespace-facts.ts';
import type { ShmObject } from './object.ts';
import type { OtherLimit } from './other-limits.ts';

export interface Host {
  readonly hostname: string;
  /** `uname -r` */
  readonly kernel: string;
  /** Inodes of our own namespaces as decimal text; absent where /proc does not tell. */
  readonly ipcNamespace?: string;
  readonly pidNamespace?: string;
  /** The user that runs shmtop. */
  readonly user: string;
  readonly uid: number;
}

export interface Visibility {
  /** Processes that exist in /proc, kernel threads not counted. */
  readonly processes: number;
  /** Those whose mappings and descriptors could be read. */
  readonly inspected: number;
  /** True when nothing that could hold an object was hidden from this sample. */
  readonly complete: boolean;
  readonly gaps: readonly Gap[];
}

/** One tmpfs that holds POSIX objects. Absent numbers: the mount has no such limit. */
export interface ShmMount {
  /** Where our mount namespace shows it, or `/proc/<pid>/root/dev/shm` for another one. */
  readonly path: string;
  /** `major:minor`, decimal. */
  readonly device: string;
  /** Inode of the mount namespace through which it was found; absent: ours. */
  readonly mountNamespace?: string;
  /** Of our mount namespace, but somebody else fills it: its top is a user's, or an engine mounted it for a container or a pod. */
  readonly isOfOthers?: boolean;
  /** Not every name in it was looked at: too many, not readable, or not in time. Absent: all were. */
  readonly isPartly?: boolean;
  readonly sizeBytes?: number;
  readonly usedBytes?: number;
  readonly inodes?: number;
  readonly inodesUsed?: number;
  /** Names beyond those that are listed, which are the largest; absent: none. */
  readonly unlisted?: number;
}

/** In our own mount namespace, and no engine keeps it there for a container. */
export const isOwnMount = ({ mountNamespace, isOfOthers }: ShmMount): boolean =>
  mountNamespace === undefined && !isOfOthers;

/** Ceilings of our own IPC namespace; numbers that may exceed 2^53 are decimal text. Absent: not readable. */
export interface Limits {
  /** Most segments. */
  readonly shmmni?: string;
  /** Most pages in all segments. */
  readonly shmall?: string;
  /** Most bytes of one segment. */
  readonly shmmax?: string;
  readonly segments: number;
  readonly pages: number;
  readonly pageSizeBytes: number;
  /** kernel.shm_rmid_forced: segments go with their last attach or their creator. Absent: not readable, or an old kernel. */
  readonly shmRmidForced?: boolean;
  readonly mounts: readonly ShmMount[];
  /** Where they were asked for. */
  readonly others?: readonly OtherLimit[];
}

export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly takenAtMs: number;
  readonly host: Host;
  readonly visibility: Visibility;
  readonly limits: Limits;
  /** Segments in the order of the kernel's tables, ours first, then the others by kind and name. */
  readonly objects: readonly ShmObject[];
  /** Of this machine, where they were asked for. */
  readonly namespaces?: readonly NamespaceFacts[];
  /** What was judged and is not among them, since there are too many; absent: these are all. */
  readonly leftOut?: LeftOut;
  /** What could not be read apart from processes (those are in `visibility.gaps`). */
  readonly gaps: readonly Gap[];
}

/** How many objects exist, as far as they were counted, that are not among those of the snapshot. */
export function countUnlisted({ leftOut, limits }: Pick<Snapshot, 'leftOut' | 'limits'>): number {
  return limits.mounts.reduce((sum, { unlisted = 0 }) => sum + unlisted, leftOut?.objects ?? 0);
}
