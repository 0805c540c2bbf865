// The sizes of a sweep, and of a comparison, as plots in text. Widths are exact.

import { sizeText } from '../../load/model/size.ts';
import type { SweepPoint } from '../../load/sweep.ts';
import type { Boxes } from '../../ui/format/boxes.ts';
import { formatByteRate, formatCount } from '../../ui/format/load-numbers.ts';

/** A bar of `share` (0 to 1) of `width` characters, at least one where there is anything. */
function bar(share: number, width: number, { sparks }: Boxes): string {
  const length = Math.round(Math.min(1, share) * width);
  return (sparks.at(-1) ?? '').repeat(Math.max(share > 0 ? 1 : 0, length));
}

/** One line a size: bytes/s as a bar on a scale of powers of ten, messages/s beside it; no line is wider than `width`. */
export function plotSweep(points: readonly SweepPoint[], width: number, boxes: Boxes): string[] {
  const rates = points.map((point) => point.bytesPerSecond).filter((rate) => rate > 0);
  if (rates.length === 0) return [];
  const low = Math.log10(Math.min(...rates)) - 0.3;
  const high = Math.log10(Math.max(...rates));
  const columns = points.map((point) => ({
    size: sizeText(point.sizeBytes).padStart(5),
    bytes: formatByteRate(point.bytesPerSecond).padStart(10),
    messages: `${formatCount(point.messagesPerSecond)} msg/s`.padStart(13),
    share: point.bytesPerSecond > 0 ? (Math.log10(point.bytesPerSecond) - low) / (high - low) : 0,
  }));
  const showsMessages = width >= 60;
  const room = width - (showsMessages ? 5 + 10 + 13 + 6 : 5 + 10 + 4);
  return columns.map(({ size, bytes, messages, share }) => {
    const text = `${size}  ${bytes}${showsMessages ? `  ${messages}` : ''}`;
    return room < 3 ? text : `${text}  ${bar(share, room, boxes)}`;
  });
}

export interface PlotGroup {
  readonly title: string;
  /** One column each; absent ones stay empty. */
  readonly values: readonly (number | undefined)[];
}

/**
 * Columns on a scale of powers of ten from the least to the greatest of all values, side by side in groups, with a letter below each;
 * none when they do not fit. The least has one step, so that it is seen.
 */
export function plotGroups(
  groups: readonly PlotGroup[],
  letters: readonly string[],
  { width, height, boxes }: { readonly width: number; readonly height: number; readonly boxes: Boxes },
): string[] {
  const all = groups.flatMap(({ values }) => values.filter((value) => value !== undefined && value > 0));
  const steps = boxes.sparks.length;
  if (all.length === 0 || groups.length * (letters.length + 2) > width) return [];
  const logs = all.map((value) => Math.log10(value ?? 1));
  const low = Math.min(...logs);
  const span = Math.max(...logs) - low || 1;
  const heightOf = (value: number | undefined) =>
    value === undefined || value <= 0 ? 0 : 1 + Math.round(((Math.log10(value) - low) / span) * (height * steps - 1));
  const glyph = (filled: number) => (filled <= 0 ? ' ' : (boxes.sparks[Math.min(steps, filled) - 1] ?? ' '));
  const lines = Array.from({ length: height }, (_, line) => {
    const below = (height - 1 - line) * steps;
    return groups.map(({ values }) => values.map((value) => glyph(heightOf(value) - below)).join('')).join('  ');
  });
  return [
    ...lines,
    groups.map(() => letters.join('')).join('  '),
    groups.map(({ title }) => title.padEnd(letters.length)).join('  '),
  ].map((text) => text.trimEnd());
}
