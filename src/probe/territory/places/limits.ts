// How much of what others made is looked at: sizes and times that no honest machine reaches, and no hostile one exceeds.

/** What one walk may take. */
export interface WalkLimits {
  /** Names kept, the largest; of those beyond it only the number is known. */
  readonly names: number;
  /** Bytes of all paths kept. */
  readonly pathBytes: number;
  /** Directories above a name. */
  readonly depth: number;
  /** Time by `monotonicMs()` at which it ends. */
  readonly untilMs: number;
}

/** Our own /dev/shm: figures in docs/decisions/0012-limits-of-a-walk.md. */
export const OWN_PLACE = { names: 50_000, pathBytes: 32 << 20, depth: 4096, ms: 3000 } as const;
/** Each place of another mount namespace. */
export const FOREIGN_PLACE = { names: 10_000, pathBytes: 2 << 20, depth: 64, ms: 300 } as const;
/** All of them together. */
export const FOREIGN_PLACES = { places: 2000, names: 30_000, ms: 1200 } as const;

/** Bytes of the mount table of one process, and of all that are read in one look. About 150 bytes a mount. */
export const MOUNT_TABLE_BYTES = 8 << 20;
export const MOUNT_TABLES_BYTES = 32 << 20;
/** Longest line: two paths of PATH_MAX, each byte written with four, and the options. */
export const MOUNT_LINE_BYTES = 128 << 10;
/** Mounts that the kernel is asked about one by one, and namespaces that they are in: about 2 µs each. */
export const MOST_MOUNTS = 200_000;
export const MOST_MOUNT_NAMESPACES = 10_000;
/** So many different roots (chroot(2)) of one mount namespace are looked through, where only its processes tell what is in it. */
export const ROOTS_TRIED = 32;
/** Time for all mount tables of other namespaces in one look. */
export const MOUNT_TABLES_MS = 1000;
/** So many processes are tried for what one namespace shows: the first may have ended, or see less (chroot). */
export const PROCESSES_TRIED = 4;
