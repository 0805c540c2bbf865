// The names in /dev/shm, of our mount namespace and of others: walked whole, with dot files, without following a link.
import { statfsSync } from 'node:fs';
import { EACCES, ENOENT, ENOTDIR, EPERM, errnoName } from '../../native/errno.ts';
import { type ByteString, escapeBytes } from '../model/bytes.ts';
import type { GapList } from '../model/gap.ts';
import type { DeviceNumber } from '../model/mapping-record.ts';
import type { EntryType } from '../model/object.ts';
import type { ShmEntry } from '../model/shm-entry.ts';
import { FILE_TYPES, type FileStat, type Io, typeBits } from './io.ts';

const TMPFS_MAGIC = 0x01021994;
/** What sem_open(3) makes: `sem.` and the name; the file holds one sem_t (32 bytes on 64-bit systems). */
const SEMAPHORE_NAME = /\/sem\.[^/]+$/s;
const SEMAPHORE_BYTES = 32;

export interface ShmTree {
  /** Device of the mount. */
  readonly device: DeviceNumber;
  /** Inode of its root directory. */
  readonly rootInode: number;
  readonly entries: readonly ShmEntry[];
  /** Names that a file of another file system is mounted over. */
  readonly covered: number;
  readonly sizeBytes?: number;
  readonly usedBytes?: number;
  readonly inodes?: number;
  readonly inodesUsed?: number;
  readonly isTmpfs: boolean;
  /** False when a directory could not be read. */
  readonly isWhole: boolean;
}

/** Where to look: `reachedBy` opens it from here, `path` is what a person calls it, absent for another mount namespace. */
export interface ShmRoot {
  readonly reachedBy: ByteString;
  readonly path?: ByteString;
}

/** Walks one mount. Undefined where there is none; a directory that may not be read is a gap. */
export function readShmTree(io: Io, root: ShmRoot, gaps: GapList): ShmTree | undefined {
  const top = io.stat(root.reachedBy, 'follow');
  if (typeof top === 'number') {
    if (top !== -ENOENT && top !== -ENOTDIR) addGap(gaps, root, '', top);
    return undefined;
  }
  const usage = readUsage(root);
  const entries: ShmEntry[] = [];
  let isWhole = true;
  let covered = 0;
  const addMountGap = (name: ByteString) => {
    const where = escapeBytes((root.path ?? root.reachedBy) + name);
    gaps.add('dev-shm', 'unsupported', { detail: `${where} is a mount of its own and was not looked into` });
  };
  const directories: ByteString[] = [''];
  for (let below = directories.pop(); below !== undefined; below = directories.pop()) {
    const names = io.readDir(root.reachedBy + below);
    if (typeof names === 'number') {
      if (names === -ENOENT) continue; // removed meanwhile
      isWhole = false;
      addGap(gaps, root, below, names);
      continue;
    }
    for (const child of names) {
      const name = `${below}/${child}`;
      const stat = io.stat(root.reachedBy + name, 'nofollow');
      if (typeof stat === 'number') {
        if (stat === -ENOENT) continue; // removed meanwhile
        isWhole = false;
        addGap(gaps, root, name, stat);
        continue;
      }
      const entry = entryOf(root, name, stat);
      // A file of another file system that is mounted over a name is no object of ours. (In an overlay devices differ anyway.)
      if (stat.device !== top.device && entry.type !== 'directory' && usage.isTmpfs) {
        addMountGap(name);
        covered++;
        continue;
      }
      entries.push(entry);
      if (entry.type !== 'directory') continue;
      if (stat.device === top.device) directories.push(name);
      else addMountGap(name);
    }
  }
  return { device: top.device, rootInode: top.inode, entries, covered, isWhole, ...usage };
}

function entryOf(root: ShmRoot, name: ByteString, stat: FileStat): ShmEntry {
  const { links, uid, gid, sizeBytes, allocatedBytes, atimeSec, mtimeSec, ctimeSec, btimeSec, device, inode, mode } =
    stat;
  return {
    device,
    inode,
    name,
    path: root.path === undefined ? undefined : root.path + name,
    reachedBy: root.reachedBy + name,
    type: entryType(name, stat),
    mode: mode & 0o7777,
    links,
    uid,
    gid,
    sizeBytes,
    allocatedBytes,
    atimeSec,
    mtimeSec,
    ctimeSec,
    btimeSec,
  };
}

function entryType(name: ByteString, { mode, sizeBytes }: FileStat): EntryType {
  switch (typeBits(mode)) {
    case FILE_TYPES.regular:
      return SEMAPHORE_NAME.test(name) && sizeBytes === SEMAPHORE_BYTES ? 'semaphore' : 'file';
    case FILE_TYPES.directory:
      return 'directory';
    case FILE_TYPES.symlink:
      return 'symlink';
    case FILE_TYPES.fifo:
      return 'fifo';
    case FILE_TYPES.socket:
      return 'socket';
    default:
      return 'other';
  }
}

/** statfs(2): size and inodes in use; a tmpfs mounted without a limit reports 0, which is absent here. */
function readUsage(root: ShmRoot): Pick<ShmTree, 'sizeBytes' | 'usedBytes' | 'inodes' | 'inodesUsed' | 'isTmpfs'> {
  try {
    const { type, bsize, blocks, bfree, files, ffree } = statfsSync(Buffer.from(root.reachedBy, 'latin1'));
    return {
      isTmpfs: type === TMPFS_MAGIC,
      sizeBytes: blocks > 0 ? blocks * bsize : undefined,
      usedBytes: blocks > 0 ? (blocks - bfree) * bsize : undefined,
      inodes: files > 0 ? files : undefined,
      inodesUsed: files > 0 ? files - ffree : undefined,
    };
  } catch {
    // ENOENT, EACCES: the mount went away or may not be asked; its names were read, its usage is not known.
    return { isTmpfs: false };
  }
}

function addGap(gaps: GapList, root: ShmRoot, name: ByteString, result: number): void {
  const reason = result === -EACCES || result === -EPERM ? 'permission' : 'io';
  const where = escapeBytes((root.path ?? root.reachedBy) + name);
  gaps.add('dev-shm', reason, { detail: `${where}: ${errnoName(result)}` });
}
