// fanotify(7): who closes, opens, makes and removes files, with pid. Each function returns -errno on failure.
import { AT_FDCWD, O_CLOEXEC } from './layout.ts';
import type { Libc } from './libc.ts';

/** Flags and masks of <linux/fanotify.h>. */
export const FAN = {
  CLOEXEC: 1,
  NONBLOCK: 2,
  UNLIMITED_QUEUE: 0x10,
  UNLIMITED_MARKS: 0x20,
  /** FAN_REPORT_FID, _DIR_FID, _NAME, _TARGET_FID: names and file handles in place of descriptors (Linux 5.17). */
  REPORT_NAMES: 0x1e00,
  MARK_ADD: 1,
  MARK_FILESYSTEM: 0x100,
  MODIFY: 0x2,
  CLOSE_WRITE: 0x8,
  CLOSE_NOWRITE: 0x10,
  OPEN: 0x20,
  MOVED_FROM: 0x40,
  MOVED_TO: 0x80,
  CREATE: 0x100,
  DELETE: 0x200,
  DELETE_SELF: 0x400,
  Q_OVERFLOW: 0x4000,
  ONDIR: 0x40000000,
} as const;

/**
 * fanotify_init(2), a notification group: a descriptor, or -EPERM without CAP_SYS_ADMIN for a queue or marks without limit;
 * others may have a group that tells no pids.
 */
export function fanotifyInit(libc: Libc, flags: number): number {
  return libc.result(libc.raw.fanotify_init(flags, O_CLOEXEC));
}

/** fanotify_mark(2), FAN_MARK_ADD of one inode or, with FAN.MARK_FILESYSTEM, of all below a mount: 0 or -errno. */
export function fanotifyMark(libc: Libc, group: number, flags: number, mask: number, path: string): number {
  return libc.result(libc.raw.fanotify_mark(group, FAN.MARK_ADD | flags, mask, AT_FDCWD, libc.path(path)));
}
