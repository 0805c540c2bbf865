// Finds the tmpfs that a name lives on and walks down to its directory: by descriptors, never through a link, never off the mount.
import { constants } from 'node:fs';
import { ENOENT } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH, STATX_LAYOUT } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import type { NativeMemory } from '../native/memory.ts';
import type { ByteString } from '../probe/model/bytes.ts';
import { GapList } from '../probe/model/gap.ts';
import { deviceText } from '../probe/model/mapping-record.ts';
import { listPids } from '../probe/source/io.ts';
import { nativeIo, readStatx } from '../probe/source/io-native.ts';
import { chrootShmMounts, openMount, readMounts } from '../probe/source/mounts.ts';
import { openShmOf, othersThan, readNamespaces } from '../probe/source/namespaces.ts';
import type { NameRecord } from './model/identity.ts';

const FOLDER = O_PATH | constants.O_DIRECTORY | O_CLOEXEC;

/** statx(2) in scratch memory of its own. */
export class Looker {
  readonly #libc: Libc;
  readonly #memory: NativeMemory;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#memory = libc.allocate(STATX_LAYOUT.size);
  }

  /** What a name in a directory is, links not followed; or -errno. */
  name(dirfd: number, name: ByteString): NameRecord | number {
    const failed = file.statx(this.#libc, dirfd, name, this.#memory.address, true);
    return failed < 0 ? failed : readStatx(this.#memory);
  }

  /** What a descriptor is open on; or -errno. */
  descriptor(fd: number): (NameRecord & { readonly allocatedBytes: number }) | number {
    const failed = file.statx(this.#libc, AT_FDCWD, `/proc/self/fd/${fd}`, this.#memory.address, false);
    return failed < 0 ? failed : readStatx(this.#memory);
  }
}

/**
 * Opens the root directory of the mount with this device (`major:minor`): our own /dev/shm, that of another mount
 * namespace through one of its processes, or that of a chroot. A descriptor to be closed, or -errno.
 */
export function openMountRoot(libc: Libc, look: Looker, device: string, shmRoot: string, isOwn: boolean): number {
  if (isOwn) return checkedRoot(libc, look, file.openat(libc, AT_FDCWD, shmRoot, FOLDER), device);
  const io = nativeIo(libc);
  const pids = listPids(io, '/proc');
  if (typeof pids === 'number') return pids;
  const { ownMount, mountOf } = readNamespaces(io, '/proc', pids);
  for (const pid of othersThan(ownMount, mountOf).values()) {
    const fd = openShmOf(libc, '/proc', pid, new GapList());
    if (fd === undefined) continue;
    const root = checkedRoot(libc, look, fd, device);
    if (root >= 0) return root;
  }
  for (const mount of chrootShmMounts(readMounts(io, '/proc', 'self'), shmRoot)) {
    const root = mount.device === device ? openMount(libc, mount) : -ENOENT;
    if (root >= 0) return root;
  }
  return -ENOENT;
}

function checkedRoot(libc: Libc, look: Looker, fd: number, device: string): number {
  if (fd < 0) return fd;
  const record = look.descriptor(fd);
  if (typeof record !== 'number' && deviceText(record.device) === device) return fd;
  file.close(libc, fd);
  return typeof record === 'number' ? record : -ENOENT;
}

export interface Place {
  /** To be closed. */
  readonly dirfd: number;
  /** Name in that directory, raw. */
  readonly base: ByteString;
}

/** Opens the directory of `rawName` (`/a/b`) below the root: each step on the same device and no link; or -errno. */
export function openPlace(
  libc: Libc,
  look: Looker,
  rootFd: number,
  rawName: ByteString,
  device: string,
): Place | number {
  const parts = rawName.split('/').filter((part) => part !== '');
  const base = parts.pop();
  if (base === undefined || base === '.' || base === '..') return -ENOENT;
  let dirfd = file.openat(libc, rootFd, '.', FOLDER);
  for (const part of parts) {
    if (dirfd < 0) return dirfd;
    const next = part === '..' ? -ENOENT : file.openat(libc, dirfd, part, FOLDER | constants.O_NOFOLLOW);
    file.close(libc, dirfd);
    dirfd = checkedRoot(libc, look, next, device);
  }
  return dirfd < 0 ? dirfd : { dirfd, base };
}
