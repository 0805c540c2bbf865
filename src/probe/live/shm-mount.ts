// Which file system /dev/shm is, for those who watch it.
import { statfsSync } from 'node:fs';
import { TMPFS_MAGIC } from '../../native/layout.ts';
import type { Machine } from '../look/machine.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';

/** Device and root of /dev/shm, where it is a tmpfs of its own; undefined where it is none, or not there. */
export function shmMount({
  io,
  shmRoot,
}: Machine): { readonly device: DeviceNumber; readonly inode: number } | undefined {
  try {
    if (statfsSync(shmRoot).type !== TMPFS_MAGIC) return undefined;
  } catch {
    return undefined; // ENOENT: there is none
  }
  const stat = io.stat(shmRoot, 'follow');
  const above = io.stat(`${shmRoot}/..`, 'follow');
  if (typeof stat === 'number' || typeof above === 'number' || stat.device === above.device) return undefined;
  return stat;
}
