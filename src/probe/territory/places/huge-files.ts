// What the files of a hugetlbfs take: statfs(2) tells only of one that was mounted with a limit, so they are looked at one by one.
import type { FileStat } from '../../source/io.ts';
import { FILE_TYPES, typeBits } from '../../source/io.ts';
import { descriptorGround, type Folder } from './ground.ts';
import type { Resolver } from './resolve.ts';

/** A page is 2 MiB: so many files are 200 GiB. */
const MOST_FILES = 100_000;
const MOST_DEPTH = 16;

/** Bytes of all files with a name below an open directory, on its mount; undefined where that cannot be read, or not to its end. */
export function bytesOfFiles(resolver: Resolver, fd: number): number | undefined {
  const top = resolver.descriptor(fd);
  if (typeof top === 'number') return undefined;
  const ground = descriptorGround(resolver, fd, top);
  const todo: Folder[] = [{ name: '', depth: 0 }];
  /** Of several names of one file. */
  const seen = new Set<number>();
  let bytes = 0;
  let left = MOST_FILES;
  const note = (stat: FileStat) => {
    if (stat.links > 1 && seen.has(stat.inode)) return;
    if (stat.links > 1) seen.add(stat.inode);
    bytes += stat.allocatedBytes;
  };
  try {
    for (let folder = todo.pop(); folder; folder = todo.pop()) {
      const above = folder;
      const failed = ground.list(above, (name, stat) => {
        if (typeof stat === 'number' || ground.isOffMount(stat, false)) return left-- > 0;
        if (typeBits(stat.mode) !== FILE_TYPES.directory) note(stat);
        else if (above.depth < MOST_DEPTH) todo.push({ name: name(), above, depth: above.depth + 1 });
        else left = 0;
        return left-- > 0;
      });
      if (failed < 0 || left <= 0) return undefined;
    }
    return bytes;
  } finally {
    ground.close();
  }
}
