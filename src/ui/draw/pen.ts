// What every drawing function is handed: theme, signs, and how values are written. Drawing is pure: state in, lines out.

import { type Boxes, boxesFor } from '../format/boxes.ts';
import { forLocale, glyphsFor } from '../format/glyphs.ts';
import { asciiWords } from '../format/load-numbers.ts';
import type { Style } from '../format/style.ts';
import { displayWidth, fitText, truncateText } from '../format/width.ts';
import { nowSecOf } from '../state/data.ts';
import { type State, shownData } from '../state/state.ts';
import { type Theme, themeOf, tint, type UiToken } from '../theme.ts';

export interface Kit {
  readonly theme: Theme;
  readonly style: Style;
  readonly boxes: Boxes;
}

export function kitOf(state: State): Kit {
  return {
    theme: themeOf(state),
    style: { bytes: 'iec', unicode: state.unicode, colour: state.colour, nowSec: nowSecOf(shownData(state)) },
    boxes: boxesFor(state.unicode),
  };
}

export const paintWith = ({ theme }: Kit, token: UiToken | undefined, text: string): string => tint(theme, token, text);

/** Plain text, made to fit exactly `width` columns. */
export function fitTo(
  { style }: Kit,
  text: string,
  width: number,
  align: 'left' | 'right' = 'left',
  cut: 'end' | 'middle' = 'end',
): string {
  return width <= 0 ? '' : fitText(forLocale(text, style), width, { align, ellipsis: glyphsFor(style).ellipsis, cut });
}

/** Plain text, cut to at most `width` columns. */
export function cutTo({ style }: Kit, text: string, width: number): string {
  return truncateText(forLocale(text, style), Math.max(0, width), glyphsFor(style).ellipsis);
}

/** The first of several texts for the same that fits into `width` columns, else the last. */
export function firstFitting({ style }: Kit, texts: readonly string[], width: number): string {
  const words = texts.map((text) => (style.unicode ? text : asciiWords(text)));
  return words.find((text) => displayWidth(text) <= width) ?? words.at(-1) ?? '';
}

/** A piece of a line: text and what it means. */
export type Piece = readonly [text: string, token?: UiToken];

/** Pieces side by side in exactly `width` columns: cut where the room ends, the rest blank. */
export function joinPieces(kit: Kit, pieces: readonly Piece[], width: number, rest?: UiToken): string {
  let line = '';
  let left = width;
  for (const [raw, token] of pieces) {
    if (left <= 0) break;
    const text = cutTo(kit, raw, left);
    line += paintWith(kit, token, text);
    left -= displayWidth(text);
  }
  return left > 0 ? line + paintWith(kit, rest, ' '.repeat(left)) : line;
}

/** Pieces at the left and at the right end of a line; the left ones give way. */
export function spreadPieces(
  kit: Kit,
  left: readonly Piece[],
  right: readonly Piece[],
  width: number,
  rest?: UiToken,
): string {
  const rightWidth = Math.min(
    width,
    right.reduce((sum, [text]) => sum + displayWidth(text), 0),
  );
  return joinPieces(kit, left, width - rightWidth, rest) + joinPieces(kit, right, rightWidth, rest);
}
