// What is mounted where, here and in other mount namespaces: a name in /dev/shm may be wanted at another place.
import { type DeviceNumber, deviceText } from '../model/mapping-record.ts';
import { type Mount, parseMountinfo } from '../parse/mountinfo.ts';
import { FILE_TYPES, type Io, readText, typeBits } from './io.ts';
import { type Namespaces, othersThan } from './namespaces.ts';

/** The mounts that a process sees; none where they may not be read. */
export function readMounts(io: Io, procRoot: string, pid: number | 'self'): Mount[] {
  const text = readText(io, `${procRoot}/${pid}/mountinfo`);
  return typeof text === 'number' ? [] : parseMountinfo(text);
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
