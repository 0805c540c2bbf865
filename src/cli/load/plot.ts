// The sizes of a sweep as a plot in text. Widths are exact.

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
