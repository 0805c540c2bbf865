// How often to look at how many segments: pure arithmetic between being quick and costing little.

export interface PacePlan {
  /** Between two looks at all segments, milliseconds. */
  readonly allMs: number;
  /** Between two looks at the busy ones; absent when all are looked at that often anyway. */
  readonly busyMs?: number;
}

/**
 * `only` source: it must be quick. `check`: other sources are quick, this one finds what they missed. `calm`: nobody looks at
 * the events now.
 */
export type PollRole = 'only' | 'check' | 'calm';

/** Changes (112 bytes each) that may wait for a reader who stands still; then the table is not looked at until he goes on. */
export const MOST_UNREAD = 50_000;
/** Held for 1 ms means seen when somebody looks as often: shmat(2) and shmdt(2) themselves make it a little longer. */
const QUICK_MS = 1;
const QUICK_SEGMENTS = 300;
const CHECK_MS = 40;
const CALM_MS = 500;
/** Part of one core that looking at all may take when there are more than that. */
const SHARE_ONLY = 0.005;
const SHARE_CHECK = 0.003;
const SLOWEST_MS = 5000;

/** `sweepMs` is what looking at all segments took lately. */
export function planPace(role: PollRole, segments: number, sweepMs: number): PacePlan {
  if (role !== 'only') {
    const leastMs = role === 'check' ? CHECK_MS : CALM_MS;
    return { allMs: clamp(Math.max(leastMs, sweepMs / SHARE_CHECK)) };
  }
  if (segments <= QUICK_SEGMENTS) return { allMs: QUICK_MS };
  return { allMs: clamp(Math.max(10, sweepMs / SHARE_ONLY)), busyMs: QUICK_MS };
}

const clamp = (ms: number) => Math.min(SLOWEST_MS, ms);

/** More busy segments than these are not looked at one by one. */
export const MOST_BUSY = 200;
/** How long a segment counts as busy after something happened to it. */
export const BUSY_MS = 5000;
