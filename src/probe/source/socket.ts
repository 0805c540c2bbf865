// The socket oracle: asks the kernel whether anybody is bound to a socket file in /dev/shm (unix(7)).
import { ECONNREFUSED, EPERM, EPROTOTYPE } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { connectDatagram } from '../../native/unix-socket.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { Listener } from '../model/judge/verdict-case.ts';
import { FILE_TYPES } from './io.ts';
import { PIN_SCRATCH_BYTES, pin } from './pinned.ts';

/**
 * Asks about one socket file, held by descriptor, so that neither a link nor what takes its name meanwhile is asked instead.
 * It also tells of servers in other network and pid namespaces, and of sockets in flight: the kernel goes by the inode.
 */
export function askListener(libc: Libc | undefined, entry: ShmEntry): Listener {
  if (!libc) return 'unknown';
  const scratch = libc.allocate(PIN_SCRATCH_BYTES);
  const isMeant = ({ device, inode }: { device: number; inode: number }) =>
    device === entry.device && inode === entry.inode;
  const pinned = pin(libc, AT_FDCWD, entry.reachedBy, 'nofollow', scratch, isMeant, FILE_TYPES.socket);
  if (pinned === undefined || pinned < 0) return 'unknown';
  const result = connectDatagram(libc, `/proc/self/fd/${pinned}`);
  file.close(libc, pinned);
  switch (result) {
    case -ECONNREFUSED:
      return 'none';
    case 0:
    case -EPROTOTYPE: // a server of streams or packets
    case -EPERM: // one of datagrams that talks to somebody else only (unix_may_send)
      return 'bound';
    default: // EACCES: not ours to ask
      return 'unknown';
  }
}
