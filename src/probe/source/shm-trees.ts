// All places of POSIX shared memory: our own /dev/shm and those of other mount namespaces, each tmpfs once.
import { ENOENT } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { escapeBytes } from '../model/bytes.ts';
import { GapList } from '../model/gap.ts';
import { type DeviceNumber, deviceText } from '../model/mapping-record.ts';
import type { ShmEntry } from '../model/shm-entry.ts';
import type { ShmMount } from '../model/snapshot.ts';
import type { Mount } from '../parse/mountinfo.ts';
import { readShmTree, type ShmRoot, type ShmTree } from './dev-shm.ts';
import type { FileStat, Io } from './io.ts';
import { openMount } from './mounts.ts';
import { openShmOf } from './namespaces.ts';

export const DEFAULT_SHM_ROOT = '/dev/shm';

export interface ShmForest {
  readonly entries: readonly ShmEntry[];
  readonly mounts: readonly ShmMount[];
  /** Devices on which named objects live. */
  readonly devices: ReadonlySet<DeviceNumber>;
  /** Those of them that are nothing but /dev/shm: what has no name there any more was unlinked. */
  readonly dedicated: ReadonlySet<DeviceNumber>;
  /** `major:minor:inode` of the directories at which they are rooted. */
  readonly roots: ReadonlySet<string>;
  /** True when there may be something that a process could map privately: a file, or an inode without a name. */
  readonly mayHoldFiles: boolean;
  /** False where our own root is a folder of something else: a captured tree, or a machine without such a mount. */
  readonly isOwnMounted: boolean;
  /** Inodes in use that no name accounts for, over all mounts whose tree was read whole. */
  readonly namelessInodes: number;
  /** Counts them again: names come and go while one looks, and only what stays unexplained is a gap. */
  readonly recountNameless: () => number;
  /** Closes what keeps trees of other namespaces reachable; `reachedBy` of their entries is dead afterwards. */
  readonly close: () => void;
}

export interface ForestRequest {
  readonly io: Io;
  readonly libc: Libc | undefined;
  readonly procRoot: string;
  /** Our own, raw path. */
  readonly shmRoot: string;
  /** Our own is a folder of a larger mount: its inodes in use are not all ours, and others may see the whole. */
  readonly isFolder: boolean;
  /** One process of each other mount namespace. */
  readonly otherPids: Iterable<number>;
  /** Those of chroots in our own mount namespace. */
  readonly chroots: readonly Mount[];
  readonly gaps: GapList;
}

export function readShmForest(request: ForestRequest): ShmForest {
  const { io, libc, procRoot, shmRoot, isFolder, otherPids, chroots, gaps } = request;
  const trees: { root: ShmRoot; tree: ShmTree; mount: ShmMount; isDedicated: boolean }[] = [];
  const open: number[] = [];
  /** One tree of a device is all of it, but for our own if that is a folder only. */
  const isShown = ({ root, tree }: (typeof trees)[number], { device, inode }: FileStat) =>
    tree.device === device && (tree.rootInode === inode || !isFolder || root.path === undefined);
  const addTree = (root: ShmRoot, label: string) => {
    const top = io.stat(root.reachedBy, 'follow');
    if (typeof top !== 'number' && trees.some((one) => isShown(one, top))) return;
    const tree = readShmTree(io, root, gaps);
    if (!tree) return;
    const parent = io.stat(`${root.reachedBy}/..`, 'follow');
    const isMount = tree.isTmpfs && typeof parent !== 'number' && parent.device !== tree.device;
    // Of the mount that our own is a folder of, nobody says here whether it is shown whole.
    const isDedicated = isMount && !(isFolder && (root.path !== undefined || trees[0]?.tree.device === tree.device));
    trees.push({ root, tree, isDedicated, mount: mountOf(tree, label) });
  };
  addTree({ reachedBy: shmRoot, path: shmRoot }, shmRoot);
  // A machine may have no /dev/shm; a root that somebody named should be there.
  if (trees.length === 0 && shmRoot !== DEFAULT_SHM_ROOT && io.stat(shmRoot, 'follow') === -ENOENT) {
    gaps.add('dev-shm', 'io', { detail: `${escapeBytes(shmRoot)}: ENOENT` });
  }
  const addOpened = (fd: number | undefined, label: string) => {
    if (fd === undefined || fd < 0) return;
    open.push(fd);
    addTree({ reachedBy: `/proc/self/fd/${fd}` }, label);
  };
  if (libc) {
    for (const pid of otherPids) addOpened(openShmOf(libc, procRoot, pid, gaps), `${procRoot}/${pid}/root/dev/shm`);
    for (const mount of chroots) addOpened(openMount(libc, mount), escapeBytes(mount.mountPoint));
  }
  const entries = trees.flatMap(({ tree }) => tree.entries);
  const namelessInodes = trees.reduce((sum, { tree, isDedicated }) => sum + (isDedicated ? nameless(tree) : 0), 0);
  return {
    entries,
    mounts: trees.map(({ mount }) => mount),
    devices: new Set(trees.map(({ tree }) => tree.device)),
    dedicated: new Set(trees.filter(({ isDedicated }) => isDedicated).map(({ tree }) => tree.device)),
    roots: new Set(trees.map(({ tree }) => `${deviceText(tree.device)}:${tree.rootInode}`)),
    mayHoldFiles:
      isFolder ||
      namelessInodes > 0 ||
      entries.some(({ type }) => type === 'file' || type === 'semaphore') ||
      trees.some(({ tree }) => tree.inodesUsed === undefined || !tree.isWhole),
    isOwnMounted: trees.some(({ root, isDedicated }) => root.path !== undefined && isDedicated),
    namelessInodes,
    recountNameless: () => {
      const again = new GapList();
      const dedicated = trees.filter(({ isDedicated }) => isDedicated);
      return dedicated.reduce((sum, { root, tree }) => sum + nameless(readShmTree(io, root, again) ?? tree), 0);
    },
    close: () => {
      for (const fd of open) if (libc) file.close(libc, fd);
    },
  };
}

/** A tmpfs counts one inode for its root and one for every name (mm/shmem.c counts a hard link as one more). */
function nameless({ inodesUsed, entries, covered, isWhole }: ShmTree): number {
  return inodesUsed === undefined || !isWhole ? 0 : Math.max(0, inodesUsed - 1 - entries.length - covered);
}

function mountOf({ device, sizeBytes, usedBytes, inodes, inodesUsed }: ShmTree, path: string): ShmMount {
  return { path, device: deviceText(device), sizeBytes, usedBytes, inodes, inodesUsed };
}
