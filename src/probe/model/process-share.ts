// The share of memory that one process pays for.

/** Bytes; absent: not told by this kernel. `refused` says why there is nothing. */
export interface ProcessShare {
  readonly pid: number;
  readonly rssBytes?: number;
  /** Proportional: pages shared by n processes count one n-th. */
  readonly pssBytes?: number;
  /** The part of it that is shared memory. */
  readonly pssShmemBytes?: number;
  readonly refused?: string;
}
