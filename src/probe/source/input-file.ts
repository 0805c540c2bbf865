// Opens files that others may have put where we look: a regular file or nothing, never a wait, and no more of it than is wanted.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface InputFile {
  /** Close it. */
  readonly fd: number;
  readonly sizeBytes: number;
}

/** `follow`: the user's own settings, which people link to; what is opened must be a regular file all the same. */
export type Links = 'follow' | 'refuse';

/**
 * Opened for reading. A fifo does not wait for its writer (O_NONBLOCK), a link in place of the file is refused (O_NOFOLLOW),
 * and what else is no regular file is closed again unread. In words why there is none: of a name that is not there `ENOENT`.
 */
export function openInput(path: string, links: Links = 'refuse'): InputFile | string {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  let fd: number | undefined;
  try {
    fd = openSync(path, links === 'follow' ? flags : flags | constants.O_NOFOLLOW);
    const found = fstatSync(fd);
    if (found.isFile()) return { fd, sizeBytes: found.size };
    closeSync(fd);
    return found.isDirectory() ? 'EISDIR' : 'it is no regular file';
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    const code = codeOf(cause);
    return code === 'ELOOP' ? 'it is a symbolic link (ELOOP)' : code; // EACCES, ENOENT, EIO, ENXIO: a socket
  }
}

/** All of a file of at most `mostBytes`; or why not, in words as above. */
export function readInput(path: string, mostBytes: number, links: Links = 'refuse'): Buffer | string {
  const file = openInput(path, links);
  if (typeof file === 'string') return file;
  try {
    if (file.sizeBytes > mostBytes) return `it has more than ${mostBytes} bytes`;
    // A size of 0 may be one that the file system does not tell; one byte more than may be shows what grows.
    const bytes = readAt(file.fd, 0, mostBytes + 1);
    return bytes.length > mostBytes ? `it has more than ${mostBytes} bytes` : bytes;
  } catch (cause) {
    return codeOf(cause);
  } finally {
    closeSync(file.fd);
  }
}

const PIECE_BYTES = 65_536;

/** Up to `length` bytes from `offset`; fewer at the end of the file. Throws what read(2) says. */
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

const codeOf = (cause: unknown) => (cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause));
