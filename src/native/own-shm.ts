// A /dev/shm of one's own: unshare(2), mount(2). What is made there goes with the last process of the mount namespace.
import type { Libc } from './libc.ts';

const CLONE_NEWNS = 0x20000;
const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_REC = 0x4000;
const MS_PRIVATE = 0x40000;

/**
 * Moves the calling thread into a new mount namespace with an empty tmpfs over /dev/shm: 0, or -errno (-EPERM: needs CAP_SYS_ADMIN).
 * Nothing of it is seen in the namespace that it leaves: it is private before anything is mounted.
 */
export function newDevShm(libc: Libc): number {
  const { raw, result, numbers } = libc;
  const apart = result(raw.syscall(numbers.unshare, CLONE_NEWNS, 0, 0, 0, 0));
  if (apart < 0) return apart;
  const root = libc.allocate(16);
  root.bytes.set(Buffer.from('/\0'));
  const separate = result(raw.syscall(numbers.mount, root.address, root.address, 0, MS_REC | MS_PRIVATE, 0));
  if (separate < 0) return separate;
  const type = libc.allocate(16);
  type.bytes.set(Buffer.from('tmpfs\0'));
  return result(raw.syscall(numbers.mount, type.address, libc.path('/dev/shm'), type.address, MS_NOSUID | MS_NODEV, 0));
}
