// IDs as other programs and people write them: /SYSV00005301 (maps, lsof), shmid=5 (strace), a key as a signed
// number (printf %d), /dev/shm/x, posix:x. What each may mean in our own form; nothing is said of whether it is there.
import { keyText } from './identity.ts';

/** proc_pid_maps(5), lsof(8): the name that the kernel gives to a segment is its key (ipc/shm.c, newseg). */
const SYSV = /^\/?SYSV([0-9a-f]{8})(?: ?\(deleted\))?$/i;
const SHMID = /^shmid[=:](\d{1,10})$/i;
const NUMBER = /^\d{1,10}$/;
/** The rest of a full id, `posix:0:27:12`: never a name, or whoever makes a file of that name would be meant when the object is gone. */
const FULL_ID = /^\d+:\d+:\d+$/;
const SHM = '/dev/shm/';

let lastWord = '';
let lastIds: readonly string[] = [];

/**
 * The IDs that a word in a foreign spelling may mean; none for a word in our own, and for a bare number, which `numberIds` reads. One
 * word is compared with many objects: the last one is remembered.
 */
export function spellingsElsewhere(word: string): readonly string[] {
  if (word !== lastWord) {
    lastIds = read(word);
    lastWord = word;
  }
  return lastIds;
}

function read(word: string): readonly string[] {
  if (word.startsWith(SHM))
    return word.length > SHM.length ? [`posix:/${word.slice(SHM.length)}`, `posix:${word}`] : [];
  const sysv = SYSV.exec(word)?.[1];
  // A file of that name may lie in /dev/shm, too.
  if (sysv !== undefined) return word.startsWith('/') ? [`0x${sysv}`, `posix:${word}`] : [`0x${sysv}`];
  const shmid = SHMID.exec(word)?.[1];
  if (shmid !== undefined) return [`sysv:${shmid}`];
  if (isNegativeKey(word)) return keyIds(word);
  const name = /^posix:([^/].*)$/.exec(word)?.[1];
  return name === undefined || FULL_ID.test(name) ? [] : [`posix:/${name}`];
}

/** `-559038737`: no shmid is negative. Its beginning has the form too, so it may be half typed. */
export const isNegativeKey = (word: string): boolean => /^-\d{1,10}$/.test(word);

/** What a bare number may be; undefined for all else, and for a number that is neither. */
export function numberIds(word: string): { readonly shmid: string; readonly key?: string } | undefined {
  if (!NUMBER.test(word)) return undefined;
  const [key] = keyIds(word);
  return { shmid: `sysv:${Number(word)}`, key };
}

/** key_t is a signed int, and printed as either: -559038737, 3735928559, 0xdeadbeef. */
function keyIds(text: string): readonly string[] {
  const number = Number(text);
  if (!(number >= -0x80000000 && number <= 0xffffffff)) return [];
  return [keyText(number >>> 0)];
}
