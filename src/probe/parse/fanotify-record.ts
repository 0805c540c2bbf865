// Events of fanotify(7) in FAN_REPORT_FID mode: mask, pid, the inode behind the file handle, and the name where there is one.
import type { ByteString } from '../model/bytes.ts';
import { u16, u32 } from './little-endian.ts';
import { latin1 } from './maps.ts';

export interface FanotifyEvent {
  /** FAN_* bits; the kernel merges what one process did to one object in a row, so several may be set. */
  readonly mask: number;
  /** 0: not visible from our pid namespace. */
  readonly pid: number;
  /** The object's inode number, from its tmpfs handle; absent for file systems with other handles. */
  readonly inode?: number;
  /** The other half of that handle: a number that is drawn anew for every inode. */
  readonly generation?: number;
  /** Of its file system, as statfs(2) tells it: two words. */
  readonly fsid?: readonly [number, number];
  /** Inode of the directory and the name in it; absent for objects without a name. */
  readonly directory?: number;
  readonly name?: ByteString;
}

const METADATA = 24;
const INFO_FID = 1;
const INFO_DFID_NAME = 2;
const INFO_DFID = 3;
/** What shmem_encode_fh (mm/shmem.c) makes: generation, inode low, inode high; 12 bytes of type 1. */
const TMPFS_HANDLE_BYTES = 12;
const TMPFS_HANDLE_TYPE = 1;

/** Calls `use` with each event in `count` bytes of one read(2). */
export function parseFanotifyEvents(bytes: Uint8Array, count: number, use: (event: FanotifyEvent) => void): void {
  for (let at = 0; at + METADATA <= count; ) {
    const length = u32(bytes, at);
    if (length < METADATA) return; // cannot be: the kernel writes whole events
    use({
      mask: u32(bytes, at + 8),
      pid: u32(bytes, at + 20) | 0,
      ...parseInfo(bytes, at + u16(bytes, at + 6), at + length),
    });
    at += length;
  }
}

/** Information records: u8 type, u8 pad, u16 length, u64 fsid, then `struct file_handle`, then the name. */
function parseInfo(bytes: Uint8Array, start: number, end: number): Omit<FanotifyEvent, 'mask' | 'pid'> {
  let inode: number | undefined;
  let generation: number | undefined;
  let fsid: readonly [number, number] | undefined;
  let directory: number | undefined;
  let name: ByteString | undefined;
  for (let at = start; at + 20 <= end; ) {
    const type = bytes[at];
    const length = u16(bytes, at + 2);
    if (length < 20) break;
    const handleBytes = u32(bytes, at + 12);
    const found = inodeOf(bytes, at + 12);
    if (type === INFO_FID) {
      inode = found;
      generation = found === undefined ? undefined : u32(bytes, at + 20);
      fsid = [u32(bytes, at + 4), u32(bytes, at + 8)];
    }
    if (type === INFO_DFID || type === INFO_DFID_NAME) directory = found;
    if (type === INFO_DFID_NAME) {
      const nameStart = at + 20 + handleBytes;
      const nameEnd = bytes.indexOf(0, nameStart);
      name = latin1(bytes, nameStart, nameEnd < 0 ? at + length : Math.min(nameEnd, at + length));
    }
    at += length;
  }
  return { inode, generation, fsid, directory, name };
}

function inodeOf(bytes: Uint8Array, at: number): number | undefined {
  if (u32(bytes, at) !== TMPFS_HANDLE_BYTES || u32(bytes, at + 4) !== TMPFS_HANDLE_TYPE) return undefined;
  return u32(bytes, at + 12) + u32(bytes, at + 16) * 4294967296;
}
