// Entries of shmtops that run: small files, each in a folder that only its user can write to, and locked for as long as their process lives.
import { closeSync, constants, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { isLibc, loadLibc } from '../../native/libc.ts';
import { isByteLocked, lockByte } from '../../native/record-lock.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
const OTHERS_MAY_WRITE = 0o022;
const MOST_BYTES = 64;

/** Where they lie, and whose they are. */
export interface Folder {
  readonly path: string;
  readonly uid: number;
}

/** Throws where there is no such folder of this user into which nobody else can write. */
export function withFolder(
  { path, uid }: { readonly path: string; readonly uid: number },
  use: (fd: number) => void,
): void {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const stat = fstatSync(fd);
    if (stat.uid === uid && (stat.mode & OTHERS_MAY_WRITE) === 0) use(fd);
  } finally {
    closeSync(fd);
  }
}

/** Of a process; see `readEntry`. */
export function readEntryIn(folder: Folder, pid: number): [string, string, string] | undefined {
  try {
    let entry: [string, string, string] | undefined;
    withFolder(folder, (fd) => {
      entry = readEntry(`/proc/self/fd/${fd}/${pid}`, folder.uid);
    });
    return entry;
  } catch {
    return undefined; // ENOENT, EACCES
  }
}

/** Start ticks, pid namespace, and when it was written; undefined for anything else. */
export function readEntry(path: string, uid: number): [string, string, string] | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.uid !== uid || (stat.mode & OTHERS_MAY_WRITE) !== 0) return undefined;
    const buffer = Buffer.alloc(MOST_BYTES);
    const [, ticks, namespace] =
      /^(\d+) (\d+)\n$/.exec(buffer.toString('latin1', 0, readSync(fd, buffer, 0, MOST_BYTES, 0))) ?? [];
    return ticks === undefined || namespace === undefined ? undefined : [ticks, namespace, String(stat.mtimeMs)];
  } catch {
    return undefined; // ENOENT, ELOOP, EACCES
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Locks our entry for as long as we live. False where that cannot be done. */
export function isHeldNow(fd: number): boolean {
  const libc = loadLibc();
  return isLibc(libc) && lockByte(libc, fd, 0) === 0;
}

/** Does the process that wrote it live, in whichever namespace? True where nobody can tell. */
export function isHeld(path: string): boolean {
  const libc = loadLibc();
  if (!isLibc(libc)) return true;
  let fd: number | undefined;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return isByteLocked(libc, fd, 0) !== 0;
  } catch {
    return true; // ENOENT: it is gone already
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whatever it is; what is not there is no trouble. */
export function unlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // ENOENT
  }
}
