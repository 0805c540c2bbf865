// One line of the System V segment table, as the kernel gives it, before anything is joined to it.

/** Absent rss and swap: not asked for, or a kernel before 2.6.34 that does not print them. */
export interface SysvRow {
  /** Inode of the IPC namespace it belongs to, as decimal text. */
  readonly ipcNamespace: string;
  readonly shmid: number;
  /** Unsigned; 0 is IPC_PRIVATE or a segment marked for destruction. */
  readonly key: number;
  /** Permission bits plus 01000 (dest) and 02000 (locked). */
  readonly mode: number;
  readonly sizeBytes: number;
  /** 0: the process is not visible from the reader's pid namespace; lpid also 0 if never attached. */
  readonly cpid: number;
  readonly lpid: number;
  readonly nattch: number;
  readonly uid: number;
  readonly gid: number;
  readonly cuid: number;
  readonly cgid: number;
  /** Seconds since the epoch; 0 for never. */
  readonly atimeSec: number;
  readonly dtimeSec: number;
  readonly ctimeSec: number;
  rssBytes?: number;
  swapBytes?: number;
  /** Counts the changes of all but rss and swap while the row is the same object; absent where nobody watches them. */
  readonly version?: number;
}

/** Mode bits of a row: marked for destruction, and kept in memory (shmctl(2)). */
export const SHM_DEST = 0o1000;
export const SHM_LOCKED = 0o2000;
