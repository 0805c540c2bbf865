// The never-touch list: objects that a person wants to keep, whatever is known of them. It only ever takes "abandoned" away.
import { type ByteString, escapeBytes } from '../bytes.ts';
import type { ShmObject, Verdict } from '../object.ts';

/** One thing that is not to be touched. `*` in the pattern stands for any bytes, also none, also a slash; `?` for one. */
export interface NeverEntry {
  /** `name`: in /dev/shm, with its slash, raw bytes, and all below it; `key`: `0x4e545030`; `user`: name or number of the owner. */
  readonly of: 'name' | 'key' | 'user';
  readonly pattern: ByteString;
  /** Where it stands, in words: `/etc/shmtop/config.toml line 12`. */
  readonly place: string;
}

export type NeverList = readonly NeverEntry[];

type Subject = Pick<ShmObject, 'kind' | 'rawName' | 'otherRawNames' | 'key' | 'uid' | 'user'>;

/** The entry that keeps the object; undefined: none does. */
export function protectingEntry(list: NeverList, subject: Subject): NeverEntry | undefined {
  return list.find((entry) => isMeant(entry, subject));
}

/** In words which entry it is: `keys "0x4e545030" in /etc/shmtop/config.toml line 12`. */
export const neverText = ({ of, pattern, place }: NeverEntry): string => `${of}s "${escapeBytes(pattern)}" in ${place}`;

const sparedBy = new WeakMap<NeverEntry, WeakMap<Verdict, Verdict>>();

/**
 * The verdict as it is for an object on the list: never better than `unheld` for whoever wants to remove it. The same verdict and
 * entry give the same object, as verdicts are compared and shared.
 */
export function spare(verdict: Verdict, subject: Subject, list: NeverList | undefined): Verdict {
  const entry = list === undefined || list.length === 0 ? undefined : protectingEntry(list, subject);
  if (!entry) return verdict;
  let known = sparedBy.get(entry);
  if (!known) {
    known = new WeakMap();
    sparedBy.set(entry, known);
  }
  let spared = known.get(verdict);
  if (!spared) {
    const state = verdict.state === 'in-use' || verdict.state === 'unknown' ? verdict.state : 'unheld';
    spared = { state, evidence: [...verdict.evidence, { code: 'never-touch', detail: neverText(entry) }] };
    known.set(verdict, spared);
  }
  return spared;
}

function isMeant({ of, pattern }: NeverEntry, { kind, rawName, otherRawNames = [], key, uid, user }: Subject): boolean {
  switch (of) {
    case 'key':
      return key !== undefined && matchesPattern(pattern, key.toLowerCase());
    case 'user':
      return (uid !== undefined && pattern === String(uid)) || (user !== undefined && matchesPattern(pattern, user));
    case 'name':
      return kind === 'posix' && [rawName, ...otherRawNames].some((name) => isAtOrBelow(pattern, name));
  }
}

function isAtOrBelow(pattern: ByteString, name: ByteString): boolean {
  if (matchesPattern(pattern, name)) return true;
  for (let slash = name.indexOf('/', 1); slash > 0; slash = name.indexOf('/', slash + 1)) {
    if (matchesPattern(pattern, name.slice(0, slash))) return true;
  }
  return false;
}

/** `*` and `?` against all of the text; time is at most pattern times text, whatever somebody named his file. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let starFrom = 0;
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      starFrom = from;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++starFrom;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
