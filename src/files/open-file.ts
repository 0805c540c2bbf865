// Opens a file below a name: in a folder held by descriptor, looked at before it is opened, and never waited for.
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readlinkSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Folder, type FolderWish, O_PATH, withFolder } from './folder.ts';
import { type Objection, ours, oursAlone } from './objection.ts';
import { isWritableByOthers, type Refused, refusedFor } from './trust.ts';

const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
const MOST_LINKS = 8;

/** For reading. A link at the end is followed where nobody else can have made it. The caller closes the descriptor. */
export function openTrusted(path: string, objection: Objection, owner: FolderWish['owner'] = 'safe'): number | Refused {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const step = withFolder(dirname(target), { owner }, (folder) => {
      const name = basename(target);
      const opened = openRegular(folder.at(name), target, O_RDONLY, objection);
      if (typeof opened === 'number' || opened.refusal !== 'link') return opened;
      if (isWritableByOthers(fstatSync(folder.fd))) return { refusal: 'refused' as const, reason: opened.reason };
      return resolve(folder.path, readlinkSync(folder.at(name)));
    });
    if (typeof step !== 'string') return step;
    target = step;
  }
  return { refusal: 'refused', reason: `${path}: ELOOP` };
}

/** Input that the user named, whoever it belongs to and wherever links lead: a regular file, and nothing that waits or acts. */
export function openInput(path: string): number | Refused {
  let place: number | undefined;
  try {
    place = openSync(path, O_PATH);
    if (!fstatSync(place).isFile()) return { refusal: 'refused', reason: `${path} is not a regular file` };
    return openSync(`/proc/self/fd/${place}`, O_RDONLY | O_NONBLOCK);
  } catch (error) {
    return refusedFor(path, error);
  } finally {
    if (place !== undefined) closeSync(place);
  }
}

/** For reading and appending; made, mode 0600, where it is missing, with up to `make` folders above it. */
export function openForAppend(path: string, make: number): number | Refused {
  return withFolder(dirname(path), { owner: 'ours', make }, (folder) => {
    const place = folder.at(basename(path));
    for (;;) {
      const opened = openRegular(place, path, O_RDWR | O_APPEND, ours);
      if (typeof opened === 'number' || opened.refusal !== 'absent') return plain(opened);
      const made = create(place, path, O_RDWR | O_APPEND);
      if (typeof made === 'number' || !made.reason.endsWith(': EEXIST')) return made;
    }
  });
}

/**
 * A new file, mode 0600, for writing; its reason ends with EEXIST where the name is taken. With `mayEmpty` a file that is ours
 * alone is emptied instead. The folder may be anybody's unless `owner` says otherwise.
 */
export function createFile(
  path: string,
  { mayEmpty = false, owner = 'any' }: { readonly mayEmpty?: boolean; readonly owner?: FolderWish['owner'] } = {},
): number | Refused {
  return withFolder(dirname(resolve(path)), { owner }, (folder) => createIn(folder, basename(path), path, mayEmpty));
}

export function createIn(folder: Folder, name: string, path: string, mayEmpty = false): number | Refused {
  const made = create(folder.at(name), path, O_WRONLY);
  if (typeof made === 'number' || !mayEmpty || !made.reason.endsWith(': EEXIST')) return made;
  const opened = openRegular(folder.at(name), path, O_WRONLY, oursAlone);
  if (typeof opened === 'number') ftruncateSync(opened);
  return plain(opened);
}

function create(place: string, path: string, flags: number): number | Refused {
  try {
    return openSync(place, flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    return refusedFor(path, error);
  }
}

interface IsLink {
  readonly refusal: 'link';
  readonly reason: string;
}

/**
 * What lies behind the name is looked at first (O_PATH opens nothing: no fifo waits, no device acts), and then that very thing is
 * opened.
 */
function openRegular(place: string, path: string, flags: number, objection: Objection): number | Refused | IsLink {
  let looked: number | undefined;
  try {
    looked = openSync(place, O_PATH | O_NOFOLLOW);
    const stats = fstatSync(looked);
    if (stats.isSymbolicLink()) return { refusal: 'link', reason: `${path} is a link` };
    const fault = stats.isFile() ? objection(stats) : 'is not a regular file';
    if (fault !== undefined) return { refusal: 'refused', reason: `${path} ${fault}` };
    return openSync(`/proc/self/fd/${looked}`, flags | O_NONBLOCK);
  } catch (error) {
    return refusedFor(path, error);
  } finally {
    if (looked !== undefined) closeSync(looked);
  }
}

const plain = (opened: number | Refused | IsLink): number | Refused =>
  typeof opened === 'number' || opened.refusal !== 'link' ? opened : { refusal: 'refused', reason: opened.reason };
