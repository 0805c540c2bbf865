// Reads the journal of removals from its file.
import { closeSync, fstatSync } from 'node:fs';
import { errorCode } from '../fault/thrown.ts';
import { ours } from '../files/objection.ts';
import { openTrusted } from '../files/open-file.ts';
import { readAt } from '../files/text-file.ts';
import { type History, parseHistory } from './model/history.ts';

/** Some 100,000 removals: of a longer journal the end. */
const MOST_BYTES = 64 << 20;
const NEWLINE = 0x0a;

/**
 * An absent journal is an empty history; other trouble is told in words, and so is one that somebody else could have written. Of a
 * longer file only the last `mostBytes`, from the first whole line on.
 */
export function readHistory(path: string, mostBytes = MOST_BYTES): History | { readonly problem: string } {
  const fd = openTrusted(path, ours, 'ours');
  if (typeof fd !== 'number') return fd.refusal === 'absent' ? { entries: [], malformed: 0 } : { problem: fd.reason };
  try {
    const skippedBytes = Math.max(0, fstatSync(fd).size - mostBytes);
    const tail = readAt(fd, skippedBytes, mostBytes);
    if (skippedBytes === 0) return parseHistory(tail.toString('utf8'));
    const whole = tail.subarray(tail.indexOf(NEWLINE) + 1);
    return { ...parseHistory(whole.toString('utf8')), skippedBytes };
  } catch (error) {
    return { problem: `${path}: ${errorCode(error)}` };
  } finally {
    closeSync(fd);
  }
}
