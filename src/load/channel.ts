// The pipes and sockets that shared memory is compared with: both ends of each, and nothing of it anywhere else.

import { fifo } from '../native/fifo.ts';
import { close } from '../native/file.ts';
import type { Libc } from '../native/libc.ts';
import { loopbackPair } from '../native/loopback.ts';
import { type DescriptorPair, pipe, setPipeSize, unixSocketPair } from '../native/pipe.ts';
import type { ChannelTransport } from './model/transports.ts';

const LARGE_PIPE_BYTES = 1024 ** 2;

/**
 * Both ends, or -errno. `stdio` is a socket pair too: that is what Node makes for `stdio: 'pipe'`, and not a pipe(2).
 */
export function openChannel(libc: Libc, transport: ChannelTransport): DescriptorPair | number {
  switch (transport) {
    case 'unix':
    case 'stdio':
      return unixSocketPair(libc);
    case 'tcp':
      return loopbackPair(libc);
    case 'fifo':
      return fifo(libc);
    case 'pipe':
      return pipe(libc);
    default:
      return largePipe(libc);
  }
}

function largePipe(libc: Libc): DescriptorPair | number {
  const pair = pipe(libc);
  if (typeof pair === 'number') return pair;
  const size = setPipeSize(libc, pair.writeFd, LARGE_PIPE_BYTES);
  if (size >= 0) return pair;
  close(libc, pair.readFd);
  close(libc, pair.writeFd);
  return size;
}
