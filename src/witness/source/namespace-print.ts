// Has a mount namespace come or gone? Told by the kernel in some microseconds, without a look at any process (Linux 6.12).
import { close, open } from '../../native/file.ts';
import { O_CLOEXEC } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { eachMountNamespace } from '../../native/mount-namespace.ts';
import type { Resolver } from '../../probe/territory/places/resolve.ts';

const MOST = 2000;

/** A number that changes with the set of namespaces; undefined where the kernel does not tell. */
export function namespacePrint(libc: Libc, resolver: Resolver): number | undefined {
  const own = open(libc, '/proc/self/ns/mnt', O_CLOEXEC);
  if (own < 0) return undefined;
  let print = 0;
  const result = eachMountNamespace(libc, own, MOST, (fd) => {
    const stat = resolver.descriptor(fd);
    // Of numbers below 2^32 that come in a row: their squares, so that one of two that change places is not missed.
    if (typeof stat !== 'number') print = (print + stat.inode * (stat.inode % 65_537)) % Number.MAX_SAFE_INTEGER;
  });
  close(libc, own);
  return result < 0 ? undefined : print;
}
