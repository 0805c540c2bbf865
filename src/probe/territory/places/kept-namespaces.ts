// Mount namespaces without a process: kept by a descriptor that somebody has open, or by a mount on a file.
import { EINVAL, ENOENT, ENOSYS, ENOTTY, ESRCH } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import type { Libc } from '../../../native/libc.ts';
import type { MountLister } from '../../../native/mount-namespace.ts';
import type { ByteString } from '../../model/bytes.ts';
import { type DeviceNumber, deviceNumber, deviceText, type FdRecord } from '../../model/join/mapping-record.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import type { Namespaces } from '../../source/namespaces.ts';
import type { OwnMounts } from './mounts.ts';
import { openNamespace } from './open-namespace.ts';

export interface KeptNamespace {
  readonly path: ByteString;
  /** Whose descriptor it is; absent: it is mounted on a file of ours. */
  readonly pid?: number;
  /** Of the file that a namespace is. */
  readonly inode: number;
}

interface KeptRequest {
  readonly procRoot: string;
  readonly ownMounts: OwnMounts;
  readonly namespaces: Namespaces;
  readonly fds: readonly FdRecord[];
  /** Inodes of those that were looked into already. */
  readonly known?: ReadonlySet<string>;
}

const NAME = /^mnt:\[(\d+)\]$/;
/** Mounts of one such namespace. */
const MOST_MOUNTS = 20_000;

/** Each once, without those that a process is in. */
export function keptNamespaces({
  procRoot,
  ownMounts,
  namespaces,
  fds,
  known = new Set(),
}: KeptRequest): KeptNamespace[] {
  const { ownMount, mountOf } = namespaces;
  const seen = new Set<string | undefined>([ownMount, ...known, ...mountOf.values()]);
  const kept: KeptNamespace[] = [];
  const add = (name: string, path: ByteString, pid?: number) => {
    const number = NAME.exec(name)?.[1];
    if (number === undefined || seen.has(number)) return;
    seen.add(number);
    kept.push({ path, pid, inode: Number(number) });
  };
  for (const { root, mountPoint, fileSystem } of ownMounts.mounts) if (fileSystem === 'nsfs') add(root, mountPoint);
  for (const { name, pid, fd } of fds) add(name, `${procRoot}/${pid}/fd/${fd}`, pid);
  return kept;
}

/** `whole` too where an old kernel cannot tell of one that root keeps by a mount: that is no enemy's. */
export function readKept(
  libc: Libc | undefined,
  lister: MountLister | undefined,
  { path, pid, inode }: KeptNamespace,
  use: (mount: Pick<Mount, 'device' | 'root' | 'mountPoint'>) => void,
): 'whole' | 'cut' | 'gone' | 'unsupported' {
  const tooOld = pid === undefined ? 'whole' : 'unsupported';
  if (!libc || !lister) return tooOld;
  const fd = openNamespace(libc, path, inode);
  if (fd === -ENOENT || fd === -ESRCH) return 'gone';
  if (fd < 0) return 'unsupported';
  let left = MOST_MOUNTS;
  const result = lister.each(
    fd,
    () => left-- > 0,
    () => true,
    ({ devMajor, devMinor, root, mountPoint }) => {
      const device: DeviceNumber = deviceNumber(devMajor, devMinor);
      use({ device: deviceText(device), root, mountPoint });
    },
  );
  file.close(libc, fd);
  if (result === 0) return 'whole';
  if (result === 1) return 'cut';
  return result === -ENOTTY || result === -ENOSYS || result === -EINVAL ? tooOld : 'unsupported';
}
