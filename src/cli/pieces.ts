// Many small lines, few large writes.
import type { Terminal } from './output.ts';

const PIECE_CHARS = 64 * 1024;

/** Writes all texts, gathered to pieces of about 64 KiB. */
export function writePieces(out: Terminal, texts: Iterable<string>): void {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE_CHARS) continue;
    out.write(piece);
    piece = '';
  }
  if (piece !== '') out.write(piece);
}

/** The same for lines that have no end yet. */
export function writeLines(out: Terminal, lines: Iterable<string>): void {
  writePieces(out, withEnds(lines));
}

function* withEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
