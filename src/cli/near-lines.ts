// What is near its end, as summary and doctor print it: below each what to type.
import { paint } from '../ui/format/colour.ts';
import { forLocale } from '../ui/format/glyphs.ts';
import type { NearEnd } from '../ui/format/near-end-help.ts';
import type { Style } from '../ui/format/style.ts';
import { wrapText } from '../ui/format/wrap.ts';

/** A command line is never broken: it is copied. */
export function* nearLines(
  near: readonly NearEnd[],
  pools: readonly string[],
  style: Style,
  width = Number.POSITIVE_INFINITY,
): Generator<string> {
  for (const { line, helps } of [...near, ...pools.map((line) => ({ line, helps: [] }))]) {
    for (const part of wrapText(forLocale(`${line}.`, style), width, 2)) yield paint(part, 'bad', style);
    for (const help of helps) yield `    ${forLocale(help, style)}`;
  }
}
