// Opens the file that a namespace is by a path that others may have changed meanwhile: only if it still is that namespace.
import { constants } from 'node:fs';
import { ENOENT } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import type { ByteString } from '../../model/bytes.ts';
import { Resolver } from './resolve.ts';

const READ = constants.O_RDONLY | constants.O_NONBLOCK | O_CLOEXEC;

/**
 * A descriptor to be closed, or -errno. Pinned first: by now the descriptor may be one of something that acts, or waits, when it is
 * opened. `inode` of the file that the namespace is.
 */
export function openNamespace(libc: Libc, path: ByteString, inode: number): number {
  const pin = file.openat(libc, AT_FDCWD, path, O_PATH | O_CLOEXEC);
  if (pin < 0) return pin;
  const resolver = new Resolver(libc);
  const stat = resolver.descriptor(pin);
  // A file system of somebody else's may give its files any number, and answer to an open when it likes.
  const isIt = typeof stat !== 'number' && stat.inode === inode && stat.device === deviceOfNamespaces(resolver);
  const fd = isIt ? file.openat(libc, AT_FDCWD, `/proc/self/fd/${pin}`, READ) : -ENOENT;
  file.close(libc, pin);
  return fd;
}

/** nsfs is one for the whole kernel. */
function deviceOfNamespaces(resolver: Resolver): number | undefined {
  const own = file.openat(resolver.libc, AT_FDCWD, '/proc/self/ns/mnt', O_PATH | O_CLOEXEC);
  if (own < 0) return undefined;
  const stat = resolver.descriptor(own);
  file.close(resolver.libc, own);
  return typeof stat === 'number' ? undefined : stat.device;
}
