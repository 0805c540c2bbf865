// The mounts of every mount namespace of the machine, told by the kernel (Linux 6.12): whoever is in one, a thread alone or a process
// that sees only a part of it, and whatever keeps it.

import { constants } from 'node:fs';
import * as file from '../../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import { eachMountNamespace, MountLister } from '../../../native/mount-namespace.ts';
import { deviceNumber, deviceText } from '../../model/join/mapping-record.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import { MOST_MOUNT_NAMESPACES, MOST_MOUNTS, MOUNT_TABLES_MS } from './limits.ts';
import { Resolver } from './resolve.ts';

export interface EveryNamespace {
  /** Inodes, decimal, of those that were read whole; empty where the kernel is too old or does not tell us. */
  readonly read: ReadonlySet<string>;
  /** `cut`: there are more namespaces or mounts than are looked at. `unsupported`: nothing was told, or not all that was asked. */
  readonly outcome: 'whole' | 'cut' | 'unsupported';
}

const READ = constants.O_RDONLY | O_CLOEXEC;

/** Calls `use` with each mount of a wanted device (`major:minor`) in all namespaces but our own. */
export function readEveryNamespace(
  libc: Libc,
  wanted: ReadonlySet<string>,
  use: (mount: Pick<Mount, 'device' | 'root' | 'mountPoint'>) => void,
): EveryNamespace {
  const read = new Set<string>();
  const own = file.openat(libc, AT_FDCWD, '/proc/self/ns/mnt', READ);
  if (own < 0) return { read, outcome: 'unsupported' };
  const lister = new MountLister(libc);
  const resolver = new Resolver(libc);
  const untilMs = monotonicMs() + MOUNT_TABLES_MS;
  let left = MOST_MOUNTS;
  let isWhole = true;
  const mayGoOn = () => left-- > 0 && monotonicMs() < untilMs;
  const text = (major: number, minor: number) => deviceText(deviceNumber(major, minor));
  const result = eachMountNamespace(libc, own, MOST_MOUNT_NAMESPACES, (fd) => {
    const outcome = lister.each(
      fd,
      mayGoOn,
      (major, minor) => wanted.has(text(major, minor)),
      ({ devMajor, devMinor, root, mountPoint }) => use({ device: text(devMajor, devMinor), root, mountPoint }),
    );
    const stat = resolver.descriptor(fd);
    if (outcome === 0 && typeof stat !== 'number') read.add(String(stat.inode));
    else isWhole &&= outcome < 0; // one that has just ended: who was in it is asked himself
  });
  file.close(libc, own);
  if (result < 0) return { read, outcome: 'unsupported' };
  return { read, outcome: isWhole && result === 0 ? 'whole' : 'cut' };
}
