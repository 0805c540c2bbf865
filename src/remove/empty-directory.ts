// Whether the directory with this name is the one that was listed, and empty.
import { ENOENT } from '../native/errno.ts';
import * as file from '../native/file.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { forEachEntry } from '../probe/source/io-native.ts';
import { nameDifference } from './model/identity.ts';
import type { Looker, Place } from './mount-root.ts';

const CHUNK_BYTES = 4096;

/** Or -errno; -ENOENT where another has its name. rmdir(2) asks again: this spares moving a directory that is in use. */
export function isEmptyDirectory({ dirfd, base }: Place, object: ShmObject, look: Looker): boolean | number {
  const { libc } = look.resolver;
  const fd = look.resolver.readable(dirfd, base);
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
