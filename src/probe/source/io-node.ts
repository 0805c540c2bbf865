// The primitives over node:fs: slower than libc (about 3 times), and all there is where koffi cannot load.
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs';
import type { ByteString } from '../model/bytes.ts';
import { deviceNumber } from '../model/mapping-record.ts';
import type { FileStat, Io } from './io.ts';

const EIO = 5;

/** Makes the primitives; the one buffer grows to the largest file read. */
export function nodeIo(): Io {
  let buffer = Buffer.allocUnsafeSlow(65_536);
  const readFile: Io['readFile'] = (path) =>
    errnoOf(() => {
      const fd = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        let length = 0;
        for (;;) {
          if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafeSlow(buffer.length)]);
          const count = readSync(fd, buffer, length, buffer.length - length, null);
          if (count === 0) return buffer.subarray(0, length);
          length += count;
        }
      } finally {
        closeSync(fd);
      }
    });
  return {
    readFile,
    readLines: (path, use) => {
      const bytes = readFile(path);
      if (typeof bytes === 'number') return bytes;
      if (bytes.length > 0) use(bytes);
      return 0;
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
  };
}

/** Runs a call of node:fs; its error becomes -errno (Node's `errno` is negative already). */
function errnoOf<Value>(call: () => Value): Value | number {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') return error.errno;
    return -EIO;
  }
}
