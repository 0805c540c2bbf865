// PURE: a pool of fixed buffers in the place of a ring: where the numbers of those that are published, and of those given back, lie.

/** More buffers than this are never under way: a pool stays in the caches. Room for so many numbers in each of the two rows. */
export const MOST_BUFFERS = 512;

/** Byte offsets in the header of a ring: MOST_BUFFERS u32 each. HEAD counts what was published, TAIL what was given back. */
export const POOL = { published: 0x3000, returned: 0x3800 } as const;

/** How many messages the reader holds at most; it gives back the older ones in another order than they came. */
export function heldAtMost(slots: number): number {
  return Math.max(1, Math.min(4, slots >> 1));
}
