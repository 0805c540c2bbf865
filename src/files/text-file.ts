// Small texts of ours: read whole up to a limit.
import { closeSync, fstatSync, readSync } from 'node:fs';
import type { FolderWish } from './folder.ts';
import { type Objection, trustworthy } from './objection.ts';
import { openTrusted } from './open-file.ts';
import { type Refused, refusedFor } from './trust.ts';

/** UTF-8 of a file that may be acted upon: ours or root's, in folders that are so too unless `owner` says otherwise. */
export function readTrustedText(
  path: string,
  mostBytes: number,
  { objection = trustworthy, owner }: { readonly objection?: Objection; readonly owner?: FolderWish['owner'] } = {},
): string | Refused {
  const fd = openTrusted(path, objection, owner);
  if (typeof fd !== 'number') return fd;
  try {
    // A size of 0 may be one that the file system does not tell; one byte more than may be shows what grows.
    const bytes = fstatSync(fd).size > mostBytes ? undefined : readAt(fd, 0, mostBytes + 1);
    if (bytes !== undefined && bytes.length <= mostBytes) return bytes.toString('utf8');
    return { refusal: 'refused', reason: `${path} is larger than ${mostBytes} bytes` };
  } catch (error) {
    return refusedFor(path, error);
  } finally {
    closeSync(fd);
  }
}

const PIECE_BYTES = 65_536;

/** Up to `length` bytes from `offset`; fewer at the end of the file. Throws what read(2) answers. */
export function readAt(fd: number, offset: number, length: number): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at < length) {
    const piece = Buffer.allocUnsafe(Math.min(Math.max(PIECE_BYTES, at), length - at));
    const count = readSync(fd, piece, 0, piece.length, offset + at);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    at += count;
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}
