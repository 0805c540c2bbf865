// The primitives over node:fs: slower than libc (about 3 times), and all there is where koffi cannot load.
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs';
import { errorNumber } from '../../fault/thrown.ts';
import { EFBIG, EIO } from '../../native/errno.ts';
import type { ByteString } from '../model/bytes.ts';
import { deviceNumber } from '../model/join/mapping-record.ts';
import { MOST_FILE_BYTES } from '../territory/patience/caps.ts';
import type { FileStat, Io } from './io.ts';

const NEWLINE = 0x0a;

/** Makes the primitives; the one buffer grows to the largest file read. */
export function nodeIo(): Io {
  let buffer = Buffer.allocUnsafeSlow(65_536);
  /** At most so many bytes; one more tells that there are more. */
  const readStart = (path: ByteString, mostBytes: number) =>
    errnoOf(() => {
      const fd = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        let length = 0;
        while (length < mostBytes) {
          if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(buffer.length)]);
          const count = readSync(fd, buffer, length, Math.min(buffer.length, mostBytes) - length, null);
          if (count === 0) break;
          length += count;
        }
        return buffer.subarray(0, length);
      } finally {
        closeSync(fd);
      }
    });
  const readFile: Io['readFile'] = (path, mostBytes = MOST_FILE_BYTES, beyond = 'refuse') => {
    if (beyond === 'cut') return readStart(path, mostBytes);
    const bytes = readStart(path, mostBytes + 1);
    return typeof bytes !== 'number' && bytes.length > mostBytes ? -EFBIG : bytes;
  };
  return {
    readFile,
    // At once: what is longer than one file may be is told after what it begins with.
    readLines: (path, use, mostBytes = MOST_FILE_BYTES) => {
      const most = Math.min(mostBytes, MOST_FILE_BYTES);
      const bytes = readStart(path, most + 1);
      if (typeof bytes === 'number') return bytes;
      const isWhole = bytes.length <= most;
      const end = isWhole ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
      const isWanted = end === 0 || use(bytes.subarray(0, end)) !== false;
      return isWhole || !isWanted ? 0 : -EFBIG;
    },
    readDir: (path) => errnoOf(() => readdirSync(bytesOf(path), { encoding: 'latin1' })),
    readPids: (path) =>
      errnoOf(() => ({
        pids: readdirSync(bytesOf(path), { encoding: 'latin1' })
          .filter((name) => /^[1-9]\d*$/.test(name))
          .map(Number),
        inodes: [],
      })),
    readLink: (path) => errnoOf(() => readlinkSync(bytesOf(path), { encoding: 'latin1' })),
    stat: (path, link) => errnoOf(() => statOf(bytesOf(path), link)),
  };
}

const bytesOf = (path: ByteString) => Buffer.from(path, 'latin1');

function statOf(path: Buffer, link: 'follow' | 'nofollow'): FileStat {
  const stat = (link === 'follow' ? statSync : lstatSync)(path, { bigint: true });
  const { dev } = stat;
  // st_dev in glibc's encoding, gnu_dev_major(3)
  const major = Number(((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn));
  const minor = Number((dev & 0xffn) | ((dev >> 12n) & 0xffffff00n));
  return {
    device: deviceNumber(major, minor),
    inode: Number(stat.ino),
    mode: Number(stat.mode),
    links: Number(stat.nlink),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    sizeBytes: Number(stat.size),
    allocatedBytes: Number(stat.blocks) * 512,
    atimeSec: Math.floor(Number(stat.atimeMs) / 1000),
    mtimeSec: Math.floor(Number(stat.mtimeMs) / 1000),
    ctimeSec: Math.floor(Number(stat.ctimeMs) / 1000),
    btimeSec: stat.birthtimeMs > 0n ? Math.floor(Number(stat.birthtimeMs) / 1000) : undefined,
    btimeNsec: stat.birthtimeMs > 0n ? Number(stat.birthtimeNs % 1_000_000_000n) : undefined,
  };
}

/** Runs a call of node:fs; its error becomes -errno (Node's `errno` is negative already). */
function errnoOf<Value>(call: () => Value): Value | number {
  try {
    return call();
  } catch (error) {
    const errno = errorNumber(error);
    if (errno !== undefined) return errno;
    return -EIO;
  }
}
