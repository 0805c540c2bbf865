// What is mounted where, here and in other mount namespaces: what no process's namespaces lead to may be reached by its mount.
import { constants } from 'node:fs';
import { ENOENT } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { type DeviceNumber, deviceText } from '../model/mapping-record.ts';
import { type Mount, parseMountinfo } from '../parse/mountinfo.ts';
import { FILE_TYPES, type Io, readText, typeBits } from './io.ts';
import { readStatx } from './io-native.ts';
import { type IpcDoor, type Namespaces, othersThan } from './namespaces.ts';

/** The mounts that a process sees; none where they may not be read. */
export function readMounts(io: Io, procRoot: string, pid: number | 'self'): Mount[] {
  const text = readText(io, `${procRoot}/${pid}/mountinfo`);
  return typeof text === 'number' ? [] : parseMountinfo(text);
}

/** Each /dev/shm of a chroot in our mount namespace. */
export function chrootShmMounts(mounts: readonly Mount[], shmRoot: string): Mount[] {
  return mounts.filter(
    ({ fileSystem, mountPoint }) =>
      fileSystem === 'tmpfs' && mountPoint.endsWith('/dev/shm') && mountPoint !== '/dev/shm' && mountPoint !== shmRoot,
  );
}

/** Is what is mounted there a folder of its file system only? Then others may see more of it. */
export function isFolderMount(mounts: readonly Mount[], path: string): boolean {
  const root = mounts.findLast(({ mountPoint }) => mountPoint === path)?.root;
  return root !== undefined && root !== '/';
}

/** Opens the directory of a mount: a descriptor to be closed, or -errno. Whoever owns the way to it may have moved it. */
export function openMount(libc: Libc, { mountPoint, device }: Mount): number {
  const fd = file.open(libc, mountPoint, constants.O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fd;
  const record = libc.allocate(STATX_LAYOUT.size);
  const failed = file.statx(libc, AT_FDCWD, `/proc/self/fd/${fd}`, record.address, false);
  if (failed >= 0 && deviceText(readStatx(record).device) === device) return fd;
  file.close(libc, fd);
  return -ENOENT;
}

/** IPC namespaces that are mounted on a file, by which they live on without a process in them (ip-netns(8) does so too). */
export function mountedIpcNamespaces(mounts: readonly Mount[]): Map<string, IpcDoor> {
  const doors = new Map<string, IpcDoor>();
  for (const { fileSystem, root, mountPoint } of mounts) {
    const namespace = fileSystem === 'nsfs' ? /^ipc:\[(\d+)\]$/.exec(root)?.[1] : undefined;
    if (namespace !== undefined) doors.set(namespace, { path: mountPoint });
  }
  return doors;
}

/** `major:minor inode` of a file. */
export const filePlace = (device: DeviceNumber, inode: number): string => `${deviceText(device)} ${inode}`;

/** Single files on these devices that are bind mounted anywhere, as `filePlace` writes them. About 0.1 ms a namespace. */
export function mountedFiles(
  io: Io,
  procRoot: string,
  { ownMount, mountOf }: Namespaces,
  devices: ReadonlySet<DeviceNumber>,
): Set<string> {
  const wanted = new Set([...devices].map(deviceText));
  const places = new Set<string>();
  for (const pid of ['self' as const, ...othersThan(ownMount, mountOf).values()]) {
    for (const { device, mountPoint } of readMounts(io, procRoot, pid)) {
      if (!wanted.has(device)) continue;
      const stat = io.stat(`${procRoot}/${pid}/root${mountPoint}`, 'follow');
      if (typeof stat === 'number' || typeBits(stat.mode) !== FILE_TYPES.regular) continue;
      places.add(filePlace(stat.device, stat.inode));
    }
  }
  return places;
}
