// POSIX shared memory, memfds and mappings: shm_open(3), memfd_create(2), mmap(2). Each returns -errno on failure.
import type { Libc } from './libc.ts';

export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const MAP_SHARED = 1;
export const MAP_PRIVATE = 2;
export const MAP_ANONYMOUS = 0x20;

/** shm_open(3): a descriptor, or -errno. `name` (raw bytes, one char each) starts with a slash. */
export function shmOpen(libc: Libc, name: string, flags: number, mode: number): number {
  return libc.result(libc.raw.shm_open(libc.path(name), flags, mode));
}

/** shm_unlink(3): 0 or -errno. */
export function shmUnlink(libc: Libc, name: string): number {
  return libc.result(libc.raw.shm_unlink(libc.path(name)));
}

/** memfd_create(2): a descriptor of an empty anonymous file, or -errno. */
export function memfdCreate(libc: Libc, name: string, flags: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.memfd_create, libc.path(name), flags, 0, 0, 0));
}

/** ftruncate(2): 0 or -errno. */
export function ftruncate(libc: Libc, fd: number, lengthBytes: number): number {
  return libc.result(libc.raw.ftruncate(fd, lengthBytes));
}

/** mmap(2) at an address of the kernel's choice: the address, or -errno. */
export function mmap(libc: Libc, lengthBytes: number, prot: number, flags: number, fd: number, offset = 0): number {
  return libc.result(Number(libc.raw.mmap(0, lengthBytes, prot, flags, fd, offset)));
}

/** munmap(2): 0 or -errno. A koffi view of the range must not be touched afterwards. */
export function munmap(libc: Libc, address: number, lengthBytes: number): number {
  return libc.result(libc.raw.munmap(address, lengthBytes));
}
