// The primitives over libc: preallocated buffers, no exceptions, statx that never waits for a network file system.
import { constants } from 'node:fs';
import { EFBIG, EPERM } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD, DIRENT64, O_CLOEXEC, O_NOATIME, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { type NativeMemory, readU64 } from '../../native/memory.ts';
import { effectiveUid } from '../../native/process.ts';
import type { ByteString } from '../model/bytes.ts';
import { deviceNumber } from '../model/join/mapping-record.ts';
import { MOST_FILE_BYTES } from '../territory/patience/caps.ts';
import type { FileStat, Io } from './io.ts';

const { O_RDONLY, O_DIRECTORY, O_NONBLOCK } = constants;
const STATX_BTIME = 0x800;
const DIRECTORY_CHUNK = 65_536;
const NEWLINE = 0x0a;

export function nativeIo(libc: Libc): Io {
  let content = libc.allocate(65_536);
  let contentText = bufferOf(content);
  const listing = libc.allocate(DIRECTORY_CHUNK);
  const listingText = bufferOf(listing);
  const target = libc.allocate(4096);
  const targetText = bufferOf(target);
  const record = libc.allocate(STATX_LAYOUT.size);
  const openDirectory = directoryOpener(libc);
  const grow = () => {
    content = grown(libc, content);
    contentText = bufferOf(content);
  };
  /** How many bytes of the file are in `content` now, at most so many; or -errno. */
  const readUpTo = (path: ByteString, mostBytes: number): number => {
    const fd = file.open(libc, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return fd;
    let length = 0;
    let count = 0;
    do {
      if (length === content.bytes.length) grow();
      count = file.read(libc, fd, content.address + length, Math.min(content.bytes.length, mostBytes) - length);
      if (count > 0) length += count;
    } while (count > 0 && length < mostBytes);
    file.close(libc, fd);
    return count < 0 ? count : length;
  };
  const readEntries = (path: ByteString, use: (start: number, end: number, inode: number) => void): number => {
    const fd = openDirectory(path);
    if (fd < 0) return fd;
    let count = 0;
    do {
      count = file.getdents64(libc, fd, listing.address, DIRECTORY_CHUNK);
      forEachEntry(listing, count, use);
    } while (count > 0);
    file.close(libc, fd);
    return count;
  };
  return {
    readFile: (path, mostBytes = MOST_FILE_BYTES, beyond = 'refuse') => {
      // One byte more tells that there are more.
      const length = readUpTo(path, beyond === 'cut' ? mostBytes : mostBytes + 1);
      if (length < 0) return length;
      return length > mostBytes ? -EFBIG : contentText.subarray(0, length);
    },
    readLines: (path, use, mostBytes = Infinity) => {
      const fd = file.open(libc, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
      if (fd < 0) return fd;
      let length = 0;
      let count = 0;
      let left = mostBytes;
      let isWanted = true;
      do {
        if (length === content.bytes.length) {
          if (length >= MOST_FILE_BYTES) left = -1;
          else grow(); // one line fills it
        }
        count = left < 0 ? 0 : file.read(libc, fd, content.address + length, content.bytes.length - length);
        left -= Math.max(0, count);
        length += Math.max(0, count);
        // The kernel gives a page at a time; to hand on more at once is worth waiting for.
        if (count > 0 && left >= 0 && length < content.bytes.length / 2) continue;
        const isEnd = count <= 0 && left >= 0;
        const end = isEnd ? length : content.bytes.lastIndexOf(NEWLINE, length - 1) + 1;
        if (end > 0) isWanted = use(content.bytes.subarray(0, end)) !== false;
        content.bytes.copyWithin(0, end, length);
        length -= end;
      } while (count > 0 && left >= 0 && isWanted);
      file.close(libc, fd);
      return isWanted && left < 0 ? -EFBIG : Math.min(0, count);
    },
    readDir: (path) => {
      const names: ByteString[] = [];
      const failed = readEntries(path, (start, end) => names.push(listingText.toString('latin1', start, end)));
      return failed < 0 ? failed : names;
    },
    readPids: (path) => {
      const pids: number[] = [];
      const inodes: number[] = [];
      const failed = readEntries(path, (start, end, inode) => {
        const pid = decimal(listing.bytes, start, end);
        if (pid === undefined) return;
        pids.push(pid);
        inodes.push(inode);
      });
      return failed < 0 ? failed : { pids, inodes };
    },
    readLink: (path) => {
      const length = file.readlinkat(libc, AT_FDCWD, path, target.address, target.bytes.length);
      return length < 0 ? length : targetText.toString('latin1', 0, length);
    },
    stat: (path, link) => {
      const failed = file.statx(libc, AT_FDCWD, path, record.address, link === 'nofollow');
      return failed < 0 ? failed : readStatx(record);
    },
  };
}

/**
 * Looking at a directory must not change its access time; only its owner and root may ask for that. Root of a user namespace
 * (a rootless container) is neither for the directories of users that it does not map, /proc among them: EPERM.
 */
function directoryOpener(libc: Libc): (path: ByteString) => number {
  const flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  if (effectiveUid(libc) !== 0) return (path) => file.open(libc, path, flags);
  return (path) => {
    const quiet = file.open(libc, path, flags | O_NOATIME);
    return quiet === -EPERM ? file.open(libc, path, flags) : quiet;
  };
}

const bufferOf = ({ bytes }: NativeMemory) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function grown(libc: Libc, memory: NativeMemory): NativeMemory {
  const larger = libc.allocate(memory.bytes.length * 4);
  larger.bytes.set(memory.bytes);
  return larger;
}

/** Calls `use` with the range and the inode of each name in `count` bytes of getdents64 records, but `.` and `..`. */
export function forEachEntry(
  { bytes, u32 }: NativeMemory,
  count: number,
  use: (start: number, end: number, inode: number) => void,
): void {
  for (let at = 0; at < count; ) {
    const recordLength = bytes[at + DIRENT64.recordLength] | (bytes[at + DIRENT64.recordLength + 1] << 8);
    const start = at + DIRENT64.name;
    let end = start;
    while (bytes[end] !== 0) end++;
    const isDots = bytes[start] === 0x2e && (end === start + 1 || (end === start + 2 && bytes[start + 1] === 0x2e));
    if (!isDots) use(start, end, readU64(u32, (at + DIRENT64.ino) / 4));
    at += recordLength;
  }
}

/** The number that these bytes are the digits of, without leading zeros; undefined for anything else. */
function decimal(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (bytes[start] === 0x30) return undefined;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** The fields of a statx record that we use. */
export function readStatx({ u32 }: NativeMemory): FileStat {
  const word = (offset: number) => u32[offset / 4];
  const long = (offset: number) => readU64(u32, offset / 4);
  const seconds = (offset: number) => u32[offset / 4] + (u32[offset / 4 + 1] | 0) * 4294967296;
  return {
    device: deviceNumber(word(STATX_LAYOUT.devMajor), word(STATX_LAYOUT.devMinor)),
    inode: long(STATX_LAYOUT.ino),
    mode: word(STATX_LAYOUT.mode) & 0xffff,
    links: word(STATX_LAYOUT.nlink),
    uid: word(STATX_LAYOUT.uid),
    gid: word(STATX_LAYOUT.gid),
    sizeBytes: long(STATX_LAYOUT.fileSize),
    allocatedBytes: long(STATX_LAYOUT.blocks) * 512,
    atimeSec: seconds(STATX_LAYOUT.atimeSec),
    mtimeSec: seconds(STATX_LAYOUT.mtimeSec),
    ctimeSec: seconds(STATX_LAYOUT.ctimeSec),
    btimeSec: word(STATX_LAYOUT.mask) & STATX_BTIME ? seconds(STATX_LAYOUT.btimeSec) : undefined,
    btimeNsec: word(STATX_LAYOUT.mask) & STATX_BTIME ? word(STATX_LAYOUT.btimeNsec) : undefined,
  };
}

const STATX_MNT_ID_BIT = 0x1000;

/** The number of the mount that a statx record is on, as in mountinfo; undefined before Linux 5.8. */
export const mountIdOf = ({ u32 }: NativeMemory): number | undefined =>
  (u32[STATX_LAYOUT.mask / 4] & STATX_MNT_ID_BIT) === 0 ? undefined : u32[STATX_LAYOUT.mountId / 4];
