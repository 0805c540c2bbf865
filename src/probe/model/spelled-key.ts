// Keys that spell something: programmers write four letters into a key ('NTP0', 0x47505344 "GPSD"), and look for them.

const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** What `spelledKey` gave last: segments made in a row often have keys in a row, and the same key is asked for by each column. */
let lastKey = '';
let lastText: string | undefined;

/**
 * The text that a key (`0x4e545030`) spells, highest byte first, as a constant is written: `NTP0`. A program that copied the letters
 * into memory on a little-endian machine made the same the other way round: that way counts where it alone begins with a
 * letter. Undefined where a byte is no printable ASCII. One in fifty keys of chance spells something too: a hint, like any name.
 */
export function spelledKey(key: string): string | undefined {
  if (key !== lastKey) {
    lastKey = key;
    lastText = spell(key);
  }
  return lastText;
}

/** True where the key spells the text, in either order of its bytes and whatever the case. */
export function isSpelledBy(key: string, text: string): boolean {
  const spelled = spelledKey(key)?.toLowerCase();
  return spelled !== undefined && (spelled.includes(text) || reversed(spelled).includes(text));
}

function spell(key: string): string | undefined {
  const number = Number(key);
  let text = '';
  for (let shift = 24; shift >= 0; shift -= 8) {
    const code = (number >>> shift) & 0xff;
    if (code < FIRST_PRINTABLE || code > LAST_PRINTABLE) return undefined;
    text += String.fromCharCode(code);
  }
  return startsWithLetter(text) || !startsWithLetter(reversed(text)) ? text : reversed(text);
}

const reversed = (text: string) => [...text].reverse().join('');
const startsWithLetter = (text: string) => /^[A-Za-z]/.test(text);
