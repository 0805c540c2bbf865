// Which file a path leads to, as objects are told apart: by device and inode.
import { type BigIntStats, lstatSync } from 'node:fs';

/**
 * `major:minor:inode` of what lies at the path, links in its folders followed, in itself not (lstat(2)); undefined where nothing lies
 * there or it cannot be reached. The path is what a person typed, never what was found on the machine: a folder on a server
 * that does not answer keeps him waiting, as it would with ls(1).
 */
export function fileAt(path: string): string | undefined {
  let found: BigIntStats | undefined;
  try {
    found = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  } catch {
    return undefined; // EACCES, ELOOP, ENAMETOOLONG, a NUL in it: it names nothing that could be an object
  }
  if (!found) return undefined;
  const { dev, ino } = found;
  // The encoding of stat(2) in user space (makedev(3)).
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return `${major}:${minor}:${ino}`;
}
