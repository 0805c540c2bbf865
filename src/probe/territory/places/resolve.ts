// Resolves paths in other people's territory: never over a link of theirs out of their root, never waiting for a file system.
import { constants } from 'node:fs';
import { EAGAIN, EINVAL, ENOSYS, EPERM } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import {
  AT_FDCWD,
  O_CLOEXEC,
  O_NOATIME,
  O_PATH,
  RESOLVE,
  STATX_ATTR_MOUNT_ROOT,
  STATX_LAYOUT,
} from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import type { NativeMemory } from '../../../native/memory.ts';
import { effectiveUid } from '../../../native/process.ts';
import type { ByteString } from '../../model/bytes.ts';
import type { FileStat } from '../../source/io.ts';
import { mountIdOf, readStatx } from '../../source/io-native.ts';

/** A directory to walk on from; opening it asks no file system for anything. */
const AT_PLACE = O_PATH | constants.O_DIRECTORY | O_CLOEXEC;
const READ_DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;
const LISTING_BYTES = 65_536;
const ON_THE_SAME_MOUNT = RESOLVE.BENEATH | RESOLVE.NO_SYMLINKS | RESOLVE.NO_MAGICLINKS | RESOLVE.NO_XDEV;

/** What statx(2) tells, with the mount that it is on. */
export interface PlacedStat extends FileStat {
  /** As in mountinfo; absent before Linux 5.8. */
  readonly mountId?: number;
  /** The top of a mount; absent before Linux 5.8. */
  readonly isMountRoot?: boolean;
}

export class Resolver {
  readonly libc: Libc;
  readonly #how: NativeMemory;
  readonly #record: NativeMemory;
  readonly #quiet: number;
  /** For records of getdents64(2), until the next call of anybody who uses it. */
  readonly listing: NativeMemory;
  readonly listingText: Buffer;

  constructor(libc: Libc) {
    this.libc = libc;
    this.#how = libc.allocate(file.OPEN_HOW_BYTES);
    this.#record = libc.allocate(STATX_LAYOUT.size);
    this.listing = libc.allocate(LISTING_BYTES);
    this.listingText = Buffer.from(this.listing.bytes.buffer);
    // Looking must not change access times; only the owner and root may ask for that.
    this.#quiet = effectiveUid(libc) === 0 ? O_NOATIME : 0;
  }

  /** The root directory of a process: a descriptor to be closed, or -errno. */
  rootOf(procRoot: string, pid: number | string): number {
    return file.openat(this.libc, AT_FDCWD, `${procRoot}/${pid}/root`, AT_PLACE);
  }

  /**
   * A directory as whoever has that root would reach it, links included, but never out of that root: a descriptor to be
   * closed, or -errno. -EAGAIN: the kernel would have had to ask a file system on the way, which may never answer.
   */
  directoryIn(rootFd: number, path: ByteString): number {
    const resolve = RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS;
    const fd = this.#openat2(rootFd, path, AT_PLACE, resolve | RESOLVE.CACHED);
    // Before Linux 5.12 nothing can be asked without waiting; a place for mounts is always known to the kernel.
    return fd === -EINVAL ? this.#openat2(rootFd, path, AT_PLACE, resolve | RESOLVE.NO_SYMLINKS) : fd;
  }

  /**
   * The same of anything that lies there: a file may be mounted on a file. `mayAsk`: all file systems on the way answer, also those
   * that the kernel always asks (sysfs).
   */
  anythingIn(rootFd: number, path: ByteString, mayAsk = false): number {
    const resolve = RESOLVE.IN_ROOT | RESOLVE.NO_MAGICLINKS;
    const flags = O_PATH | O_CLOEXEC;
    const fd = this.#openat2(rootFd, path, flags, resolve | RESOLVE.CACHED);
    const isToAsk = fd === -EINVAL || (fd === -EAGAIN && mayAsk);
    return isToAsk ? this.#openat2(rootFd, path, flags, resolve | RESOLVE.NO_SYMLINKS) : fd;
  }

  /** As `directoryIn`, to be opened for reading; it must lie on a file system that is known to answer. */
  readable(dirfd: number, path: ByteString): number {
    return this.#onTheMount(dirfd, path, READ_DIRECTORY | this.#quiet);
  }

  /** A directory below another one, on the same mount, without any link on the way; O_PATH. */
  below(dirfd: number, path: ByteString): number {
    return this.#onTheMount(dirfd, path, AT_PLACE | constants.O_NOFOLLOW);
  }

  /** What a name is, links not followed; or -errno. `name` may be an address. */
  name(dirfd: number, name: file.NativePath): PlacedStat | number {
    const failed = file.statxName(this.libc, dirfd, name, this.#record.address);
    return failed < 0 ? failed : placed(this.#record);
  }

  /** What a descriptor is open on; or -errno. */
  descriptor(fd: number): PlacedStat | number {
    const failed = file.statxOf(this.libc, fd, this.#record.address);
    return failed < 0 ? failed : placed(this.#record);
  }

  #onTheMount(dirfd: number, path: ByteString, flags: number): number {
    const fd = this.#openat2(dirfd, path, flags, ON_THE_SAME_MOUNT);
    if (fd === -EPERM && flags & O_NOATIME) return this.#onTheMount(dirfd, path, flags & ~O_NOATIME);
    if (fd !== -ENOSYS) return fd;
    return path.includes('/') ? -ENOSYS : this.#step(dirfd, path, flags);
  }

  /** Without openat2 (Linux 5.6): one step, and a look at where it led to. */
  #step(dirfd: number, name: ByteString, flags: number): number {
    const fd = name === '..' ? -EINVAL : file.openat(this.libc, dirfd, name, flags);
    if (fd < 0) return fd;
    const from = this.descriptor(dirfd);
    const to = this.descriptor(fd);
    if (typeof from !== 'number' && typeof to !== 'number' && isSameMount(from, to)) return fd;
    file.close(this.libc, fd);
    return -EINVAL;
  }

  #openat2(dirfd: number, path: ByteString, flags: number, resolve: number): number {
    let fd = file.openat2(this.libc, dirfd, path, flags, resolve, this.#how);
    // A rename anywhere on the machine meanwhile makes it give up: a second time is enough, or nothing helps.
    if (fd === -EAGAIN) fd = file.openat2(this.libc, dirfd, path, flags, resolve, this.#how);
    return fd;
  }
}

/** By the number of the mount; by the device where the kernel does not tell. */
export function isSameMount(a: PlacedStat, b: PlacedStat): boolean {
  return a.device === b.device && a.mountId === b.mountId;
}

function placed(record: NativeMemory): PlacedStat {
  const mountId = mountIdOf(record);
  const stat: FileStat & { mountId?: number; isMountRoot?: boolean } = readStatx(record);
  if (mountId !== undefined) {
    stat.mountId = mountId;
    stat.isMountRoot = (record.u32[STATX_LAYOUT.attributes / 4] & STATX_ATTR_MOUNT_ROOT) !== 0;
  }
  return stat;
}
