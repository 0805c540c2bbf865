// A working directory that is there: Node starts no thread, and loads no renderer, where that was removed.
import { readlinkSync } from 'node:fs';

/**
 * Moves to `/` where the working directory was removed, which whoever owns the directory above it can do under anybody who stands
 * there. Otherwise nothing changes; the answer is the working directory then. To be called before a thread is started.
 */
export function keepFoothold(): string | undefined {
  if (!isRemoved()) {
    try {
      return process.cwd();
    } catch {
      // ENOENT, EACCES: a place that has no name from here
    }
  }
  process.chdir('/');
  return undefined;
}

/** Node remembers what it was told before. The kernel adds a word to the name of one that is gone (d_path in fs/d_path.c). */
function isRemoved(): boolean {
  try {
    return readlinkSync('/proc/self/cwd').endsWith(' (deleted)');
  } catch {
    return false; // ENOENT: without /proc
  }
}
