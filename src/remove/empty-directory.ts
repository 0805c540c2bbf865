// Whether the directory with this name is the one that was listed, and empty.
import { constants } from 'node:fs';
import { ENOENT } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { O_CLOEXEC } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { forEachEntry } from '../probe/source/io-native.ts';
import { nameDifference } from './model/identity.ts';
import type { Looker, Place } from './mount-root.ts';

const FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;
const CHUNK_BYTES = 4096;

/** Or -errno; -ENOENT where another has its name. rmdir(2) asks again: this spares moving a directory that is in use. */
export function isEmptyDirectory(
  libc: Libc,
  { dirfd, base }: Place,
  object: ShmObject,
  look: Looker,
): boolean | number {
  const fd = file.openat(libc, dirfd, base, FLAGS);
  if (fd < 0) return fd;
  const record = look.descriptor(fd);
  const memory = libc.allocate(CHUNK_BYTES);
  let entries = 0;
  let count = 0;
  do {
    count = file.getdents64(libc, fd, memory.address, CHUNK_BYTES);
    forEachEntry(memory, count, () => {
      entries++;
    });
  } while (count > 0 && entries === 0);
  file.close(libc, fd);
  if (count < 0) return count;
  if (typeof record === 'number' || nameDifference(object, record) !== undefined) return -ENOENT;
  return entries === 0;
}
