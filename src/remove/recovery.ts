// Puts back what a killed shmtop had taken aside, and opens what it had closed: the journal says what it was at.
import { constants } from 'node:fs';
import { EEXIST, ENOENT } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { AT_FDCWD, AT_REMOVEDIR, O_CLOEXEC, O_PATH, SHMID_DS } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import { setSegment, statSegment } from '../native/sysv.ts';
import { escapeBytes, unescapeBytes } from '../probe/model/bytes.ts';
import { Aside } from './aside.ts';
import { currentIpcNamespace } from './ipc-places.ts';
import type { Journal } from './journal.ts';
import type { HistoryEntry } from './model/history.ts';
import { Looker, openPlace } from './mount-root.ts';
import { readOpen } from './read-history.ts';

const FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;

export interface PutBack {
  /** Sentences about what was put back, or could not be. */
  readonly notes: string[];
  /** Nothing that an earlier run had begun is without its end now. */
  readonly isAllEnded: boolean;
}

/** Another namespace may still have it: whoever comes from there looks again. */
const MAY_BE_ELSEWHERE = Symbol('may be elsewhere');
type Told = string | undefined | typeof MAY_BE_ELSEWHERE;

/** The journal must be locked: whoever wrote it is gone then. What was settled is ended in the journal. */
export function putBackLeftovers(libc: Libc, journal: Journal): PutBack {
  const history = readOpen(journal.path);
  if ('problem' in history) return { notes: [], isAllEnded: false };
  const namespace = currentIpcNamespace();
  const notes: string[] = [];
  let isAllEnded = true;
  for (const entry of history.entries) {
    if (entry.state !== 'begun') continue;
    const told = entry.segment ? thaw(libc, entry.segment, namespace) : putBack(libc, entry);
    if (told === MAY_BE_ELSEWHERE) isAllEnded = false;
    else if (told !== undefined) {
      journal.settle(entry, told);
      notes.push(told);
    }
  }
  return { notes, isAllEnded };
}

/** Gives permissions back to a segment that was killed under: known by creator, size and by having none at all. */
function thaw(libc: Libc, segment: NonNullable<HistoryEntry['segment']>, namespace: string | undefined): Told {
  const { shmid, ipcNamespace, cpid, cuid, sizeBytes, perms } = segment;
  if (ipcNamespace !== namespace) return MAY_BE_ELSEWHERE;
  if (!/^[0-7]{3}$/.test(perms) || perms === '000') return undefined;
  const memory = libc.allocate(SHMID_DS.size);
  const now = statSegment(libc, shmid, memory);
  if (typeof now === 'number' || (now.mode & 0o1777) !== 0) return undefined; // gone, whole, or marked
  if (now.cpid !== cpid || now.cuid !== cuid || now.sizeBytes !== sizeBytes) return undefined;
  const failed = setSegment(libc, shmid, { ...now, mode: Number.parseInt(perms, 8) }, memory);
  return failed < 0 ? MAY_BE_ELSEWHERE : `a removal that was killed had closed sysv:${shmid}: its permissions are back`;
}

function putBack(libc: Libc, { aside, path }: HistoryEntry): Told {
  if (aside === undefined || path === undefined) return undefined;
  const [folder, base] = split(unescapeBytes(aside));
  const home = unescapeBytes(path);
  // `/dev/shm/.shmtop-PID-RANDOM` and nothing else: whoever can write the journal must not be able to move other things.
  if (!/\/\.shmtop-\d+-[0-9a-f]{24}$/.test(folder) || !/^\d+$/.test(base)) return undefined;
  const [root] = split(folder);
  if (!home.startsWith(`${root}/`)) return undefined;
  const dirfd = file.openat(libc, AT_FDCWD, folder, FOLDER);
  if (dirfd < 0) return MAY_BE_ELSEWHERE; // -ENOENT: all was well, where this is the /dev/shm that it was
  const look = new Looker(libc);
  const owner = look.descriptor(dirfd);
  const isThere = look.name(dirfd, base) !== -ENOENT;
  if (!isThere) file.unlinkat(libc, AT_FDCWD, folder, AT_REMOVEDIR);
  if (!isThere || typeof owner === 'number' || owner.uid !== process.geteuid?.()) {
    file.close(libc, dirfd);
    return MAY_BE_ELSEWHERE;
  }
  // Whoever owns a directory on the way may have put a link in its place since.
  const rootFd = file.openat(libc, AT_FDCWD, root, FOLDER & ~constants.O_NOFOLLOW);
  const place = rootFd < 0 ? rootFd : openPlace(look, rootFd, home.slice(root.length));
  const result = typeof place === 'number' ? place : new Aside(libc, -1, '').putBack({ dirfd, base }, place);
  const name = typeof place === 'number' ? split(home)[1] : place.base;
  for (const fd of [dirfd, rootFd, typeof place === 'number' ? -1 : place.dirfd]) if (fd >= 0) file.close(libc, fd);
  file.unlinkat(libc, AT_FDCWD, folder, AT_REMOVEDIR); // -ENOTEMPTY while there is more in it
  if (result >= 0) return `a removal that was killed had left ${escapeBytes(name)} half done: it is back`;
  const why = result === -EEXIST ? 'its name was made again' : 'it could not be moved';
  return `a removal that was killed left ${escapeBytes(name)} in ${escapeBytes(folder)} (${why}): look at it there`;
}

function split(path: string): readonly [string, string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, slash), path.slice(slash + 1)];
}
