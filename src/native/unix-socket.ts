// Local sockets (unix(7)): connecting a datagram socket to a path, by which the kernel tells whether anybody is bound to it.
import { ENAMETOOLONG } from './errno.ts';
import { close } from './file.ts';
import type { Libc } from './libc.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const FAMILY_BYTES = 2;
/** sizeof(sun_path); the NUL at its end is ours. */
const PATH_BYTES = 108;

/**
 * connect(2) of a new datagram socket, closed at once: 0 where a datagram socket is bound to the path, -EPROTOTYPE where a socket
 * of another type is, -ECONNREFUSED where none is (net/unix/af_unix.c, unix_find_bsd), -EACCES without write permission. A server is
 * told nothing of it, and nothing waits.
 */
export function connectDatagram(libc: Libc, path: string): number {
  if (path.length >= PATH_BYTES) return -ENAMETOOLONG;
  const address = libc.allocate(FAMILY_BYTES + PATH_BYTES);
  address.bytes.fill(0);
  address.bytes[0] = AF_UNIX;
  address.bytes.set(Buffer.from(path, 'latin1'), FAMILY_BYTES);
  const fd = libc.result(libc.raw.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd < 0) return fd;
  const result = libc.result(libc.raw.connect(fd, address.address, FAMILY_BYTES + path.length + 1));
  close(libc, fd);
  return result;
}
