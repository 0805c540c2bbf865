// The times in which something may have happened unseen: bounded, neighbours of one kind as one.
import type { WatchGap } from '../../probe/model/life/life.ts';

export const MOST_GAPS = 64;
/** Gaps of one kind that are nearer than this are told as one. */
const NEAR_MS = 1000;

export class GapBook {
  readonly #gaps: WatchGap[] = [];

  constructor(before: readonly WatchGap[] = []) {
    for (const gap of before) this.add(gap);
  }

  get list(): readonly WatchGap[] {
    return this.#gaps;
  }

  /** Where there are too many, the two oldest become one that covers what lies between. */
  add({ fromMs, untilMs, why }: WatchGap): void {
    const near = this.#gaps.findLastIndex((gap) => gap.why === why);
    const last = this.#gaps[near];
    if (last && (last.untilMs === undefined || (fromMs >= last.fromMs && fromMs - last.untilMs < NEAR_MS))) {
      const until = last.untilMs === undefined || untilMs === undefined ? undefined : Math.max(last.untilMs, untilMs);
      this.#gaps[near] = { ...last, ...(until === undefined ? {} : { untilMs: until }) };
      if (until === undefined && last.untilMs !== undefined) this.#gaps[near] = { fromMs: last.fromMs, why };
      return;
    }
    this.#gaps.push(untilMs === undefined ? { fromMs, why } : { fromMs, untilMs, why });
    if (this.#gaps.length <= MOST_GAPS) return;
    const [first, second] = this.#gaps.splice(0, 2);
    if (!first || !second) return;
    const until =
      first.untilMs === undefined || second.untilMs === undefined ? undefined : Math.max(first.untilMs, second.untilMs);
    const from = Math.min(first.fromMs, second.fromMs);
    const words = first.why === second.why ? first.why : 'several';
    this.#gaps.unshift(
      until === undefined ? { fromMs: from, why: words } : { fromMs: from, untilMs: until, why: words },
    );
  }

  /** What lasted until now. */
  close(why: string, untilMs: number): void {
    const at = this.#gaps.findLastIndex((gap) => gap.why === why && gap.untilMs === undefined);
    const gap = this.#gaps[at];
    if (gap) this.#gaps[at] = { ...gap, untilMs };
  }
}
