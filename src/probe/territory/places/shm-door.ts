// Opens what a mount namespace calls /dev/shm and says what it is: only a tmpfs is shared memory, whoever calls it what.
import { EACCES, EAGAIN, ENOENT, ENOTDIR, EPERM, ESRCH, errnoName } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import { type ByteString, escapeBytes } from '../../model/bytes.ts';
import type { GapList } from '../../model/gap.ts';
import { deviceText } from '../../model/join/mapping-record.ts';
import type { PlaceKind } from '../../model/join/shm-place.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import { readMountOf, readMountTable, type TableBudget, type TableOutcome } from './mount-table.ts';
import { isShmPoint } from './mounts.ts';
import type { PlacedStat, Resolver } from './resolve.ts';

/** `tmpfs` with whether it is a whole one; the name of another file system; undefined where it could not be told. */
export interface ShmDoor {
  /** O_PATH, to be closed. */
  readonly fd: number;
  readonly top: PlacedStat;
}

const SHM_BELOW_ROOT = 'dev/shm';
/** devtmpfs is a tmpfs too: /dev/shm may be a plain directory of /dev. */
const MEMORY: ReadonlySet<string> = new Set(['tmpfs', 'devtmpfs']);

/** /dev/shm as a process sees it. Undefined where there is none, and, with a gap, where it may not or cannot be reached. */
export function openShmOf(
  resolver: Resolver,
  procRoot: string,
  pid: number,
  gaps: GapList,
): ShmDoor | 'none' | 'gone' | undefined {
  const root = resolver.rootOf(procRoot, pid);
  if (root === -ENOENT || root === -ESRCH) return 'gone';
  if (root < 0) return refused(gaps, pid, root);
  const fd = resolver.directoryIn(root, SHM_BELOW_ROOT);
  file.close(resolver.libc, root);
  if (fd === -ENOENT || fd === -ENOTDIR) return 'none';
  if (fd < 0) return refused(gaps, pid, fd);
  return doorOf(resolver, fd) ?? refused(gaps, pid, -EAGAIN);
}

/** The directory of a mount of our own namespace: whoever owns the way to it may have moved it. */
export function openMount(resolver: Resolver, mount: Mount): ShmDoor | undefined {
  const root = resolver.rootOf('/proc', 'self');
  if (root < 0) return undefined;
  const fd = resolver.directoryIn(root, mount.mountPoint.slice(1));
  file.close(resolver.libc, root);
  const door = fd < 0 ? undefined : doorOf(resolver, fd);
  if (!door) return undefined;
  const { device, mountId = mount.id } = door.top;
  if (deviceText(device) === mount.device && mountId === mount.id) return door;
  file.close(resolver.libc, fd);
  return undefined;
}

export function doorOf(resolver: Resolver, fd: number): ShmDoor | undefined {
  const top = resolver.descriptor(fd);
  if (typeof top !== 'number') return { fd, top };
  file.close(resolver.libc, fd);
  return undefined;
}

/** The line of the mount that a place lies on, in the table of a process that sees it; undefined, with a gap: not found. */
export function findMount(
  { top }: ShmDoor,
  procRoot: string,
  pid: number,
  budget: TableBudget,
  gaps: GapList,
): Mount | undefined {
  const device = deviceText(top.device);
  let found: Mount | undefined;
  let outcome: TableOutcome;
  if (top.mountId === undefined) {
    // Without numbers of mounts: the last of this device at such a place is the one to be seen.
    outcome = readMountTable(procRoot, pid, budget, (mount) => {
      if (mount.device === device && isShmPoint(mount.mountPoint)) found = mount;
      return undefined;
    });
  } else {
    ({ mount: found, outcome } = readMountOf(procRoot, pid, budget, top.mountId));
    if (found?.device !== device) found = undefined;
  }
  if (found) return found;
  const why =
    outcome === 'cut' ? 'too many mounts' : typeof outcome === 'number' ? errnoName(outcome) : 'it was changed';
  gaps.add('ns', outcome === 'cut' ? 'limit' : 'io', {
    pid,
    detail: `what the /dev/shm of another mount namespace lies on (${why})`,
  });
  return undefined;
}

export const isMemory = ({ fileSystem }: Mount): boolean => MEMORY.has(fileSystem);

/** Of a tmpfs: all of it, or a folder. */
export function kindOf({ top }: ShmDoor, { root, mountPoint }: Mount): Exclude<PlaceKind, 'given'> {
  return root === '/' && top.isMountRoot !== false && isShmPoint(mountPoint) ? 'whole' : 'folder';
}

/** A /dev/shm that is no memory: what it lies on, by the kernel's own word where that is known. */
export function addDiskGap(gaps: GapList, path: ByteString, fileSystem: string | undefined): void {
  const on = fileSystem === undefined ? 'not on a tmpfs' : `on ${escapeBytes(fileSystem)}, not on a tmpfs`;
  const detail = `${escapeBytes(path)} lies ${on}: no shared memory, so only what processes map there is shown`;
  gaps.add('dev-shm', 'unsupported', { detail });
}

function refused(gaps: GapList, pid: number, result: number): undefined {
  const reason = result === -EACCES || result === -EPERM ? 'permission' : 'io';
  const detail =
    result === -EAGAIN
      ? 'the /dev/shm of another mount namespace: a file system on the way to it would have to answer first'
      : `the /dev/shm of another mount namespace${reason === 'io' ? ` (${errnoName(result)})` : ''}`;
  gaps.add('ns', reason, { pid, detail });
  return undefined;
}
