// Opens a file that others can replace: pinned without being opened (O_PATH, open(2)), looked at, and only then opened, itself.
import { constants } from 'node:fs';
import * as file from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_NOATIME, O_PATH, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import type { ByteString } from '../model/bytes.ts';
import { FILE_TYPES, type FileStat, typeBits } from './io.ts';
import { readStatx } from './io-native.ts';

/** The size of the scratch memory that pinning wants: a statx record, or one of fstatfs. */
export const PIN_SCRATCH_BYTES = STATX_LAYOUT.size;

/** Of a magic link of /proc (`fd/5`, `map_files/…`) the last step is followed: it leads to an inode, not to a name. */
export type LastStep = 'nofollow' | 'magic-link';

/**
 * Pins the regular file that `path` leads to, without opening it: a fifo, a device or a link that was put in its place is not
 * opened, and so cannot act, wait or be told. `isMeant` compares what is there with what was meant. A descriptor (O_PATH) to
 * be closed; -errno; undefined: something else is there now. `type`: of FILE_TYPES, where it is no regular file.
 */
export function pin(
  libc: Libc,
  dirfd: number,
  path: ByteString,
  lastStep: LastStep,
  scratch: NativeMemory,
  isMeant: (stat: FileStat, pinned: number) => boolean,
  type: number = FILE_TYPES.regular,
): number | undefined {
  const link = lastStep === 'nofollow' ? constants.O_NOFOLLOW : 0;
  const pinned = file.openat(libc, dirfd, path, O_PATH | O_CLOEXEC | link);
  if (pinned < 0) return pinned;
  const failed = file.statxOf(libc, pinned, scratch.address);
  const stat = failed < 0 ? undefined : readStatx(scratch);
  if (stat && typeBits(stat.mode) === type && isMeant(stat, pinned)) return pinned;
  file.close(libc, pinned);
  return failed < 0 ? failed : undefined;
}

/**
 * The same without moving the access time, which tells whether anybody else has used it. O_NOATIME is the owner's and root's (EPERM);
 * for others the time may move, which relatime limits to once a day.
 */
export function openPinnedQuietly(libc: Libc, pinned: number): number {
  const quiet = openPinned(libc, pinned, O_NOATIME);
  return quiet >= 0 ? quiet : openPinned(libc, pinned);
}

/** Opens the very file behind a pinned descriptor, whatever has its name by now, without waiting: a descriptor, or -errno. */
export function openPinned(libc: Libc, pinned: number, flags = 0): number {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
  return file.openat(libc, AT_FDCWD, `/proc/self/fd/${pinned}`, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
}
