// What the process side delivers: a mapping or a descriptor of one process, by device and inode, before it is joined.
import type { ByteString } from '../bytes.ts';
import type { MemoryFileSystem } from '../object.ts';

/** A device number as one sortable number: major * 2^20 + minor (the kernel's dev_t). */
export type DeviceNumber = number;

export const deviceNumber = (major: number, minor: number): DeviceNumber => major * 0x100000 + minor;
/** `major:minor`, decimal, as in mountinfo. */
export const deviceText = (device: DeviceNumber): string => `${Math.floor(device / 0x100000)}:${device % 0x100000}`;

/** One VMA (proc_pid_maps(5), PROCMAP_QUERY). */
export interface MappingRecord {
  readonly pid: number;
  readonly start: number;
  readonly end: number;
  /** `rw-s` or `rw-p`. */
  readonly perms: string;
  /** Byte offset into the object. */
  readonly offset: number;
  readonly device: DeviceNumber;
  readonly inode: number;
  /** Raw, as the kernel prints it, with ` (deleted)` where it does; empty where it was not asked for. */
  readonly name: ByteString;
  /** Page size of the mapping; absent from plain maps text. */
  readonly pageSizeBytes?: number;
  /** Of a file elsewhere than in /dev/shm: what it lies on, where that is memory. */
  readonly onMemory?: MemoryFileSystem;
}

/** One open descriptor. */
export interface FdRecord {
  readonly pid: number;
  readonly fd: number;
  readonly device: DeviceNumber;
  readonly inode: number;
  /** Raw target of /proc/PID/fd/N. */
  readonly name: ByteString;
  /** Of a file without a name, elsewhere than in /dev/shm: what it lies on, where that is memory. */
  readonly onMemory?: MemoryFileSystem;
}

/** Devices that tell what a mapping or descriptor is of. */
export interface ShmDevices {
  /** The kernel's own tmpfs mount: SysV segments, memfds, shared anonymous memory. 0:1 on every kernel seen. */
  readonly kernelShm: DeviceNumber;
  /** The kernel's own hugetlbfs mounts, one for each huge page size; absent where they could not be found out. */
  readonly hugetlb?: ReadonlySet<DeviceNumber>;
  /** The mounts on which POSIX objects live. */
  readonly mounts: ReadonlySet<DeviceNumber>;
  /** Those of which a /dev/shm is only a part, too: all of them are tmpfs. */
  readonly tmpfs?: ReadonlySet<DeviceNumber>;
  /** `major:minor:inode` of their root directories, which are no objects themselves. */
  readonly mountRoots: ReadonlySet<string>;
}
