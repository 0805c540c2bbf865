// Copies the content of one descriptor to another, data only: holes stay holes (lseek(2), SEEK_DATA).
import { readSync, writeSync } from 'node:fs';
import { EINVAL, ENXIO } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { SEEK_DATA, SEEK_HOLE } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';

const CHUNK_BYTES = 1 << 20;

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The ranges that hold data, in bytes; one range over all where the file system cannot tell. */
export function* dataRanges(libc: Libc, fd: number, sizeBytes: number): Generator<Range> {
  for (let at = 0; at < sizeBytes; ) {
    const start = file.lseek(libc, fd, at, SEEK_DATA);
    if (start === -ENXIO) return;
    if (start === -EINVAL || start < 0) {
      yield { start: at, end: sizeBytes };
      return;
    }
    const hole = file.lseek(libc, fd, start, SEEK_HOLE);
    const end = Math.min(sizeBytes, hole < 0 ? sizeBytes : hole);
    if (start >= end) return;
    yield { start, end };
    at = end;
  }
}

/**
 * Copies up to `sizeBytes`. `mayGoOn` is asked before each MiB: false ends it. Returns whether all was copied; throws
 * what node:fs throws (ENOSPC).
 */
export function copySparse(libc: Libc, from: number, to: number, sizeBytes: number, mayGoOn: () => boolean): boolean {
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(1, sizeBytes)));
  for (const { start, end } of dataRanges(libc, from, sizeBytes)) {
    for (let at = start; at < end; ) {
      if (!mayGoOn()) return false;
      const count = readSync(from, buffer, 0, Math.min(buffer.length, end - at), at);
      if (count === 0) return false; // it became shorter
      for (let done = 0; done < count; ) done += writeSync(to, buffer, done, count - done, at + done);
      at += count;
    }
  }
  return true;
}
