// How sources read: a few primitives over libc or node:fs, so that each source is written once. Failures are -errno.
import type { ByteString } from '../model/bytes.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';

export interface FileStat {
  readonly device: DeviceNumber;
  /** Exact up to 2^53. */
  readonly inode: number;
  /** Type and permission bits, as in st_mode. */
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
  readonly atimeSec: number;
  readonly mtimeSec: number;
  readonly ctimeSec: number;
  /** Birth; absent where the file system does not keep it. */
  readonly btimeSec?: number;
  /** Nanoseconds of that second. */
  readonly btimeNsec?: number;
}

/** The processes below a proc root, in no order. */
export interface PidList {
  readonly pids: readonly number[];
  /** Of their directories, at the same places: a pid given out again has another one. Empty where that is not told. */
  readonly inodes: readonly number[];
}

/** Paths are raw bytes, one char each. Numbers returned in place of a value are -errno. */
export interface Io {
  /**
   * The whole file, or -EFBIG where there are more bytes than `mostBytes` (default MOST_FILE_BYTES): whoever writes a file of /proc
   * chooses its length. With `cut` those first bytes instead. The bytes are valid until the next `readFile`.
   */
  readonly readFile: (path: ByteString, mostBytes?: number, beyond?: 'refuse' | 'cut') => Buffer | number;
  /**
   * A file of lines in pieces, each of whole lines (but for a last one without its end), valid until the next: 0, or -errno. Once
   * `use` returns false no more is read; -EFBIG after more than `mostBytes`, or at a line that is longer than MOST_FILE_BYTES.
   */
  readonly readLines: (path: ByteString, use: (piece: Uint8Array) => unknown, mostBytes?: number) => number;
  /** Names in a directory, without `.` and `..`, in no order. */
  readonly readDir: (path: ByteString) => ByteString[] | number;
  /** Entries of a proc root that are numbers. */
  readonly readPids: (path: ByteString) => PidList | number;
  readonly readLink: (path: ByteString) => ByteString | number;
  readonly stat: (path: ByteString, link: 'follow' | 'nofollow') => FileStat | number;
}

const S_IFMT = 0o170000;
export const FILE_TYPES = {
  socket: 0o140000,
  symlink: 0o120000,
  regular: 0o100000,
  directory: 0o040000,
  fifo: 0o010000,
} as const;

/** The file type bits of a mode. */
export const typeBits = (mode: number) => mode & S_IFMT;

/** A file's bytes as text, one char a byte; or -errno, -EFBIG where it is longer than `mostBytes` (see `readFile`). */
export function readText(io: Io, path: ByteString, mostBytes?: number): ByteString | number {
  const bytes = io.readFile(path, mostBytes);
  if (typeof bytes === 'number') return bytes;
  return bytes.toString('latin1');
}

/** The pids below a proc root, in no order; or -errno. */
export function listPids(io: Io, procRoot: string): readonly number[] | number {
  const list = io.readPids(procRoot);
  return typeof list === 'number' ? list : list.pids;
}
