// Opens a folder step by step from the root, each step by descriptor: no link and no folder of somebody else decides where it ends.
import { closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorCode } from '../fault/thrown.ts';
import {
  isRefused,
  isSticky,
  isTrustedOwner,
  isWritableByOthers,
  type Refused,
  refusedFor,
  type Trusted,
} from './trust.ts';

/** open(2): a place and not its content. The same number on x64 and arm64; node:fs does not know it. */
export const O_PATH = 0x20_0000;
const { O_DIRECTORY, O_NOFOLLOW } = constants;
/** As many links as the kernel follows (MAXSYMLINKS in include/linux/namei.h). */
const MOST_LINKS = 40;

export interface FolderWish {
  /**
   * `ours`: it and all above it belong to root or to us, itself to us, and nobody else may write it.
   * `safe`: what we put into it stays ours: owned by root or us; where others may write, only with the sticky bit.
   * `any`: somebody else's too (a path that the user gave); links of others are not followed there either.
   */
  readonly owner: 'ours' | 'safe' | 'any';
  /** So many missing folders at the end of the path are made, with mode 0700. */
  readonly make?: number;
  /** The path itself will be used later: no folder on the way may be one in which others can rename. */
  readonly isForPath?: boolean;
}

export interface Folder {
  readonly fd: number;
  /** Without links. */
  readonly path: string;
  /** A name in it as open(2) takes it; nothing that is renamed meanwhile changes what it means. */
  readonly at: (name: string) => string;
}

/** The caller closes `fd`. Never blocks, never throws. */
export function openFolder(path: string, wish: FolderWish): Folder | Refused {
  try {
    let target = resolve(path);
    for (let links = 0; links <= MOST_LINKS; links++) {
      const step = walk(target, wish);
      if (typeof step !== 'string') return step;
      target = step;
    }
    return { refusal: 'refused', reason: `${path}: ELOOP` };
  } catch (error) {
    return refusedFor(path, error); // ENOENT: the current directory is gone
  }
}

/** A link on the way: the path that it leads to, from the root. */
function walk(path: string, wish: FolderWish): Folder | Refused | string {
  const names = path.split('/').filter((name) => name !== '');
  let fd = openSync('/', O_PATH | O_DIRECTORY);
  let here = fstatSync(fd);
  let walked = '/';
  const trusted: Trusted = { uid: process.geteuid?.() ?? 0, machineUid: here.uid };
  try {
    for (const [at, name] of names.entries()) {
      const next = join(walked, name);
      const fault =
        wish.isForPath && isWritableByOthers(here) && !isSticky(here) ? 'can be written by others' : undefined;
      if (fault) return { refusal: 'refused', reason: `${walked} ${fault}` };
      const mayMake = names.length - at <= (wish.make ?? 0);
      const inside = enter(fd, name, next, mayMake);
      if (typeof inside !== 'number') return inside;
      const there = fstatSync(inside);
      if (there.isSymbolicLink()) {
        closeSync(inside);
        if (!isTrustedOwner(there, trusted) || isWritableByOthers(here))
          return { refusal: 'refused', reason: `${next} is a link that somebody else may have made` };
        return resolve(walked, readlinkSync(`/proc/self/fd/${fd}/${name}`), ...names.slice(at + 1));
      }
      closeSync(fd);
      fd = inside;
      here = there;
      walked = next;
      if (!there.isDirectory()) return { refusal: 'refused', reason: `${next} is not a folder` };
      if (wish.owner !== 'any' && !isTrustedOwner(there, trusted))
        return { refusal: 'refused', reason: `${next} belongs to user ${there.uid}` };
    }
    const fault = faultOf(here, wish, trusted);
    if (fault !== undefined) return { refusal: 'refused', reason: `${walked} ${fault}` };
    const kept = fd;
    fd = -1;
    return { fd: kept, path: walked, at: (name: string) => `/proc/self/fd/${kept}/${name}` };
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** A place in the folder `fd`, made where it is missing and may be. */
function enter(fd: number, name: string, path: string, mayMake: boolean): number | Refused {
  const open = () => openSync(`/proc/self/fd/${fd}/${name}`, O_PATH | O_NOFOLLOW);
  try {
    return open();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || !mayMake) return refusedFor(path, error);
  }
  try {
    mkdirSync(`/proc/self/fd/${fd}/${name}`, 0o700);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return refusedFor(path, error); // EEXIST: another shmtop was faster
  }
  try {
    return open();
  } catch (error) {
    return refusedFor(path, error);
  }
}

/** Why it is not what was wished for; `any` is content with everything. */
function faultOf(stats: Stats, { owner, isForPath }: FolderWish, trusted: Trusted): string | undefined {
  if (owner === 'any') return undefined;
  if (owner === 'ours' && stats.uid !== trusted.uid) return `belongs to user ${stats.uid}`;
  if (isForPath && (stats.mode & 0o077) !== 0) return 'is open to others (its mode must be 0700)';
  const isSafe = !isWritableByOthers(stats) || (owner === 'safe' && isSticky(stats));
  return isSafe ? undefined : 'can be written by others';
}

/** Runs `use` in the folder and closes it. */
export function withFolder<T>(path: string, wish: FolderWish, use: (folder: Folder) => T): T | Refused {
  const folder = openFolder(path, wish);
  if (isRefused(folder)) return folder;
  try {
    return use(folder);
  } finally {
    closeSync(folder.fd);
  }
}
