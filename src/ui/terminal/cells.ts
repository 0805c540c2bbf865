// A line of styled text as terminal cells, so that two frames can be compared cell by cell.
import { displayWidth } from '../format/width.ts';
import { applySgr, type CellStyle } from './sgr.ts';

/** One row of the screen. The second cell of a wide character is `''`; marks stand in the cell of their letter. */
export interface CellRow {
  readonly chars: string[];
  readonly styles: CellStyle[];
  /** True when no cell holds more or less than one column: positions can then be counted on. */
  isPlain: boolean;
}

export function blankRow(width: number): CellRow {
  return { chars: new Array<string>(width).fill(' '), styles: new Array<CellStyle>(width).fill(''), isPlain: true };
}

/** Writes text with SGR sequences into `row` from column `from`, never beyond `to`; what is left up to `to` becomes blank. */
export function writeCells(row: CellRow, from: number, to: number, text: string): void {
  const end = Math.min(to, row.chars.length);
  let style: CellStyle = '';
  let at = from;
  for (let index = 0; index < text.length; ) {
    const code = text.charCodeAt(index);
    if (code === 0x1b) {
      const stop = sgrEnd(text, index);
      if (stop > 0) style = applySgr(style, text.slice(index + 2, stop));
      index = stop > 0 ? stop + 1 : index + 1;
      continue;
    }
    if (code >= 0x20 && code < 0x7f) {
      if (at < end) putCell(row, at, text.charAt(index), style);
      at++;
      index++;
      continue;
    }
    const char = String.fromCodePoint(text.codePointAt(index) ?? 0x3f);
    index += char.length;
    at += writeOther(row, at, end, char, style);
  }
  // A style that is still on when the text ends colours the rest of the line: how a bar reaches the edge.
  for (; at < end; at++) putCell(row, at, ' ', style);
}

function writeOther(row: CellRow, at: number, end: number, char: string, style: CellStyle): number {
  if (char < ' ' || (char >= '\x7f' && char < '\xa0')) {
    if (at < end) putCell(row, at, '?', style); // a control that got this far is a bug; it must not reach the terminal
    return 1;
  }
  const width = displayWidth(char);
  if (width === 0) {
    if (at > 0 && at <= end) row.chars[at - 1] += char;
    row.isPlain = false;
    return 0;
  }
  if (at + width <= end) {
    putCell(row, at, char, style);
    if (width === 2) putCell(row, at + 1, '', style);
    if (width === 2) row.isPlain = false;
  } else if (at < end) putCell(row, at, ' ', style);
  return width;
}

function putCell(row: CellRow, at: number, char: string, style: CellStyle): void {
  row.chars[at] = char;
  row.styles[at] = char === ' ' ? blankStyle(style) : style;
}

const blankStyles = new Map<CellStyle, CellStyle>();

/** A blank shows no foreground: without ground, inverse or lines it is plain, and plain is cheapest to draw. */
function blankStyle(style: CellStyle): CellStyle {
  if (style === '') return style;
  let found = blankStyles.get(style);
  if (found === undefined) {
    const isVisible = /(?:^|;)(?:[479]|4[0-8]|10[0-7])(?:;|$)/.test(style);
    found = isVisible ? style : '';
    blankStyles.set(style, found);
  }
  return found;
}

/** Index of the `m` that ends the sequence at `start`; 0 where it is no SGR sequence. */
function sgrEnd(text: string, start: number): number {
  if (text.charCodeAt(start + 1) !== 0x5b) return 0;
  for (let at = start + 2; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x6d) return at;
    if (!((code >= 0x30 && code <= 0x39) || code === 0x3b)) return 0;
  }
  return 0;
}

/** The characters of a row, without styles and without blanks at the end. */
export function rowText(row: CellRow): string {
  return row.chars.join('').trimEnd();
}
