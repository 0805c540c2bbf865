// One shared memory object as the whole program knows it: identity, cost, makers, holders, verdict.
import type { ByteString } from './bytes.ts';
import type { Evidence } from './judge/evidence.ts';

/** System V segment, name in /dev/shm, the same without a name, memfd, MAP_SHARED|MAP_ANONYMOUS, ordinary file. */
export type Kind = 'sysv' | 'posix' | 'unlinked' | 'memfd' | 'anonymous' | 'file';
export const KINDS: readonly Kind[] = ['sysv', 'posix', 'unlinked', 'memfd', 'anonymous', 'file'];

/** File systems whose files are memory; pages of a hugetlbfs are no Shmem, and those of a ramfs are page cache that stays. */
export type MemoryFileSystem = 'tmpfs' | 'devtmpfs' | 'ramfs' | 'hugetlbfs';
export const MEMORY_FILE_SYSTEMS: readonly MemoryFileSystem[] = ['tmpfs', 'devtmpfs', 'ramfs', 'hugetlbfs'];

/** What a name in /dev/shm is; `semaphore` is a regular file that sem_open(3) made. */
export type EntryType = 'file' | 'semaphore' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'other';
export const ENTRY_TYPES: readonly EntryType[] = [
  'file',
  'semaphore',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'other',
];

/**
 * State of a process that a segment or a name refers to. `reused`: the pid now belongs to a process that started later.
 * `invisible`: it exists outside our pid namespace, or /proc hides it: nothing is known, which is not the same as dead.
 */
export type MakerState = 'alive' | 'zombie' | 'dead' | 'reused' | 'invisible';
export const MAKER_STATES: readonly MakerState[] = ['alive', 'zombie', 'dead', 'reused', 'invisible'];

export interface Maker {
  /** Absent where the kernel reports 0 (not visible from this pid namespace). */
  readonly pid?: number;
  readonly state: MakerState;
  /** Its command name, raw; only while it is alive. */
  readonly comm?: ByteString;
}

/** One address range of a holder. Addresses are exact numbers (page aligned). */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  /** As in proc_pid_maps(5): `rw-s`; a `p` at the end is a private mapping, which holds the object but shares no writes. */
  readonly perms: string;
}

/** A process that maps the object or has it open; identified by (pid, startTicks). */
export interface Holder {
  readonly pid: number;
  /** Start time in clock ticks since boot (proc_pid_stat(5), field 22); absent if it vanished meanwhile. */
  readonly startTicks?: number;
  readonly comm?: ByteString;
  readonly uid?: number;
  readonly user?: string;
  readonly mappings: readonly Mapping[];
  readonly fds: readonly number[];
  /** Inode of its IPC namespace, as decimal text; absent where it could not be read. */
  readonly ipcNamespace?: string;
  readonly container?: Container;
  /** The innermost systemd unit that its control group lies in (`ssh.service`); one that a user made stands behind his manager. */
  readonly unit?: string;
  /** The batch job that it is part of: `slurm:123`. */
  readonly job?: string;
}

/** What a control group says, and the records of whoever runs containers. Who tells containers apart uses `containerKey`. */
export interface Container {
  readonly id: string;
  readonly name?: string;
  /** docker, podman, containerd, crio, nerdctl, kubernetes, lxc, nspawn, flatpak, snap; pod: what its containers share. */
  readonly runtime: string;
  /** Who made it, where that is not root: by their own word such containers are called what they like. */
  readonly uid?: number;
  /** Id of the container in which it runs, of which nobody out here has records. */
  readonly within?: string;
  readonly image?: string;
  /** The project of docker compose. */
  readonly compose?: string;
  readonly podUid?: string;
  /** Name and namespace of a pod, where records have them. */
  readonly pod?: string;
  readonly podNamespace?: string;
}

/** (uid_t) -1, which is no user (chown(2)): who made it could not be told. */
export const UNKNOWN_USER = 0xffff_ffff;

/** The same for the same container only: ids of containers that users made are chosen by them. */
export const containerKey = ({ id, uid, within }: Container): string =>
  uid === undefined && within === undefined ? id : `${within ?? ''}/${uid ?? ''}/${id}`;

/** What the software table says of the object; a hint, never proof. */
export interface SoftwareMatch {
  readonly name: string;
  readonly role: string;
  /** Is it normal that the object stays after its processes are gone? */
  readonly outlives: boolean;
  readonly removalBreaks?: string;
  readonly cleanup?: string;
  readonly source: string;
}

/**
 * `abandoned`: proven that nobody holds it or will come back. `orphaned`: nobody holds it and all that can be known says that
 * its makers are gone, which is no proof. `unheld`: nobody holds it, but something speaks for a return.
 */
export type VerdictState = 'in-use' | 'abandoned' | 'orphaned' | 'unheld' | 'unknown';
export const VERDICT_STATES: readonly VerdictState[] = ['in-use', 'abandoned', 'orphaned', 'unheld', 'unknown'];

