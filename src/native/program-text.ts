// The program's own code in memory: what only the start has used may go, since it can be read again (madvise(2)).
import { readFileSync } from 'node:fs';
import type { Libc } from './libc.ts';

const MADV_DONTNEED = 4;
/** Code of a file, mapped privately and never written: `START-END r-xp OFFSET DEVICE INODE  /path`. */
const TEXT = /^([0-9a-f]+)-([0-9a-f]+) r-xp [0-9a-f]+ \S+ [1-9]\d* +\//gm;

/**
 * Takes the pages of all program code out of this process. They stay in the page cache, and whatever is needed comes back by itself
 * at some microseconds for 64 KiB: worth it once, in a program that stays, when its start is over. Bytes that were asked for.
 */
export function dropProgramText(libc: Libc): number {
  let maps: string;
  try {
    maps = readFileSync('/proc/self/maps', 'latin1');
  } catch {
    return 0; // ENOENT: no /proc
  }
  let bytes = 0;
  for (const [, start = '', end = ''] of maps.matchAll(TEXT)) {
    const from = Number.parseInt(start, 16);
    const length = Number.parseInt(end, 16) - from;
    if (libc.raw.madvise(from, length, MADV_DONTNEED) === 0) bytes += length;
  }
  return bytes;
}
