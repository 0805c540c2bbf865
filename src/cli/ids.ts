// Finds the object that an ID argument means, or says why there is none.
import type { ShmObject } from '../probe/model/object.ts';
import { isIdOf, looksLikeId } from '../probe/model/object-id.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';

const MOST_CANDIDATES = 5;

/** `word` is anything that `ls` prints as an ID, a key, the full id of the JSON, or a path or name that starts with a slash. */
export function findObject(
  { objects, host }: Pick<Snapshot, 'objects' | 'host'>,
  word: string,
): { readonly object: ShmObject } | { readonly problem: string } {
  const wanted = idOf(word);
  if (wanted === undefined) {
    return { problem: `'${word}' is no ID: IDs look like sysv:5, posix:/name or 0x5301 (see shmtop ls)` };
  }
  const found = objects.filter((object) => isIdOf(object, wanted));
  const [object, ...more] = found;
  if (object === undefined) return { problem: `there is no shared memory object ${word} (see shmtop ls)` };
  if (more.length === 0) return { object };
  const own = found.filter(({ ipcNamespace }) => ipcNamespace !== undefined && ipcNamespace === host.ipcNamespace);
  const [ours] = own;
  if (ours !== undefined && own.length === 1) return { object: ours };
  const names = found.slice(0, MOST_CANDIDATES).map(({ shortId, id }) => (isUnique(found, shortId) ? shortId : id));
  const rest = found.length > MOST_CANDIDATES ? ' and more' : '';
  return { problem: `${word} means ${found.length} objects: name one of ${names.join(', ')}${rest}` };
}

function isUnique(objects: readonly ShmObject[], shortId: string): boolean {
  return objects.filter((object) => object.shortId === shortId).length === 1;
}

/** The word in the form of an ID: `/dev/shm/x` and `/x` are names of POSIX objects. */
function idOf(word: string): string | undefined {
  if (looksLikeId(word)) return word;
  if (!word.startsWith('/')) return undefined;
  return `posix:${word.startsWith('/dev/shm/') ? word.slice('/dev/shm'.length) : word}`;
}
