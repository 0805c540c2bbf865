// Where the pages of one object are, by holder: NUMA nodes, size of pages, and what each pays for it.

export interface PlacedRange {
  readonly pid: number;
  /** Start of the mapping. */
  readonly start: number;
  /** By node: bytes of the mapping's pages that lie there; only of pages that this process has touched. */
  readonly nodes: readonly { readonly node: number; readonly bytes: number }[];
  /** Size of its pages; absent where the kernel does not tell (no CONFIG_NUMA). */
  readonly pageBytes?: number;
  /** Proportional share: pages of n processes count one n-th. */
  readonly pssBytes?: number;
}

/** Mappings that could not be looked at are left out. */
export interface Placement {
  readonly id: string;
  readonly ranges: readonly PlacedRange[];
}
