// What a directory is that some mount namespace calls /dev/shm: whoever made the namespace chose it.
import type { Container } from '../object.ts';
import type { DeviceNumber } from './mapping-record.ts';

/**
 * `whole`: a tmpfs, mounted by its root at a place for shared memory. `folder`: a directory of a tmpfs, of which others may
 * see more. `given`: a directory that somebody named (SHMTOP_SHM), whatever it lies on.
 */
export type PlaceKind = 'whole' | 'folder' | 'given';

/** Told apart by device and inode of its top: two directories of one tmpfs are two places. */
export interface ShmPlace {
  readonly kind: PlaceKind;
  readonly device: DeviceNumber;
  /** Inode of its top directory. */
  readonly rootInode: number;
  /** Inode of the mount namespace through which it was found; absent: ours. */
  readonly mountNamespace?: string;
  /** The container that an engine made it for, as the place where it is mounted says. */
  readonly container?: Container;
  /** Our own mount table shows the same file system at a place that is not for shared memory, such as /tmp. */
  readonly isShownElsewhere: boolean;
}

/** May what lies there be called a leftover? Only of what is shared memory and nothing else do rules of programs tell that. */
export const isProvable = ({ kind, isShownElsewhere }: ShmPlace): boolean =>
  kind === 'given' || (kind === 'whole' && !isShownElsewhere);
