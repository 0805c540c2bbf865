// Takes a name aside in one step, so that what is looked at is what is removed, and puts it back when it is something else.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { EEXIST, ENOENT } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { AT_REMOVEDIR, O_CLOEXEC, O_PATH, RENAME_NOREPLACE } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import type { NativeMemory } from '../native/memory.ts';
import type { ByteString } from '../probe/model/bytes.ts';
import type { Place } from './mount-root.ts';

const NAME_BYTES = 4104;
const PREFIX = '.shmtop-';
const FLAGS = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;

/** Name of a private directory, not to be guessed. */
export const asideName = (): string => `${PREFIX}${process.pid}-${randomBytes(12).toString('hex')}`;

/**
 * A directory of mode 0700 at the top of a mount, made when it is first needed and gone when this is closed. Where it
 * cannot be made (no inode left, no permission) names are taken aside under a random name in their own directory, which
 * needs no inode. One for each mount.
 */
export class Aside {
  readonly #libc: Libc;
  readonly #rootFd: number;
  readonly #name: string;
  readonly #from: NativeMemory;
  readonly #to: NativeMemory;
  #dirfd: number | undefined;

  constructor(libc: Libc, rootFd: number, name: string) {
    this.#libc = libc;
    this.#rootFd = rootFd;
    this.#name = name;
    this.#from = libc.allocate(NAME_BYTES);
    this.#to = libc.allocate(NAME_BYTES);
  }

  /** Moves the name aside: where it is now, or -errno. Atomic: whoever opens it finds the object or no name at all. */
  take({ dirfd, base }: Place, number: number): Place | number {
    this.#dirfd ??= this.#make();
    const to: Place =
      this.#dirfd >= 0 ? { dirfd: this.#dirfd, base: String(number) } : { dirfd, base: `${this.#name}-${number}` };
    const failed = this.#rename(dirfd, base, to.dirfd, to.base);
    return failed < 0 ? failed : to;
  }

  /** Moves it back under its name where that is still free: 0, or -EEXIST when somebody has made the name again. */
  putBack(taken: Place, { dirfd, base }: Place): number {
    return this.#rename(taken.dirfd, taken.base, dirfd, base);
  }

  /** Where something lies that could not be put back, below the mount as far as that is known. Raw. */
  pathOf({ dirfd, base }: Place): ByteString {
    return dirfd === this.#dirfd ? `${this.#name}/${base}` : base;
  }

  /** Removes the directory; -ENOTEMPTY when something that could not be put back is in it, which then stays. */
  close(): number {
    if (this.#dirfd === undefined || this.#dirfd < 0) return 0;
    file.close(this.#libc, this.#dirfd);
    this.#dirfd = undefined;
    return file.unlinkat(this.#libc, this.#rootFd, this.#name, AT_REMOVEDIR);
  }

  #make(): number {
    const made = file.mkdirat(this.#libc, this.#rootFd, this.#name, 0o700);
    if (made < 0) return made === -EEXIST ? -ENOENT : made;
    const fd = file.openat(this.#libc, this.#rootFd, this.#name, FLAGS);
    // EMFILE, ENOMEM: nothing is moved into it, so it must not stay
    if (fd < 0) file.unlinkat(this.#libc, this.#rootFd, this.#name, AT_REMOVEDIR);
    return fd;
  }

  #rename(fromDir: number, from: ByteString, toDir: number, to: ByteString): number {
    const { address } = write(this.#from, from);
    return file.renameat2(this.#libc, fromDir, address, toDir, write(this.#to, to).address, RENAME_NOREPLACE);
  }
}

function write(memory: NativeMemory, raw: ByteString): NativeMemory {
  const length = Buffer.from(memory.bytes.buffer).write(raw, 0, NAME_BYTES - 8, 'latin1');
  memory.bytes[length] = 0;
  return memory;
}
