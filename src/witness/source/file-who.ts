// Which file a statx(2) record is of: its birth to the nanosecond is what no other inode of that number has.
import type { NativeMemory } from '../../native/memory.ts';
import { birthNs } from '../../probe/model/life/birth.ts';
import { readStatx } from '../../probe/source/io-native.ts';

export interface FileWho {
  /** Nanoseconds since the epoch, decimal text; absent where the file system keeps no birth. */
  readonly birthNs?: string;
  readonly links: number;
  readonly uid: number;
  readonly sizeBytes: number;
}

export function readFileWho(record: NativeMemory): FileWho {
  const stat = readStatx(record);
  const { links, uid, sizeBytes } = stat;
  return { birthNs: birthNs(stat), links, uid, sizeBytes };
}
