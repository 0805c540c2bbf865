// Files and directories: open, read, getdents64, readlinkat, statx, statfs, unlinkat, leases. Each returns -errno on failure.
import {
  AT_EMPTY_PATH,
  AT_NO_AUTOMOUNT,
  AT_STATX_DONT_SYNC,
  AT_SYMLINK_NOFOLLOW,
  FCNTL,
  STATX_BASIC_AND_BTIME,
  STATX_MNT_ID,
} from './layout.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

/** Default action: ignored (signal(7)). */
const SIGURG = 23;

/** A path as raw bytes, one char (0-255) each, or the address of a NUL-terminated one already in native memory. */
export type NativePath = string | number;

const addressOf = (libc: Libc, path: NativePath) => (typeof path === 'number' ? path : libc.path(path));

/** open(2): a descriptor, or -errno. */
export function open(libc: Libc, path: NativePath, flags: number, mode = 0): number {
  return libc.result(libc.raw.open(addressOf(libc, path), flags, mode));
}

/** openat(2), relative to a directory descriptor: a descriptor, or -errno. */
export function openat(libc: Libc, dirfd: number, path: NativePath, flags: number, mode = 0): number {
  return libc.result(libc.raw.openat(dirfd, addressOf(libc, path), flags, mode));
}

/** Size of `struct open_how` (openat2(2)), which `openat2` wants as scratch memory. */
export const OPEN_HOW_BYTES = 24;

/**
 * openat2(2): `resolve` (RESOLVE) says how far the path may lead. A descriptor, or -errno: EXDEV it led off the mount, ELOOP
 * over a link, EAGAIN (CACHED) the kernel would have had to ask a file system; ENOSYS before Linux 5.6, EINVAL a flag too new.
 */
export function openat2(
  libc: Libc,
  dirfd: number,
  path: NativePath,
  flags: number,
  resolve: number,
  how: NativeMemory,
): number {
  const { u32 } = how;
  u32[0] = flags;
  u32[1] = u32[2] = u32[3] = u32[5] = 0;
  u32[4] = resolve;
  const { raw, result, numbers } = libc;
  return result(raw.syscall(numbers.openat2, dirfd, addressOf(libc, path), how.address, OPEN_HOW_BYTES, 0));
}

/** close(2): 0 or -errno. */
export function close(libc: Libc, fd: number): number {
  return libc.result(libc.raw.close(fd));
}

/** read(2) into native memory: bytes read (0 at the end), or -errno. */
export function read(libc: Libc, fd: number, address: number, count: number): number {
  return libc.result(libc.raw.read(fd, address, count));
}

/** pread(2): bytes read at `offset`, or -errno. */
export function pread(libc: Libc, fd: number, address: number, count: number, offset: number): number {
  return libc.result(libc.raw.pread(fd, address, count, offset));
}

/** getdents64(2): bytes of directory records (layout.ts, DIRENT64), 0 at the end, or -errno. */
export function getdents64(libc: Libc, fd: number, address: number, count: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.getdents64, fd, address, count, 0, 0));
}

/** readlinkat(2): length of the target (cut at `size`, not NUL-terminated), or -errno. */
export function readlinkat(libc: Libc, dirfd: number, path: NativePath, address: number, size: number): number {
  return libc.result(libc.raw.readlinkat(dirfd, addressOf(libc, path), address, size));
}

/**
 * statx(2) of an open descriptor: 0 and the record (STATX_LAYOUT) at `address`, or -errno. With a `mask` of 0 no file system is asked:
 * device, inode and mount are there all the same.
 */
export function statxOf(libc: Libc, fd: number, address: number, mask = STATX_BASIC_AND_BTIME | STATX_MNT_ID): number {
  const flags = AT_STATX_DONT_SYNC | AT_EMPTY_PATH;
  const { raw, result, numbers } = libc;
  return result(raw.syscall(numbers.statx, fd, libc.path(''), flags, mask, address));
}

/**
 * statx(2) of a name in a directory, which neither follows a link nor waits nor mounts: 0 and the record at `address`, with
 * the mount that the name is on, or -errno.
 */
export function statxName(libc: Libc, dirfd: number, path: NativePath, address: number): number {
  const flags = AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
  const mask = STATX_BASIC_AND_BTIME | STATX_MNT_ID;
  return libc.result(libc.raw.syscall(libc.numbers.statx, dirfd, addressOf(libc, path), flags, mask, address));
}

