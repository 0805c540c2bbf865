// Error numbers of Linux as the negative values that the functions of native/ return (errno(3)).
import { constants } from 'node:os';

const byNumber = new Map<number, string>(
  Object.entries(constants.errno).map(([name, number]) => [number, name] as const),
);
// Linux reports both names for 11; EAGAIN is the one in the man pages that we follow.
byNumber.set(constants.errno.EAGAIN, 'EAGAIN');

export const {
  EPERM,
  ENOENT,
  ESRCH,
  EINTR,
  EIO,
  ENXIO,
  EAGAIN,
  ENOMEM,
  EACCES,
  EEXIST,
  EINVAL,
  ENOTTY,
  EPIPE,
  ENOSPC,
  ENAMETOOLONG,
  ECONNREFUSED,
  EPROTOTYPE,
  ENOSYS,
  EIDRM,
  ELOOP,
  ENOTEMPTY,
  EISDIR,
  ENOTDIR,
  EXDEV,
  EBUSY,
  ENOBUFS,
  EOVERFLOW,
  EFBIG,
  ETIMEDOUT,
  ECONNABORTED,
} = constants.errno as Record<string, number>;

/** The symbolic name of a failure returned by native/ (`-13` → `EACCES`); a number unknown to libc reads `errno 999`. */
export function errnoName(result: number): string {
  const number = Math.abs(result);
  return byNumber.get(number) ?? `errno ${number}`;
}
