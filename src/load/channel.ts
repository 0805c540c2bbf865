// The pipes and sockets that shared memory is compared with.

import { close } from '../native/file.ts';
import type { Libc } from '../native/libc.ts';
import { type DescriptorPair, pipe, setPipeSize, unixSocketPair } from '../native/pipe.ts';
import type { Transport } from './model/options.ts';

const LARGE_PIPE_BYTES = 1024 ** 2;

/**
 * Both ends, or -errno. `stdio` is a socket pair too: that is what Node makes for `stdio: 'pipe'`, and not a pipe(2).
 */
export function openChannel(libc: Libc, transport: Exclude<Transport, 'shm'>): DescriptorPair | number {
  if (transport === 'unix' || transport === 'stdio') return unixSocketPair(libc);
  const pair = pipe(libc);
  if (typeof pair === 'number' || transport === 'pipe') return pair;
  const size = setPipeSize(libc, pair.writeFd, LARGE_PIPE_BYTES);
  if (size >= 0) return pair;
  close(libc, pair.readFd);
  close(libc, pair.writeFd);
  return size;
}
