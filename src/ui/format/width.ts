// How many terminal columns a text takes, and how to make it take exactly so many.

/** East Asian Wide and Fullwidth (UAX 11) and what has emoji presentation: two columns. */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4dc0-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
/** Marks that stand over or around the character before them take none. */
const ZERO = /[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/u;
/** ASCII, Latin and our own signs: one column and one char each; spares the compiling of the classes above (3 ms). */
const NARROW = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u25a0-\u25fc\u2713\u2717]*$/;
const LAST_ASCII = 0x7e;
/** A letter with its marks, or one escape of `escapeBytes`: never cut in two. */
const PIECE = /\\x[0-9a-f]{2}|\\\\|.[\p{Mn}\p{Me}]*/gsu;

/**
 * Columns of a text without control characters (`escapeBytes` has seen to that). Counted code point by code point, as
 * terminals do, and never less than string-width counts; that package costs 10 ms at its first import (Intl.Segmenter).
 */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  // By number: an iterator makes garbage for each character.
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) <= LAST_ASCII) width++;
    else {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (char.length > 1) at++;
      width += WIDE.test(char) ? 2 : ZERO.test(char) ? 0 : 1;
    }
  }
  return width;
}

/** What a text loses when it is too long: its end, or its middle where both ends tell something (an ID). */
export type Cut = 'end' | 'middle';

/** At most `width` columns; what is cut off is replaced by `ellipsis` (one column). Escapes stay whole. */
export function truncateText(text: string, width: number, ellipsis: string, cut: Cut = 'end'): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return '';
  const room = width - displayWidth(ellipsis);
  if (cut === 'end') return takeStart(text, room) + ellipsis;
  const tail = takeEnd(text, Math.floor(room / 2));
  return takeStart(text, room - displayWidth(tail)) + ellipsis + tail;
}

/** Exactly `width` columns: cut or filled with blanks. */
export function fitText(
  text: string,
  width: number,
  options: { readonly align: 'left' | 'right'; readonly ellipsis: string; readonly cut?: Cut },
): string {
  const cut = truncateText(text, width, options.ellipsis, options.cut);
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(cut)));
  return options.align === 'right' ? blanks + cut : cut + blanks;
}

/** The text in pieces of at most `width` columns, which together are the text; escapes stay whole. */
export function splitText(text: string, width: number): string[] {
  const parts: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const part = takeStart(rest, Math.max(4, width));
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}

function takeStart(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const [piece] of text.matchAll(PIECE)) {
    left -= displayWidth(piece);
    if (left < 0) break;
    taken += piece;
  }
  return taken;
}

function takeEnd(text: string, width: number): string {
  const pieces = Array.from(text.matchAll(PIECE), ([piece]) => piece);
  let taken = '';
  let left = width;
  for (const piece of pieces.reverse()) {
    left -= displayWidth(piece);
    if (left < 0) break;
    taken = piece + taken;
  }
  return taken;
}
