// How much of one object each of its holders has in its page tables.

export interface ResidentRange {
  readonly pid: number;
  /** Start of the mapping. */
  readonly start: number;
  /** Pages of the mapping that this process has touched and that are in memory. */
  readonly residentBytes: number;
}

/** Mappings that could not be looked at, or are too long to be counted, are left out. */
export interface Residents {
  readonly id: string;
  readonly ranges: readonly ResidentRange[];
}
