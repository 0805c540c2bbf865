// Finds the object that an ID argument means, or says why there is none.
import { numberIds } from '../probe/model/foreign-id.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { isIdOf, looksLikeId } from '../probe/model/object-id.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import type { CliContext } from './context.ts';
import { reportError } from './report.ts';
import { EXIT } from './usage.ts';

const MOST_CANDIDATES = 5;

type Found = { readonly object: ShmObject } | { readonly problem: string };
type Seen = Pick<Snapshot, 'objects' | 'host'>;

export interface FindOptions {
  /** `device:inode` of what lies at a path, for a path behind a link to /dev/shm; absent: paths are names only. */
  readonly fileAt?: CliContext['fileAt'];
  /** For what cannot be taken back: a bare number is a shmid, as for ipcrm(1), and what is only a key is to be said so. */
  readonly isCareful?: boolean;
}

/**
 * `word` is anything that `ls` prints as an ID, a key, the full id of the JSON, a path or name that starts with a slash, or one of
 * these as other programs write it. What may mean several objects means none, and all are named.
 */
export function findObject({ objects, host }: Seen, word: string, options: FindOptions = {}): Found {
  const number = numberIds(word);
  if (number) return findByNumber({ objects, host }, word, number, options);
  if (!looksLikeId(word) && !word.startsWith('/')) {
    const [named] = objects.filter((object) => isIdOf(object, `posix:/${word}`));
    const like = named
      ? `did you mean ${named.shortId}?`
      : 'IDs look like sysv:5, posix:/name or 0x5301 (see shmtop ls)';
    return { problem: `'${word}' is no ID: ${like}` };
  }
  if (/^\/?SYSV0{8}\b/i.test(word) || /^0x0+$/i.test(word)) return { problem: ofNoKey(word) };
  const found = objects.filter((object) => isIdOf(object, word) || isIdOf(object, `posix:${word}`));
  if (found.length > 0 || !word.startsWith('/')) return oneOf(found, host, word);
  const file = options.fileAt?.(word);
  // Never with a gap: a path that leads to nothing means nothing.
  return oneOf(
    file === undefined ? [] : objects.filter(({ device, inode }) => `${device}:${inode}` === file),
    host,
    word,
  );
}

/** `/SYSV00000000` in maps is every segment that was made without a key. */
const ofNoKey = (word: string) =>
  `${word} is the key of every segment that was made without one (IPC_PRIVATE): give its shmid, such as sysv:5 (the inode in /proc/PID/maps)`;

function findByNumber(
  { objects, host }: Seen,
  word: string,
  { shmid, key }: NonNullable<ReturnType<typeof numberIds>>,
  { isCareful }: FindOptions,
): Found {
  const byShmid = objects.filter((object) => isIdOf(object, shmid));
  const byKey = key === undefined ? [] : objects.filter((object) => isIdOf(object, key));
  const found = [...new Set([...byShmid, ...byKey])];
  const [first] = byKey;
  if (isCareful && byShmid.length === 0 && first) {
    return { problem: `${word} is no shmid here, but the key of ${first.shortId} (${key}): name it so` };
  }
  if (found.length > 0) return oneOf(found, host, word);
  const elsewhere = objects.find((object) => object.shmid === Number(word));
  if (elsewhere) return { problem: `there is no segment ${shmid} in this IPC namespace; ${elsewhere.shortId} is one` };
  const asKey = key === undefined ? '' : `, and none with the key ${key}`;
  return { problem: `there is no segment ${shmid}${asKey} (see shmtop ls)` };
}

function oneOf(found: readonly ShmObject[], host: Snapshot['host'], word: string): Found {
  const [object, ...more] = found;
  if (object === undefined) return { problem: `there is no shared memory object ${word} (see shmtop ls)` };
  if (more.length === 0) return { object };
  const isOneKey = found.every(({ key }) => key === object.key);
  // A key is one in every IPC namespace: ours is meant. A number, or a name that looks like a key, may be two different things here.
  const own = found.filter(({ ipcNamespace }) => ipcNamespace !== undefined && ipcNamespace === host.ipcNamespace);
  const [ours] = own;
  if (ours !== undefined && own.length === 1 && isOneKey) return { object: ours };
  const names = found.slice(0, MOST_CANDIDATES).map(({ shortId, id, key }) => {
    const name = isUnique(found, shortId) ? shortId : id;
    return isOneKey || key === undefined || Number(key) === 0 ? name : `${name} (key ${key})`;
  });
  const rest = found.length > MOST_CANDIDATES ? ' and more' : '';
  return { problem: `${word} means ${found.length} objects: name one of ${names.join(', ')}${rest}` };
}

function isUnique(objects: readonly ShmObject[], shortId: string): boolean {
  return objects.filter((object) => object.shortId === shortId).length === 1;
}

/** The IDs among filter words that nothing here has. */
export function missingIds({ objects }: Pick<Snapshot, 'objects'>, words: readonly string[]): readonly string[] {
  return words.filter((word) => looksLikeId(word) && !objects.some((object) => isIdOf(object, word)));
}

export const noObject = (word: string): string => `there is no shared memory object ${word}`;

/** Tells of those; the exit code that follows. */
export function reportMissing(context: CliContext, seen: Pick<Snapshot, 'objects'>, words: readonly string[]): number {
  const missing = missingIds(seen, words);
  for (const word of missing) reportError(context, noObject(word));
  return missing.length > 0 ? EXIT.notDone : EXIT.done;
}
