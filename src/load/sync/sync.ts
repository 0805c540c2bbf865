// How one side of a ring learns what the other did: the same four calls for every mode, so that the loops are the same too.
/** What waiting cost this side. */
export interface WaitCounts {
  waits: number;
  stallNs: number;
  /** Times this side slept in the kernel. */
  sleeps: number;
  /** Times it woke the other side, or (modes with a call a message) the calls that could have. */
  wakes: number;
}

/**
 * Sequence numbers are free-running int32. A wait returns within about 100 ms, also empty-handed, so that the caller can see
 * whether it should stop; it never throws.
 */
export interface Sync {
  /** Consumer: waits for a message behind `tail`; up to where messages may be read (`tail`: none came). */
  readonly waitData: (tail: number) => number;
  /** Producer: waits for `need` free slots; the tail to count with. */
  readonly waitSpace: (head: number, need: number) => number;
  /** Producer: messages before `head` are written. */
  readonly publish: (head: number) => void;
  /** Consumer: slots before `tail` may be used again. */
  readonly release: (tail: number) => void;
  readonly counts: WaitCounts;
  /** True where each message is announced by a call of its own: then nothing is published in batches. */
  readonly isPerMessage: boolean;
}

/** The two eventfds of a ring, inherited; absent in the other modes. */
export interface SyncDescriptors {
  readonly filledFd: number;
  readonly emptyFd: number;
}

/** How long a wait sleeps at most before it looks around. */
export const WAIT_MS = 100;

/** Counts of a side that has not waited yet. */
export function noWaits(): WaitCounts {
  return { waits: 0, stallNs: 0, sleeps: 0, wakes: 0 };
}
