// The C heap: what was freed goes back to the kernel.
import type { Libc } from './libc.ts';

/**
 * malloc_trim(3): gives free pages of all arenas back (some MB after a start; about a millisecond). Without it, as with musl,
 * nothing happens.
 */
export function trimHeap({ koffi }: Libc): void {
  try {
    koffi.load(null).func('int malloc_trim(size_t pad)')(0);
  } catch {
    // not glibc: there is no such function
  }
}
