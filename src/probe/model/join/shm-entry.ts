// One name found below a mount of POSIX shared memory (shm_overview(7)), by device and inode.
import type { ByteString } from '../bytes.ts';
import type { EntryType } from '../object.ts';
import type { DeviceNumber } from './mapping-record.ts';
import type { ShmPlace } from './shm-place.ts';

export interface ShmEntry {
  readonly device: DeviceNumber;
  readonly inode: number;
  /** Raw path below the mount, with a leading slash: `/name`, `/dir/name`. */
  readonly name: ByteString;
  /** Raw path as seen from our mount namespace; absent for mounts of other namespaces. */
  readonly path?: ByteString;
  /** Raw path through which it can be opened from here, always. */
  readonly reachedBy: ByteString;
  readonly place: ShmPlace;
  readonly type: EntryType;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
  readonly atimeSec: number;
  readonly mtimeSec: number;
  readonly ctimeSec: number;
  readonly btimeSec?: number;
  readonly btimeNsec?: number;
}

/** Whether two listings have the same names for the same inodes, in the same order. */
export function haveSameNames(a: readonly ShmEntry[], b: readonly ShmEntry[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ device, inode, name }, at) => {
    const other = b[at];
    return inode === other?.inode && device === other.device && name === other.name;
  });
}
