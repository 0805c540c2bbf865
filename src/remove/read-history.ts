// Reads the journal of removals from its file.
import { closeSync } from 'node:fs';
import { openInput, readAt } from '../probe/source/input-file.ts';
import { type History, parseHistory } from './model/history.ts';

/** Some 100,000 removals: of a longer journal the end. */
const MOST_BYTES = 64 << 20;
const NEWLINE = 0x0a;

/**
 * An absent journal is an empty history; other trouble is told in words, and so is what is no regular file: it is never waited
 * for. Of a longer file only the last `mostBytes`, from the first whole line on.
 */
export function readHistory(path: string, mostBytes = MOST_BYTES): History | { readonly problem: string } {
  const file = openInput(path);
  if (typeof file === 'string') {
    return file === 'ENOENT' ? { entries: [], malformed: 0 } : { problem: `${path}: ${file}` };
  }
  try {
    const skippedBytes = Math.max(0, file.sizeBytes - mostBytes);
    const tail = readAt(file.fd, skippedBytes, mostBytes);
    if (skippedBytes === 0) return parseHistory(tail.toString('utf8'));
    const whole = tail.subarray(tail.indexOf(NEWLINE) + 1);
    return { ...parseHistory(whole.toString('utf8')), skippedBytes };
  } catch (cause) {
    return { problem: `${path}: ${cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)}` };
  } finally {
    closeSync(file.fd);
  }
}
