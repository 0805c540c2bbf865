// The bytes that turn one screen row into another: only the cells that differ, as few bytes as is simple.
import type { CellRow } from './cells.ts';
import type { CellStyle } from './sgr.ts';

/** A gap of unchanged cells up to this long is written again: cheaper than moving the cursor over it. */
const SHORT_GAP = 5;

/** Collects output and knows which style the terminal is left in. */
export class Pen {
  text = '';
  #style: CellStyle = '';
  #row = -1;
  /** Where the cursor is, as far as plain cells tell; -1 when it must be said again. */
  #column = -1;

  moveTo(row: number, column: number): void {
    const ahead = column - this.#column;
    if (row === this.#row && this.#column >= 0 && ahead > 0) this.text += ahead === 1 ? '\x1b[C' : `\x1b[${ahead}C`;
    else this.text += column === 0 ? `\x1b[${row + 1}H` : `\x1b[${row + 1};${column + 1}H`;
    this.#row = row;
    this.#column = column;
  }

  /** A character of one column. */
  put(char: string, style: CellStyle): void {
    this.style(style);
    this.text += char;
    this.#column++;
  }

  /** A character on whose width terminals may disagree: the column must be said again. */
  putOdd(char: string, style: CellStyle): void {
    this.style(style);
    this.text += char;
    this.#row = -1;
  }

  style(style: CellStyle): void {
    if (style === this.#style) return;
    // Adding to plain needs no reset; everything else starts from plain, which is always right.
    this.text += style === '' ? '\x1b[m' : this.#style === '' ? `\x1b[${style}m` : `\x1b[;${style}m`;
    this.#style = style;
  }
}

/** Appends what makes `before` (what the terminal shows in that row) look like `after`. */
export function drawRow(pen: Pen, row: number, before: CellRow, after: CellRow): void {
  const width = after.chars.length;
  if (!before.isPlain || !after.isPlain) {
    drawWhole(pen, row, before, after);
    return;
  }
  const end = trailingBlanks(after);
  for (let at = 0; at < width; at++) {
    if (isSame(before, after, at)) continue;
    if (at >= end && differsFrom(before, after, at) > SHORT_GAP) {
      pen.moveTo(row, at);
      pen.style('');
      pen.text += '\x1b[K';
      return;
    }
    const stop = runEnd(before, after, at);
    pen.moveTo(row, at);
    for (let cell = at; cell < stop; cell++) pen.put(after.chars[cell], after.styles[cell]);
    at = stop;
  }
}

/** End of the run of changed cells that starts at `from`, short unchanged gaps included. */
function runEnd(before: CellRow, after: CellRow, from: number): number {
  let end = from + 1;
  for (let at = end; at < after.chars.length && at - end <= SHORT_GAP; at++)
    if (!isSame(before, after, at)) end = at + 1;
  return end;
}

/** First column of the plain blanks that end the row. */
function trailingBlanks(row: CellRow): number {
  let end = row.chars.length;
  while (end > 0 && row.chars[end - 1] === ' ' && row.styles[end - 1] === '') end--;
  return end;
}

function differsFrom(before: CellRow, after: CellRow, from: number): number {
  let count = 0;
  for (let at = from; at < after.chars.length; at++) if (!isSame(before, after, at)) count++;
  return count;
}

/** Wide characters and marks: terminals disagree on them, so the row is written whole and the column said again after each. */
function drawWhole(pen: Pen, row: number, before: CellRow, after: CellRow): void {
  const width = after.chars.length;
  let differs = false;
  for (let at = 0; at < width && !differs; at++) differs = !isSame(before, after, at);
  if (!differs) return;
  pen.moveTo(row, 0);
  pen.style('');
  pen.text += '\x1b[2K';
  for (let at = 0; at < width; at++) {
    const char = after.chars[at];
    if (char === '') continue;
    const isWide = after.chars[at + 1] === '';
    if (char.length === 1 && !isWide) {
      pen.put(char, after.styles[at]);
      continue;
    }
    pen.putOdd(char, after.styles[at]);
    pen.moveTo(row, Math.min(width - 1, at + (isWide ? 2 : 1)));
  }
}

const isSame = (a: CellRow, b: CellRow, at: number) => a.chars[at] === b.chars[at] && a.styles[at] === b.styles[at];
