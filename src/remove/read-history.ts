// Reads the journal of removals from its file.
import { closeSync, fstatSync, readSync } from 'node:fs';
import { ours } from '../files/objection.ts';
import { openTrusted } from '../files/open-file.ts';
import { errorCode } from '../files/trust.ts';
import { type History, parseHistory } from './model/history.ts';

/** What is read of a journal at most: its newest 10^5 removals. */
const MOST_BYTES = 128 * 1024 ** 2;

/**
 * An absent journal is an empty history; other trouble is told in words, and so is one that somebody else could have written. Of a
 * longer file only the last `mostBytes`.
 */
export function readHistory(path: string, mostBytes = MOST_BYTES): History | { readonly problem: string } {
  const fd = openTrusted(path, ours, 'ours');
  if (typeof fd !== 'number') return fd.refusal === 'absent' ? { entries: [], malformed: 0 } : { problem: fd.reason };
  try {
    return parseHistory(readTail(fd, mostBytes));
  } catch (error) {
    return { problem: `${path}: ${errorCode(error)}` };
  } finally {
    closeSync(fd);
  }
}

/** From the first whole line on. */
function readTail(fd: number, mostBytes: number): string {
  const { size } = fstatSync(fd);
  const length = Math.min(size, mostBytes);
  const tail = Buffer.allocUnsafe(length);
  const count = readSync(fd, tail, 0, length, size - length);
  return tail.toString('utf8', size > length ? tail.indexOf(0x0a) + 1 : 0, count);
}