export interface Verdict {
  readonly state: VerdictState;
  /** In the order in which a person would want to read it; never empty. */
  readonly evidence: readonly Evidence[];
}

/** `dest`: marked for destruction, goes with its last attach. `locked`: SHM_LOCK. `hugetlb`: made of huge pages. */
export type Status = 'dest' | 'locked' | 'hugetlb';
export const STATUSES: readonly Status[] = ['dest', 'locked', 'hugetlb'];

/** Absent fields mean unknown or never. Sizes are bytes, times are seconds since the epoch (UTC). */
export interface ShmObject {
  /** Unique within a snapshot: `sysv:<ns>:<shmid>`, `<kind>:<major>:<minor>:<inode>`. */
  readonly id: string;
  /** What `ls` prints and accepts: `sysv:5`, `sysv:5@<ns>`, `posix:/name`, else the full id. Escaped. */
  readonly shortId: string;
  readonly kind: Kind;
  /** Raw: the key (`0x0052e2c1`), `/name`, `memfd:name`, or the path that was mapped. */
  readonly rawName: ByteString;
  /** Raw names of further hard links to it, where it has several. */
  readonly otherRawNames?: readonly ByteString[];
  /** Raw path as seen from here; posix only, and only where our mount namespace shows it. */
  readonly rawPath?: ByteString;
  /** Names only: inode of the mount namespace that shows its /dev/shm, decimal text; absent: ours. */
  readonly mountNamespace?: string;
  /** Names only: inode of the top directory of its /dev/shm, of which a tmpfs may have several. */
  readonly rootInode?: number;
  /** The file system that it lies on, where that is no memory (`ext4`), raw: what it takes is page cache. */
  readonly onDisk?: string;
  /** Of a `file`: the file system that it lies on, where that is memory. */
  readonly onMemory?: MemoryFileSystem;
  readonly type?: EntryType;
  readonly shmid?: number;
  /** Eight hex digits: `0x0052e2c1`. `0x00000000` is IPC_PRIVATE or a segment marked for destruction. */
  readonly key?: string;
  readonly ipcNamespace?: string;
  /** `major:minor`, decimal. */
  readonly device?: string;
  readonly inode?: number;
  /** Names in its directory (st_nlink); 0 once unlinked. Files only. */
  readonly links?: number;
  readonly sizeBytes?: number;
  /** Resident bytes of a segment; huge pages corrected. */
  readonly rssBytes?: number;
  readonly swapBytes?: number;
  /** Resident plus swapped bytes of a file on tmpfs (st_blocks); absent for what lies on disk. */
  readonly allocatedBytes?: number;
  readonly hugePageBytes?: number;
  /** The kernel's count of mappings, not of processes and not of shmat calls. */
  readonly nattch?: number;
  /** Octal permission bits: `600`. */
  readonly perms?: string;
  readonly status: readonly Status[];
  readonly uid?: number;
  readonly user?: string;
  readonly gid?: number;
  readonly group?: string;
  readonly cuid?: number;
  readonly cgid?: number;
  readonly creator?: Maker;
  readonly lastUser?: Maker;
  readonly atimeSec?: number;
  readonly dtimeSec?: number;
  readonly ctimeSec?: number;
  readonly mtimeSec?: number;
  readonly btimeSec?: number;
  readonly holders: readonly Holder[];
  /** sysv: nattch minus the mappings found, where that is above 0: attached by processes that we cannot see into. */
  readonly hiddenMappings?: number;
  readonly software?: SoftwareMatch;
  readonly container?: Container;
  readonly verdict: Verdict;
}

/** Bytes that the object occupies in memory or swap, where known; what removal could give back at most. */
export function costBytes(object: ShmObject): number | undefined {
  if (object.allocatedBytes !== undefined) return object.allocatedBytes;
  if (object.rssBytes === undefined) return undefined;
  return object.rssBytes + (object.swapBytes ?? 0);
}

/** Seconds since anything last happened to the object (newest of atime, dtime, ctime, mtime); negative if in the future. */
export function idleSeconds(object: Times, nowSec: number): number | undefined {
  const newest = newestSec(object);
  return newest > 0 ? nowSec - newest : undefined;
}

/** The newest of its times, seconds since the epoch; 0 where none is known. */
export function newestSec({ atimeSec = 0, dtimeSec = 0, ctimeSec = 0, mtimeSec = 0 }: Times): number {
  return Math.max(atimeSec, dtimeSec, ctimeSec, mtimeSec);
}

export type Times = Pick<ShmObject, 'atimeSec' | 'dtimeSec' | 'ctimeSec' | 'mtimeSec'>;

/** Has or had a name on a file system: segments, memfds and anonymous mappings lie on a mount of the kernel's own that nobody sees. */
export const isOnMount = ({ kind }: Pick<ShmObject, 'kind'>): boolean =>
  kind === 'posix' || kind === 'unlinked' || kind === 'file';
