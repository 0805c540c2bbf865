// What merging is given, and what its parts share.
import type { ShmEvent } from '../model/event/event.ts';
import type { Surroundings } from '../model/event/observation.ts';
import type { ShmDevices } from '../model/join/mapping-record.ts';
import type { AttachBook } from './attach-book.ts';
import type { EventTeller } from './event-teller.ts';
import type { ImpliedDetaches } from './implied.ts';
import type { KnownObjects } from './known-objects.ts';
import type { SegmentBook } from './segment-book.ts';

export interface MergeOptions {
  readonly devices: ShmDevices;
  /** Inode of our IPC namespace, as decimal text. */
  readonly ownNamespace: string;
  /** True when mappings are seen as they are made (perf, tracepoints); the segment table is then only the check. */
  readonly hasMaps: boolean;
  /** True when exits are seen, so that a command name may be remembered until then. */
  readonly hasExits: boolean;
  /** True when shmat and shmdt are seen themselves: mappings of segments then tell nothing more. */
  readonly isExact: boolean;
  readonly around: Surroundings;
  readonly emit: (event: ShmEvent) => void;
}

/** What the parts of the merging share. */
export interface MergeState extends MergeOptions {
  readonly known: KnownObjects;
  readonly book: AttachBook;
  readonly segments: SegmentBook;
  readonly implied: ImpliedDetaches;
  readonly teller: EventTeller;
}
