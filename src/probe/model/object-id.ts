// The forms in which a person names an object: `sysv:5`, `sysv:5@NS`, `posix:/name`, `0x5301`, or the full id.
import { escapeBytes, unescapeBytes } from './bytes.ts';
import { isNegativeKey, spellingsElsewhere } from './foreign-id.ts';
import { posixShortId } from './identity.ts';
import type { ShmObject } from './object.ts';

const KEY = /^0x[0-9a-f]{1,8}$/i;
const ID = /^(sysv|posix|unlinked|memfd|anonymous|file):/;

/** Has it the form of a key? Its beginning has it too, so it may be half typed. */
export function isKey(word: string): boolean {
  return KEY.test(word) || isNegativeKey(word);
}

/** Is the word meant as an ID, whether such an object exists or not? */
export function looksLikeId(word: string): boolean {
  return KEY.test(word) || ID.test(word) || spellingsElsewhere(word).length > 0;
}

/**
 * Is it an ID of this object, also as others print it? A key is one in every IPC namespace; IPC_PRIVATE (0) is nobody's key. One
 * word may be that of several objects: whoever removes asks for exactly one.
 */
export function isIdOf(object: ShmObject, word: string): boolean {
  return isExactIdOf(object, word) || spellingsElsewhere(word).some((id) => isExactIdOf(object, id));
}

function isExactIdOf(object: ShmObject, word: string): boolean {
  if (KEY.test(word)) {
    const wanted = keyNumber(word);
    return object.key !== undefined && wanted !== 0 && keyNumber(object.key) === wanted;
  }
  if (object.id === word || object.shortId === word) return true;
  if (object.otherRawNames?.some((name) => posixShortId(name) === normalForm(word))) return true;
  const inNamespace = /^sysv:(\d+)@(\d+)$/.exec(word);
  if (inNamespace) return object.shmid === Number(inNamespace[1]) && object.ipcNamespace === inNamespace[2];
  return word.includes('\\') || /[^\x20-\x7e]/.test(word) ? object.shortId === normalForm(word) : false;
}

/** Was exactly this object's ID typed, as a consent to remove it? Shorter than what `isIdOf` accepts: no key, no full id. */
export function isTypedId(answer: string, { shortId }: ShmObject): boolean {
  return answer === shortId || normalForm(answer) === shortId;
}

let lastWord = '';
let lastForm = '';

/** The escaped form that `ls` would print for the same bytes. One word is compared with many objects: the last one is remembered. */
function normalForm(word: string): string {
  if (word !== lastWord) {
    const colon = word.indexOf(':') + 1;
    lastForm = word.slice(0, colon) + escapeBytes(unescapeBytes(word.slice(colon)));
    lastWord = word;
  }
  return lastForm;
}

/** `0x0052e2c1` as a number. */
export function keyNumber(key: string): number {
  return Number.parseInt(key, 16);
}

/** All ways in which a key is written: as ls does, without zeros, and in decimal as an unsigned and as a signed number. */
export function keySpellings(key: string): readonly string[] {
  const number = keyNumber(key);
  return [key, `0x${number.toString(16)}`, String(number), String(number | 0)];
}
