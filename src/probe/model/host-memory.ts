// Memory of the whole machine, as the header shows it.

/** Bytes. Absent: could not be read. */
export interface HostMemory {
  readonly totalBytes: number;
  readonly availableBytes?: number;
  readonly swapTotalBytes?: number;
  readonly swapUsedBytes?: number;
  /** Shmem of /proc/meminfo: tmpfs, SysV segments, memfds and shared anonymous memory that are in memory. */
  readonly shmemBytes?: number;
}
