// The account of shared memory: what the kernel counts as Shmem, part by part, and what is left over. No byte is in two parts.
import type { ByteString } from '../bytes.ts';

/**
 * `sysv`: the segments of one IPC namespace. `mount`: one tmpfs or devtmpfs, whatever shows it, with all files on it, also those
 * without a name. `memfd`, `anonymous`: all of the machine. `gpu`: buffers of one graphics driver that are made of shmem.
 * `hugetlb`: what keeps huge pages, which are not in Shmem.
 */
export type PartKind = 'sysv' | 'mount' | 'memfd' | 'anonymous' | 'gpu' | 'hugetlb';

/**
 * Why the bytes of a part are not all that is to be known. `unmounted`: mounted nowhere any more, only processes keep it.
 * `no-limit`: the kernel does not count what such a mount takes: known are the objects on it. `not-reached`: hidden or refused,
 * the same. `partly`: some of its objects could not be asked for their size. `swapped`: swap is in use, and how much of it is
 * swapped out is not known: `bytes` has it all. `at-most`: what was allocated, as far as Shmem has room for it: how much of it is in memory
 * the driver does not tell.
 */
export type PartNote = 'unmounted' | 'no-limit' | 'not-reached' | 'partly' | 'swapped' | 'at-most';

/** How it is called: `partLabel` (ui/format/account-words.ts). */
export interface AccountPart {
  /** `sysv:<namespace>`, `mount:<device>`, `memfd`, `anonymous`, `gpu:<id>`, `hugetlb:<what keeps the pages>`. */
  readonly id: string;
  readonly kind: PartKind;
  /** In memory, bytes. */
  readonly bytes: number;
  /** Swapped out beside that; absent: none, or not known. */
  readonly swapBytes?: number;
  /** Bytes of it, swap too, that objects of the snapshot account for; the others are files that are not listed. */
  readonly listedBytes: number;
  /** Of the snapshot. */
  readonly objectIds: readonly string[];
  /** Of segments: their IPC namespace, inode as decimal text. */
  readonly ipcNamespace?: string;
  readonly mount?: MemoryMount;
  /** Of a graphics driver: its name. */
  readonly driver?: ByteString;
  readonly notes: readonly PartNote[];
}

/** One pool of huge pages (hugetlbpage.rst). Numbers of pages; they are no part of Shmem. */
export interface HugePool {
  readonly pageBytes: number;
  readonly pages: number;
  readonly free: number;
  /** Promised to mappings, not yet taken. */
  readonly reserved: number;
  /** Beyond the size of the pool, for a while. */
  readonly surplus: number;
}

export interface HugeAccount extends HugePool {
  /** What keeps its pages, the largest first. */
  readonly parts: readonly AccountPart[];
  /** Bytes in use that no part accounts for: private mappings, and what could not be asked. */
  readonly remainderBytes: number;
}

export interface Account {
  /** Shmem of /proc/meminfo; absent where it cannot be read: then there is no remainder. */
  readonly shmemBytes?: number;
  /** Memory of the machine (MemTotal). */
  readonly totalBytes?: number;
  /** Of it, in transparent huge pages. */
  readonly shmemHugeBytes?: number;
  /** Swap in use on the whole machine, of which some may be shared memory. */
  readonly swapBytes?: number;
  /** In Shmem, the largest first. */
  readonly parts: readonly AccountPart[];
  /** Shmem less all parts; below 0 where something changed meanwhile, or is swapped out and counted with its mount. */
  readonly remainderBytes?: number;
  readonly huge: readonly HugeAccount[];
  /** As in `AccountReadings`. */
  readonly isPartly?: boolean;
}

/** Nothing was read: all that is known are the objects. */
export const NO_ACCOUNT: Account = { parts: [], huge: [] };

/** What is read for it beside the snapshot (probe/source/account); absent: could not be. */
export interface AccountReadings {
  readonly shmemBytes?: number;
  readonly totalBytes?: number;
  readonly shmemHugeBytes?: number;
  readonly swapBytes?: number;
  readonly mounts: readonly MemoryMount[];
  readonly gpus: readonly GpuMemory[];
  readonly pools: readonly HugePool[];
  /** There are more mounts, namespaces or descriptors than are looked at, or some could not be: the remainder has what is theirs. */
  readonly isPartly?: boolean;
}

/** One file system of memory, once, whatever shows it. */
export interface MemoryMount {
  /** `major:minor`, decimal. */
  readonly device: string;
  readonly fileSystem: 'tmpfs' | 'devtmpfs' | 'hugetlbfs';
  /** Where it is shown; absent: nowhere any more. */
  readonly path?: ByteString;
  /** A process that sees it there, where our own mount namespace does not. */
  readonly pid?: number;
  /** Shown by our own mount namespace, but filled by others: as in `ShmMount`. */
  readonly isOfOthers?: boolean;
  /** Pages of all files on it, also those swapped out (statfs(2)). Absent: it has no limit, or could not be reached. */
  readonly usedBytes?: number;
  readonly sizeBytes?: number;
  readonly inodes?: number;
  readonly inodesUsed?: number;
  /** Of a hugetlbfs: the size of its pages. */
  readonly pageBytes?: number;
  /** False: nobody that could be asked leads to it. */
  readonly isReached: boolean;
}

/** Memory that a graphics driver has made of shmem for its clients (drm-usage-stats.rst), each client once. */
export interface GpuMemory {
  /** `drm-pdev`, or the name of the driver. */
  readonly id: ByteString;
  readonly driver: ByteString;
  readonly bytes: number;
  /** `bytes` is what was allocated, of which not all need be in memory: the driver does not tell. */
  readonly isAllocated?: boolean;
}
