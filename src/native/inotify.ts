// inotify(7), the raw one: node:fs watch() hides opens and closes. Each function returns -errno on failure.
import type { Libc } from './libc.ts';

export const IN = {
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
  IGNORED: 0x8000,
  ISDIR: 0x40000000,
} as const;

const CLOEXEC_NONBLOCK = 0o2000000 | 0o4000;

/** inotify_init1(2), close-on-exec and non-blocking: a descriptor, or -errno (EMFILE: fs.inotify.max_user_instances). */
export function inotifyInit(libc: Libc): number {
  return libc.result(libc.raw.inotify_init1(CLOEXEC_NONBLOCK));
}

/** inotify_add_watch(2): a watch descriptor, or -errno (EACCES: reading the directory is not allowed). */
export function inotifyAddWatch(libc: Libc, fd: number, path: string, mask: number): number {
  return libc.result(libc.raw.inotify_add_watch(fd, libc.path(path), mask));
}
