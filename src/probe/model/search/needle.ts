// What of a name is worth a search of memory: the part that nobody would have by chance.
import type { ByteString } from '../bytes.ts';

/** Bits below which a match may be chance or a word: 2^28 names, against some 2^32 places in a few gigabytes, but of text few. */
const LEAST_BITS = 28;

/** Families whose names are known to be drawn by lot, whatever came out: Python's tempfile and mkstemp(3). */
const DRAWN = /\/(?:sem\.(?:mp-|loky-\d{1,7}-)(?<part>[a-z0-9_]{8}))$/;

/**
 * The random part of a name in /dev/shm (`6a16b91e` of `/psm_6a16b91e`): the token that says most, of those that look as if drawn by
 * lot: letters with digits among them, capitals inside, or eight digits and more. Undefined: a word, or too short.
 */
export function randomPart(rawName: ByteString): ByteString | undefined {
  const drawn = DRAWN.exec(rawName)?.groups?.part;
  if (drawn !== undefined) return drawn;
  let best: string | undefined;
  let most = 0;
  for (const token of rawName.match(/[A-Za-z0-9]+/g) ?? []) {
    const bits = looksRandom(token) ? token.length * bitsPerLetter(token) : 0;
    if (bits >= LEAST_BITS && bits > most) {
      best = token;
      most = bits;
    }
  }
  return best;
}

function looksRandom(token: string): boolean {
  if (/^\d+$/.test(token)) return token.length >= 8;
  if (/^[0-9a-f]{8,}$/.test(token)) return true;
  if (!/\d/.test(token)) return false;
  // `v2`, `ring0`, `2nd`: digits at one end alone are how people number things; capitals inside are not.
  return /\d/.test(token.replace(/^\d{1,3}|\d{1,3}$/g, '')) || (token.match(/[a-z][A-Z]/g)?.length ?? 0) >= 2;
}

function bitsPerLetter(token: string): number {
  if (/^\d+$/.test(token)) return 3.3;
  if (/^[0-9a-f]+$/.test(token)) return 4;
  return /[A-Z]/.test(token) && /[a-z]/.test(token) ? 5.9 : 5.1;
}
