// Reads the journal of removals from its file.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type History, parseHistory } from './model/history.ts';

/** An absent journal is an empty history; other trouble is told in words. Of a longer file only the last `mostBytes`. */
export function readHistory(
  path: string,
  mostBytes = Number.POSITIVE_INFINITY,
): History | { readonly problem: string } {
  try {
    return parseHistory(readTail(path, mostBytes));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOENT' ? { entries: [], malformed: 0 } : { problem: `${path}: ${code}` };
  }
}

/** From the first whole line on. */
function readTail(path: string, mostBytes: number): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = fstatSync(fd);
    if (size <= mostBytes) return readFileSync(fd, 'utf8');
    const tail = Buffer.alloc(mostBytes);
    const count = readSync(fd, tail, 0, mostBytes, size - mostBytes);
    return tail.toString('utf8', tail.indexOf(0x0a) + 1, count);
  } finally {
    closeSync(fd);
  }
}
