// Reads the journal of removals from its file.
import { closeSync, fstatSync } from 'node:fs';
import { errorCode } from '../fault/thrown.ts';
import { ours } from '../files/objection.ts';
import { openTrusted } from '../files/open-file.ts';
import { readAt } from '../files/text-file.ts';
import { afterAllEnded, type History, parseHistory } from './model/history.ts';

/** Some 100,000 removals: of a longer journal the end. */
const MOST_BYTES = 64 << 20;
const NEWLINE = 0x0a;

/**
 * An absent journal is an empty history; other trouble is told in words, and so is one that somebody else could have written. Of a
 * longer file only the last `mostBytes`, from the first whole line on.
 */
export function readHistory(path: string): History | { readonly problem: string } {
  return readEnd(path, MOST_BYTES, (tail, skippedBytes) =>
    skippedBytes === 0 ? parseHistory(tail.toString('utf8')) : { ...parseHistory(wholeLines(tail)), skippedBytes },
  );
}

/** A kill is some removals ago at most: only this much of the end of the journal is read. */
const RECENT_BYTES = 4 << 20;
/** Most runs end all that they begin: a removal does not read what those before it have written. */
const LAST_BYTES = 16 << 10;

/** The same of what may have been begun and not ended. */
export function readOpen(path: string): History | { readonly problem: string } {
  const last = readEnd(path, LAST_BYTES, (tail) => {
    const text = afterAllEnded(tail.toString('utf8'));
    return text === undefined ? undefined : parseHistory(text);
  });
  if (last !== undefined) return last;
  return readEnd(path, RECENT_BYTES, (tail, skippedBytes) => {
    const text = skippedBytes === 0 ? tail.toString('utf8') : wholeLines(tail);
    return parseHistory(afterAllEnded(text) ?? text);
  });
}

const wholeLines = (tail: Buffer): string => tail.subarray(tail.indexOf(NEWLINE) + 1).toString('utf8');

/** What `use` makes of the last `mostBytes` and of how many stand before them. */
function readEnd<Made>(
  path: string,
  mostBytes: number,
  use: (tail: Buffer, skippedBytes: number) => Made,
): Made | History | { readonly problem: string } {
  const fd = openTrusted(path, ours, 'ours');
  if (typeof fd !== 'number') return fd.refusal === 'absent' ? { entries: [], malformed: 0 } : { problem: fd.reason };
  try {
    const skippedBytes = Math.max(0, fstatSync(fd).size - mostBytes);
    return use(readAt(fd, skippedBytes, mostBytes), skippedBytes);
  } catch (error) {
    return { problem: `${path}: ${errorCode(error)}` };
  } finally {
    closeSync(fd);
  }
}
