// fallocate(2) and file seals: reserving the memory of a tmpfs file before anybody touches it. -errno on failure.
import { constants } from 'node:fs';
import { fcntl, open } from './file.ts';
import { O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';

const F_ADD_SEALS = 1033;
const F_SEAL_SHRINK = 2;
// O_TMPFILE holds O_DIRECTORY, whose number differs between architectures.
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/** fallocate(2) from the start: 0, -ENOSPC when the file system is full, -EOPNOTSUPP. Memory is really taken. */
export function fallocate(libc: Libc, fd: number, lengthBytes: number): number {
  return libc.result(libc.raw.fallocate(fd, 0, 0, lengthBytes));
}

/** Seals a memfd against shrinking, so that no access can end in SIGBUS: 0 or -errno. */
export function sealAgainstShrinking(libc: Libc, fd: number): number {
  return fcntl(libc, fd, F_ADD_SEALS, F_SEAL_SHRINK);
}

/** open(2) with O_TMPFILE: a file in `directory` that never has a name: a descriptor, or -errno. */
export function openUnnamed(libc: Libc, directory: string): number {
  return open(libc, directory, O_TMPFILE | constants.O_RDWR | O_CLOEXEC, 0o600);
}
