// Puts back what a killed shmtop had taken aside and neither unlinked nor put back: the journal says where it is.
import { constants } from 'node:fs';
import { EEXIST, ENOENT } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { AT_FDCWD, AT_REMOVEDIR, O_CLOEXEC, O_PATH } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import { escapeBytes, unescapeBytes } from '../probe/model/bytes.ts';
import { Aside } from './aside.ts';
import { type HistoryEntry, readHistory } from './history.ts';
import { Looker } from './mount-root.ts';

const FOLDER = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW | O_CLOEXEC;

/** Sentences about what was put back, or could not be. The journal must be locked: whoever wrote it is gone then. */
export function putBackLeftovers(libc: Libc, journalPath: string): string[] {
  const history = readHistory(journalPath);
  if ('problem' in history) return [];
  const open = history.entries.filter(
    ({ state, aside, path }) => state === 'begun' && aside !== undefined && path !== undefined,
  );
  return open.flatMap((entry) => putBack(libc, entry) ?? []);
}

function putBack(libc: Libc, { aside = '', path = '' }: HistoryEntry): string | undefined {
  const [folder, base] = split(unescapeBytes(aside));
  const [home, name] = split(unescapeBytes(path));
  // `/dev/shm/.shmtop-PID-RANDOM` and nothing else: whoever can write the journal must not be able to move other things.
  if (!/\/\.shmtop-\d+-[0-9a-f]{24}$/.test(folder) || !/^\d+$/.test(base) || name === '') return undefined;
  if (!home.startsWith(folder.slice(0, folder.lastIndexOf('/')))) return undefined;
  const dirfd = file.openat(libc, AT_FDCWD, folder, FOLDER);
  if (dirfd < 0) return undefined; // -ENOENT: all was well
  const owner = new Looker(libc).descriptor(dirfd);
  if (typeof owner === 'number' || owner.uid !== process.geteuid?.()) {
    file.close(libc, dirfd);
    return undefined;
  }
  const homeFd = file.openat(libc, AT_FDCWD, home, FOLDER & ~constants.O_NOFOLLOW);
  const result = homeFd < 0 ? homeFd : new Aside(libc, -1, '').putBack({ dirfd, base }, { dirfd: homeFd, base: name });
  file.close(libc, dirfd);
  if (homeFd >= 0) file.close(libc, homeFd);
  file.unlinkat(libc, AT_FDCWD, folder, AT_REMOVEDIR); // -ENOTEMPTY while there is more in it
  if (result >= 0) return `a removal that was killed had left ${escapeBytes(name)} half done: it is back`;
  if (result === -ENOENT) return undefined; // it had been unlinked
  const why = result === -EEXIST ? 'its name was made again' : 'it could not be moved';
  return `a removal that was killed left ${escapeBytes(name)} in ${escapeBytes(folder)} (${why}): look at it there`;
}

function split(path: string): readonly [string, string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, slash), path.slice(slash + 1)];
}
