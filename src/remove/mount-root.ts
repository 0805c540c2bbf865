// Finds the tmpfs that a name lives on and walks down to its directory: by descriptors, never through a link, never off the mount.
import { constants } from 'node:fs';
import { ENOENT } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import type { ByteString } from '../probe/model/bytes.ts';
import { GapList } from '../probe/model/gap.ts';
import { deviceText } from '../probe/model/join/mapping-record.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { listPids } from '../probe/source/io.ts';
import { nativeIo } from '../probe/source/io-native.ts';
import { readNamespace } from '../probe/source/namespace-link.ts';
import { TableBudget } from '../probe/territory/places/mount-table.ts';
import { chrootShmMounts, engineShmMounts, readOwnMounts } from '../probe/territory/places/mounts.ts';
import { isSameMount, type PlacedStat, Resolver } from '../probe/territory/places/resolve.ts';
import { findMount, isMemory, openMount, openShmOf, type ShmDoor } from '../probe/territory/places/shm-door.ts';

const FOLDER = O_PATH | constants.O_DIRECTORY | O_CLOEXEC;

/** Looks without waiting, and walks without leaving the mount. */
export class Looker {
  readonly resolver: Resolver;

  constructor(libc: Libc) {
    this.resolver = new Resolver(libc);
  }

  /** What a name in a directory is, links not followed; or -errno. */
  name(dirfd: number, name: ByteString): PlacedStat | number {
    return this.resolver.name(dirfd, name);
  }

  /** What a descriptor is open on; or -errno. */
  descriptor(fd: number): PlacedStat | number {
    return this.resolver.descriptor(fd);
  }

  /** Is something mounted over what has this status, which was found in that directory? */
  isCovered(dirfd: number, found: PlacedStat): boolean {
    const directory = this.descriptor(dirfd);
    return typeof directory !== 'number' && !isSameMount(directory, found);
  }
}

/** Which /dev/shm: as the listing has it. */
export type RootIdentity = Pick<ShmObject, 'device' | 'rootInode' | 'mountNamespace' | 'rawPath'>;

/**
 * Opens the top directory of the place that an object was listed in: our own /dev/shm, that of another mount namespace
 * through one of its processes, or that of a chroot. A descriptor to be closed, or -errno.
 */
export function openMountRoot(libc: Libc, look: Looker, identity: RootIdentity, shmRoot: string): number {
  if (identity.rawPath !== undefined) {
    return checked(look, file.openat(libc, AT_FDCWD, shmRoot, FOLDER), identity);
  }
  // What lies in a place of others is removed only where that place is known, and is a tmpfs still.
  if (identity.rootInode === undefined) return -ENOENT;
  const candidates = identity.mountNamespace === undefined ? chroots(look, identity, shmRoot) : others(look, identity);
  for (const { fd } of candidates) {
    const root = checked(look, fd, identity);
    if (root >= 0) return root;
  }
  return -ENOENT;
}

function* chroots({ resolver }: Looker, { device }: RootIdentity, shmRoot: string): Generator<ShmDoor> {
  const { mounts } = readOwnMounts('/proc');
  const engines = engineShmMounts(mounts).map(({ mount }) => mount);
  for (const mount of [...chrootShmMounts(mounts, shmRoot), ...engines]) {
    const door = mount.device === device ? openMount(resolver, mount) : undefined;
    if (door) yield door;
  }
}

function* others({ resolver }: Looker, { mountNamespace }: RootIdentity): Generator<ShmDoor> {
  const io = nativeIo(resolver.libc);
  const pids = listPids(io, '/proc');
  for (const pid of typeof pids === 'number' ? [] : pids) {
    if (readNamespace(io, '/proc', pid, 'mnt') !== mountNamespace) continue;
    const door = openShmOf(resolver, '/proc', pid, new GapList());
    if (door === undefined || door === 'gone' || door === 'none') continue;
    const mount = findMount(door, '/proc', pid, new TableBudget(), new GapList());
    if (mount && isMemory(mount)) yield door;
    else file.close(resolver.libc, door.fd);
  }
}

function checked(look: Looker, fd: number, { device, rootInode }: RootIdentity): number {
  if (fd < 0) return fd;
  const record = look.descriptor(fd);
  const isSame =
    typeof record !== 'number' && deviceText(record.device) === device && record.inode === (rootInode ?? record.inode);
  if (isSame) return fd;
  file.close(look.resolver.libc, fd);
  return typeof record === 'number' ? record : -ENOENT;
}

export interface Place {
  /** To be closed. */
  readonly dirfd: number;
  /** Name in that directory, raw. */
  readonly base: ByteString;
}

/** Opens the directory of `rawName` (`/a/b`) below the root, on the same mount and over no link; or -errno (EXDEV, ELOOP). */
export function openPlace({ resolver }: Looker, rootFd: number, rawName: ByteString): Place | number {
  const parts = rawName.split('/').filter((part) => part !== '');
  const base = parts.pop();
  if (base === undefined || [base, ...parts].some((part) => part === '.' || part === '..')) return -ENOENT;
  const dirfd = resolver.below(rootFd, parts.length === 0 ? '.' : parts.join('/'));
  return dirfd < 0 ? dirfd : { dirfd, base };
}
