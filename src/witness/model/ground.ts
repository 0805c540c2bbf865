// What lives of files and of segments are written with: who lives, what is kept, what the sources tell.
import type { ProcessTree } from './process-tree.ts';
import type { Shelf } from './shelf.ts';

/** What the sources of this witness tell: without, nothing is gapless. */
export interface Tells {
  readonly forks: boolean;
  readonly attaches: boolean;
}

export interface Ground {
  readonly tree: ProcessTree;
  readonly shelf: Shelf;
  readonly tells: Tells;
  /** The number of the next life. */
  readonly nextNumber: () => number;
}
