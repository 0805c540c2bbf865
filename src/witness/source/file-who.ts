// Which file a statx(2) record is of: its birth to the nanosecond is what no other inode of that number has.
import { STATX_LAYOUT } from '../../native/layout.ts';
import { type NativeMemory, readU64 } from '../../native/memory.ts';

export interface FileWho {
  /** Nanoseconds since the epoch, decimal text; absent where the file system keeps no birth. */
  readonly birthNs?: string;
  readonly links: number;
  readonly uid: number;
  readonly sizeBytes: number;
}

const STATX_BTIME = 0x800;

export function readFileWho({ u32 }: NativeMemory): FileWho {
  const word = (offset: number) => u32[offset / 4] ?? 0;
  const hasBirth = (word(STATX_LAYOUT.mask) & STATX_BTIME) !== 0;
  const seconds = readU64(u32, STATX_LAYOUT.btimeSec / 4);
  return {
    birthNs: hasBirth ? `${seconds}${String(word(STATX_LAYOUT.btimeNsec)).padStart(9, '0')}` : undefined,
    links: word(STATX_LAYOUT.nlink),
    uid: word(STATX_LAYOUT.uid),
    sizeBytes: readU64(u32, STATX_LAYOUT.fileSize / 4),
  };
}
