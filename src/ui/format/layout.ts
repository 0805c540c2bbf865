// Which columns fit into a terminal, and how wide each one is: arithmetic only.
import { itemAt } from '../../probe/model/item-at.ts';

export interface ColumnWish {
  /** Narrowest width at which it still says something. */
  readonly min: number;
  /** Width at which nothing usual is cut. */
  readonly wanted: number;
  /** Width of its widest text. */
  readonly full: number;
  /** 0 is kept whatever happens; the others are let in from 1 upwards while there is room. */
  readonly priority: number;
}

export interface ColumnPlace {
  /** Index into the wishes. */
  readonly index: number;
  readonly width: number;
}

/** Blanks between columns. */
export function columnGap(width: number): number {
  return width >= 120 ? 2 : 1;
}

/**
 * Places in the order of the wishes; gaps included they never sum to more than `width` (unless that is below 1). Columns
 * come in by priority as long as all have their wanted width; then the room that is left widens those which are cut.
 */
export function layoutColumns(wishes: readonly ColumnWish[], width: number): ColumnPlace[] {
  const gap = columnGap(width);
  const byPriority = wishes
    .map(({ priority }, index) => ({ priority, index }))
    .sort((a, b) => a.priority - b.priority)
    .map(({ index }) => index);
  const widths = new Map<number, number>();
  let used = -gap;
  for (const index of byPriority) {
    const wish = itemAt(wishes, index);
    const wanted = Math.min(wish.wanted, wish.full);
    if (used + gap + wanted > width && wish.priority > 0) continue;
    widths.set(index, wanted);
    used += gap + wanted;
  }
  used = shrink(wishes, widths, byPriority, used, width);
  for (const [index, given] of widths) {
    const more = Math.min(itemAt(wishes, index).full - given, width - used);
    if (more <= 0) continue;
    widths.set(index, given + more);
    used += more;
  }
  return wishes.flatMap((_, index) => {
    const given = widths.get(index);
    return given === undefined ? [] : [{ index, width: given }];
  });
}

/** Makes what must be kept narrower, last first, and lets go of the last where even that is not enough. */
function shrink(
  wishes: readonly ColumnWish[],
  widths: Map<number, number>,
  byPriority: readonly number[],
  used: number,
  width: number,
): number {
  for (const index of [...byPriority].reverse()) {
    const given = widths.get(index);
    if (used <= width || given === undefined) continue;
    const less = Math.min(used - width, Math.max(0, given - itemAt(wishes, index).min));
    widths.set(index, given - less);
    used -= less;
  }
  const gap = columnGap(width);
  for (const index of [...byPriority].reverse()) {
    const given = widths.get(index);
    if (used <= width || given === undefined || widths.size === 1) continue;
    widths.delete(index);
    used -= given + gap;
  }
  for (const [index, given] of widths) {
    if (used <= width) break;
    widths.set(index, Math.max(1, given - (used - width)));
    used = Math.max(1, given - (used - width));
  }
  return used;
}
