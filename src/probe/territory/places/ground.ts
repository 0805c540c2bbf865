// What a walk goes over: directories by descriptor, or by path where there are no native calls.
import * as file from '../../../native/file.ts';
import type { ByteString } from '../../model/bytes.ts';
import type { Io } from '../../source/io.ts';
import { forEachEntry } from '../../source/io-native.ts';
import { isSameMount, type PlacedStat, type Resolver } from './resolve.ts';

export interface Folder {
  /** Its own name; empty for the top. */
  readonly name: ByteString;
  /** Absent for the top. */
  readonly above?: Folder;
  readonly depth: number;
}

/** Gets each name with what it is, or -errno; the name is made only when it is asked for. False ends the listing. */
export type OnName = (name: () => ByteString, stat: PlacedStat | number) => boolean;

export interface Ground {
  /** 0, or -errno where the folder cannot be opened or read to its end. */
  readonly list: (folder: Folder, use: OnName) => number;
  /** Is it on another mount than the top? */
  readonly isOffMount: (stat: PlacedStat, isDirectory: boolean) => boolean;
  readonly close: () => void;
}

/** Path below the top, with a leading slash; empty for the top. */
export function pathOf({ name, above }: Folder): ByteString {
  if (!above) return '';
  const names = [name];
  for (let at: Folder = above; at.above; at = at.above) names.push(at.name);
  return `/${names.reverse().join('/')}`;
}

/** So many directories stay open, that what is in them is opened by one step and not from the top. */
const MOST_OPEN = 64;

/** By descriptor: each directory is opened from the one above it, never over a link, never off the mount. */
export function descriptorGround(resolver: Resolver, topFd: number, top: PlacedStat): Ground {
  const { libc } = resolver;
  const open = new Map<Folder, number>();
  const openFolder = (folder: Folder): number => {
    const { above, name } = folder;
    const aboveFd = above && open.get(above);
    const fd =
      above === undefined
        ? resolver.readable(topFd, '.')
        : aboveFd === undefined
          ? resolver.readable(topFd, pathOf(folder).slice(1))
          : resolver.readable(aboveFd, name);
    if (fd >= 0) open.set(folder, fd);
    if (open.size > MOST_OPEN) {
      const [[oldest, oldFd]] = open;
      file.close(libc, oldFd);
      open.delete(oldest);
    }
    return fd;
  };
  return {
    list: (folder, use) => {
      const fd = openFolder(folder);
      return fd < 0 ? fd : listOpen(resolver, fd, use);
    },
    isOffMount: (stat) => !isSameMount(stat, top),
    close: () => {
      for (const fd of open.values()) file.close(libc, fd);
      open.clear();
    },
  };
}

function listOpen(resolver: Resolver, fd: number, use: OnName): number {
  const { listing, listingText: text } = resolver;
  let isWanted = true;
  let count = 0;
  do {
    count = file.getdents64(resolver.libc, fd, listing.address, listing.bytes.length);
    forEachEntry(listing, count, (start, end) => {
      if (isWanted) {
        isWanted = use(() => text.toString('latin1', start, end), resolver.name(fd, listing.address + start));
      }
    });
  } while (count > 0 && isWanted);
  return Math.min(0, count);
}

/** By path: what a captured tree and a machine without native calls have. */
export function pathGround(io: Io, top: ByteString, topStat: PlacedStat, isTmpfs: boolean): Ground {
  return {
    list: (folder, use) => {
      const path = top + pathOf(folder);
      const names = io.readDir(path);
      if (typeof names === 'number') return names;
      for (const name of names) if (!use(() => name, io.stat(`${path}/${name}`, 'nofollow'))) break;
      return 0;
    },
    // In an overlay the devices of files differ anyway.
    isOffMount: ({ device }, isDirectory) => device !== topStat.device && (isDirectory || isTmpfs),
    close: () => {},
  };
}