/** statx(2) without waiting for a network file system: 0 and the record (STATX_LAYOUT) at `address`, or -errno. */
export function statx(libc: Libc, dirfd: number, path: NativePath, address: number, noFollow: boolean): number {
  const flags = AT_STATX_DONT_SYNC | (noFollow ? AT_SYMLINK_NOFOLLOW : 0);
  const pathAddress = addressOf(libc, path);
  return libc.result(libc.raw.syscall(libc.numbers.statx, dirfd, pathAddress, flags, STATX_BASIC_AND_BTIME, address));
}

/**
 * statx(2) that asks for nothing: device and inode are there all the same, and no file system, not even one that a stranger
 * serves (FUSE, NFS), is asked; of a FUSE mount that is not for us the inode reads 0. 0 and the record at `address`, or -errno.
 */
export function statxPlace(libc: Libc, dirfd: number, path: NativePath, address: number): number {
  const pathAddress = addressOf(libc, path);
  return libc.result(libc.raw.syscall(libc.numbers.statx, dirfd, pathAddress, AT_STATX_DONT_SYNC, 0, address));
}

/** fstatfs(2): 0 and the record (120 bytes; f_type is the first long) at `address`, or -errno. */
export function fstatfs(libc: Libc, fd: number, address: number): number {
  return libc.result(libc.raw.fstatfs(fd, address));
}

/** ioctl(2) with a pointer argument: its result, or -errno. */
export function ioctl(libc: Libc, fd: number, request: number, address: number): number {
  return libc.result(libc.raw.ioctl(fd, request, address));
}

/** fcntl(2) with an integer argument: its result, or -errno. */
export function fcntl(libc: Libc, fd: number, command: number, argument: number): number {
  return libc.result(libc.raw.fcntl(fd, command, argument));
}

/** unlinkat(2): 0 or -errno. `flags` may be AT_REMOVEDIR. */
export function unlinkat(libc: Libc, dirfd: number, path: NativePath, flags = 0): number {
  return libc.result(libc.raw.unlinkat(dirfd, addressOf(libc, path), flags));
}

/** mkdirat(2): 0 or -errno. */
export function mkdirat(libc: Libc, dirfd: number, path: NativePath, mode: number): number {
  return libc.result(libc.raw.mkdirat(dirfd, addressOf(libc, path), mode));
}

/** flock(2): 0 or -errno (EAGAIN with LOCK_NB where somebody else has it). */
export function flock(libc: Libc, fd: number, operation: number): number {
  return libc.result(libc.raw.flock(fd, operation));
}

/** lseek(2): the new offset, or -errno (ENXIO: SEEK_DATA found no more data). */
export function lseek(libc: Libc, fd: number, offset: number, whence: number): number {
  return libc.result(Number(libc.raw.lseek(fd, offset, whence)));
}

/** write(2) from native memory: bytes written, or -errno. */
export function write(libc: Libc, fd: number, address: number, count: number): number {
  return libc.result(Number(libc.raw.write(fd, address, count)));
}

/** fchown(2): 0 or -errno. */
export function fchown(libc: Libc, fd: number, uid: number, gid: number): number {
  return libc.result(libc.raw.fchown(fd, uid, gid));
}

/** fchmod(2): 0 or -errno. */
export function fchmod(libc: Libc, fd: number, mode: number): number {
  return libc.result(libc.raw.fchmod(fd, mode));
}

/** renameat2(2): 0 or -errno. Both paths are given as bytes in memory of the caller, since scratch holds only one. */
export function renameat2(libc: Libc, fromDir: number, from: number, toDir: number, to: number, flags: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.renameat2, fromDir, from, toDir, to, flags));
}

/**
 * Asks for a write lease, which `fd` keeps until it is closed: 0 when nobody else has the file open or mapped, -EAGAIN when
 * somebody has (also an fd in flight or a loop device), -EACCES when it is neither ours nor CAP_LEASE is held (fcntl(2),
 * "Leases"). While the lease is held, another open(2) of the file waits; the kernel breaks it after fs.lease-break-time seconds.
 */
export function takeLease(libc: Libc, fd: number): number {
  // Somebody who opens the file meanwhile makes the kernel signal us; SIGIO, the default, would kill this process.
  const prepared = fcntl(libc, fd, FCNTL.SETSIG, SIGURG);
  return prepared < 0 ? prepared : fcntl(libc, fd, FCNTL.SETLEASE, FCNTL.WRLCK);
}

/** True while the lease is held and nobody waits to open the file: F_GETLEASE gives what a waiter wants it to become. */
export function isLeaseUndisturbed(libc: Libc, fd: number): boolean {
  return fcntl(libc, fd, FCNTL.GETLEASE, 0) === FCNTL.WRLCK;
}
