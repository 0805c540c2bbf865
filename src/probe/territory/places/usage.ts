// How full a file system is, asked through a descriptor (statfs(2)).
import { statfsSync } from 'node:fs';
import * as file from '../../../native/file.ts';
import { HUGETLBFS_MAGIC, STATFS_LAYOUT, TMPFS_MAGIC } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import { readU64 } from '../../../native/memory.ts';
import type { ByteString } from '../../model/bytes.ts';

/** A tmpfs mounted without a limit reports 0, which is absent here; a limit beyond 2^53 too. */
export interface Usage {
  readonly isTmpfs: boolean;
  /** Of a hugetlbfs: the size of its pages. */
  readonly hugePageBytes?: number;
  readonly sizeBytes?: number;
  readonly usedBytes?: number;
  readonly inodes?: number;
  readonly inodesUsed?: number;
}

/** Only for what is known to answer: a file system of somebody else's program may not. */
export function readUsage(libc: Libc, fd: number): Usage {
  const memory = libc.allocate(STATFS_LAYOUT.size);
  if (file.fstatfs(libc, fd, memory.address) < 0) return { isTmpfs: false };
  const long = (offset: number) => readU64(memory.u32, offset / 4);
  /** Of two numbers that may both be beyond what a number says exactly. */
  const less = (from: number, offset: number) => {
    const high = memory.u32[from / 4 + 1] - memory.u32[offset / 4 + 1];
    return high * 2 ** 32 + (memory.u32[from / 4] - memory.u32[offset / 4]);
  };
  const blockBytes = long(STATFS_LAYOUT.blockSize);
  const blocks = long(STATFS_LAYOUT.blocks);
  const files = long(STATFS_LAYOUT.files);
  return {
    isTmpfs: memory.u32[0] === TMPFS_MAGIC,
    hugePageBytes: memory.u32[0] === HUGETLBFS_MAGIC ? blockBytes : undefined,
    sizeBytes: limitOf(blocks * blockBytes),
    usedBytes: blocks > 0 ? less(STATFS_LAYOUT.blocks, STATFS_LAYOUT.blocksFree) * blockBytes : undefined,
    inodes: limitOf(files),
    inodesUsed: files > 0 ? less(STATFS_LAYOUT.files, STATFS_LAYOUT.filesFree) : undefined,
  };
}

/** Any user mounts one with a limit of exabytes: that is none. */
const limitOf = (value: number) => (value > 0 && Number.isSafeInteger(value) ? value : undefined);

/** The same by path. */
export function usageOfPath(path: ByteString): Usage {
  try {
    const { type, bsize, blocks, bfree, files, ffree } = statfsSync(Buffer.from(path, 'latin1'), { bigint: true });
    return {
      isTmpfs: Number(type) === TMPFS_MAGIC,
      sizeBytes: limitOf(Number(blocks * bsize)),
      usedBytes: blocks > 0n ? Number((blocks - bfree) * bsize) : undefined,
      inodes: limitOf(Number(files)),
      inodesUsed: files > 0n ? Number(files - ffree) : undefined,
    };
  } catch {
    // ENOENT, EACCES: the mount went away or may not be asked; its names were read, its usage is not known.
    return { isTmpfs: false };
  }
}
