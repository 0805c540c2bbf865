// PURE: where a ring that grows keeps what it needs, in the header of its first segment; and how much it grew.

/** Byte offsets in the header of a ring, after the histogram. Written by the parent before the start: the first four. */
export const GROWTH = {
  /** u32: segments at most, the first included; 0: the buffer is bounded. */
  mostBlocks: 0x2000,
  /** u32: one of BACKINGS. */
  backing: 0x2004,
  /** f64: messages a second that the reader takes at most; 0 for as many as it can. */
  readerRate: 0x2008,
  /** u32, producer: segments that were added; and times that it had to wait since there may be no more. */
  added: 0x2010,
  waits: 0x2014,
  producerPid: 0x2018,
  /** u32, consumer: of those that were added, how many it has attached. */
  attached: 0x2040,
  /** BLOCK_WORDS words for each segment. */
  blocks: 0x2080,
} as const;

/** Words of a segment in the table. The consumer writes `left` back to 0 when it has left it too: then it may be used again. */
export const BLOCK = { left: 0, end: 1, next: 2, entry: 3, kind: 4, id: 5 } as const;
export const BLOCK_WORDS = 8;
/** As many as the table has room for. */
const MOST_BLOCKS = 64;
/** How a segment is found: by its shmid, or as a descriptor of the producer. */
export const BLOCK_KIND = { sysv: 1, fd: 2 } as const;

export interface Growth {
  /** Of all rings: segments now, and their slots in bytes. */
  readonly segments: number;
  readonly bytes: number;
  readonly mostBytes: number;
  /** Messages that are written and not read yet. */
  readonly behind: number;
  /** Times that the writer had to wait, since there may be no more. */
  readonly waits: number;
}

/** The slots of a segment so that `mostBytes` are at most MOST_BLOCKS of them: `slots`, or a power of two times as many. */
export function growingSlots(slots: number, strideBytes: number, mostBytes: number): number {
  let enough = slots;
  while (mostBytes / (enough * strideBytes) > MOST_BLOCKS) enough *= 2;
  return enough;
}
