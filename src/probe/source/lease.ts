// The lease oracle: asks the kernel whether anybody at all has a file in /dev/shm open or mapped (fcntl(2), "Leases").
import { constants } from 'node:fs';
import { EACCES, EAGAIN, EPERM } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import type { ByteString } from '../model/bytes.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { LeaseAnswer } from '../model/judge/verdict-case.ts';
import { mountIdOf, readStatx } from './io-native.ts';
import { openPinned, PIN_SCRATCH_BYTES, pin } from './pinned.ts';

/** A folder, kept open (O_PATH) while the files in it are asked about. */
interface OpenFolder {
  readonly path: ByteString;
  readonly fd: number;
  /** Of a file system whose answers are worth something; undefined where the kernel tells no mounts (before Linux 5.8). */
  readonly toldMount: number | undefined;
}

/** f_type of statfs(2), <linux/magic.h>. */
const UNTOLD = new Set([
  0x794c7630, // overlayfs: grants a lease on its own inode while somebody maps the one below
  0x65735546, // FUSE: whoever serves it is told of every open, and answers when he likes
]);

/** Asks about one file after the other; of neighbours the folder is looked up once. To be closed. */
export class LeaseAsker {
  readonly #libc: Libc;
  readonly #scratch: NativeMemory;
  #folder: OpenFolder | undefined;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#scratch = libc.allocate(PIN_SCRATCH_BYTES);
  }

  /**
   * Asks about one regular file. It also sees descriptors in flight over a socket, loop devices and processes that /proc
   * hides. Only the owner and root are told. `unavailable`: gone, replaced meanwhile, or a file system without leases. While
   * it asks (some microseconds) the file is open in this process, and who opens it must wait, or with O_NONBLOCK gets EAGAIN.
   */
  ask({ reachedBy, device, inode }: ShmEntry): LeaseAnswer {
    const libc = this.#libc;
    const slash = reachedBy.lastIndexOf('/');
    const folder = this.#folderAt(reachedBy.slice(0, slash + 1), device);
    if (typeof folder === 'number') return answerOf(folder);
    const isMeant = (stat: { device: number; inode: number }, pinned: number) =>
      stat.device === device && stat.inode === inode && this.#isTold(pinned, folder);
    const pinned = pin(libc, folder.fd, reachedBy.slice(slash + 1), 'nofollow', this.#scratch, isMeant);
    if (pinned === undefined) return 'unavailable';
    if (pinned < 0) return answerOf(pinned);
    const fd = openPinned(libc, pinned);
    const answer = answerOf(fd < 0 ? fd : file.takeLease(libc, fd));
    if (fd >= 0) file.close(libc, fd); // and with it the lease
    file.close(libc, pinned);
    return answer;
  }

  close(): void {
    if (this.#folder) file.close(this.#libc, this.#folder.fd);
    this.#folder = undefined;
  }

  /** -errno where it cannot be reached. A file system that is not the one meant is asked for nothing. */
  #folderAt(path: ByteString, device: DeviceNumber): OpenFolder | number {
    if (this.#folder?.path === path) return this.#folder;
    this.close();
    const libc = this.#libc;
    const fd = file.openat(libc, AT_FDCWD, path, O_PATH | constants.O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fd;
    const isThere = file.statxOf(libc, fd, this.#scratch.address, 0) >= 0;
    const mount = isThere ? mountIdOf(this.#scratch) : undefined;
    const isMeant = mount !== undefined && readStatx(this.#scratch).device === device;
    this.#folder = { path, fd, toldMount: isMeant && this.#tells(fd) ? mount : undefined };
    return this.#folder;
  }

  /**
   * Is the answer of this file's file system worth anything, and may it be opened at all? Its record is in the scratch memory. What
   * is on the mount of its folder, which cannot go while that is open, is on the folder's file system; what is mounted over it is not.
   */
  #isTold(pinned: number, { toldMount }: OpenFolder): boolean {
    return (toldMount !== undefined && mountIdOf(this.#scratch) === toldMount) || this.#tells(pinned);
  }

  #tells(fd: number): boolean {
    const { address, u32 } = this.#scratch;
    return file.fstatfs(this.#libc, fd, address) >= 0 && !UNTOLD.has(u32[0]);
  }
}

function answerOf(result: number): LeaseAnswer {
  if (result >= 0) return 'free';
  switch (result) {
    case -EAGAIN: // also what opening answers while somebody else holds a lease on it
      return 'busy';
    case -EACCES:
    case -EPERM:
      return 'denied';
    default: // ENOENT: gone; ELOOP: a symlink now; EINVAL: no leases here
      return 'unavailable';
  }
}
