// Raw bytes as text, and the escaped form in which people see, type and copy them. Nothing raw reaches a terminal.

/**
 * Bytes from the kernel (names, comm, arguments), one char (0-255) a byte: comparable, cloneable, usable as a Map key.
 * Not text to show: `escapeBytes` makes that.
 */
export type ByteString = string;

const PLAIN = /^(?! )[\x20-\x5b\x5d-\x7e]*(?<! )$/;
// Letters, numbers, punctuation, symbols; not blanks that look like others, nothing invisible, no direction changes.
const PRINTABLE = /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{P}\p{S}]$/u;
const COMBINING = /^(?!\p{Default_Ignorable_Code_Point})\p{M}$/u;
const BRAILLE_BLANK = 0x2800;
const MAX_COMBINING_IN_A_ROW = 2;

const hexByte = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`;

/**
 * The form to show and to accept as an argument: printable UTF-8 as it is, a backslash doubled, every other byte
 * (controls, ESC, newline, invalid UTF-8, right-to-left overrides, invisible characters, blanks at either end) as `\xHH`.
 * `unescapeBytes` gives the bytes back exactly.
 */
export function escapeBytes(raw: ByteString): string {
  if (PLAIN.test(raw)) return raw;
  let text = '';
  let combining = MAX_COMBINING_IN_A_ROW; // a mark needs a base character of ours before it
  for (let at = 0; at < raw.length; ) {
    const [codePoint, length] = decodeUtf8(raw, at);
    const shown = codePoint === undefined ? undefined : printable(raw, at, codePoint, combining);
    if (shown === undefined) {
      for (let i = 0; i < length; i++) text += hexByte(raw.charCodeAt(at + i) & 0xff);
      combining = MAX_COMBINING_IN_A_ROW;
    } else {
      text += shown;
      combining = COMBINING.test(shown) ? combining + 1 : 0;
    }
    at += length;
  }
  return text;
}

function printable(raw: ByteString, at: number, codePoint: number, combining: number): string | undefined {
  if (codePoint === 0x5c) return '\\\\';
  if (codePoint === 0x20) return at === 0 || at === raw.length - 1 ? undefined : ' ';
  if (codePoint < 0x7f) return codePoint > 0x20 ? String.fromCharCode(codePoint) : undefined;
  if (codePoint === BRAILLE_BLANK) return undefined;
  const char = String.fromCodePoint(codePoint);
  if (PRINTABLE.test(char)) return char;
  return COMBINING.test(char) && combining < MAX_COMBINING_IN_A_ROW ? char : undefined;
}

/** The bytes that an escaped text stands for; other characters become their UTF-8. A lone backslash stays one. */
export function unescapeBytes(text: string): ByteString {
  return text.replace(/\\\\|\\x([0-9a-fA-F]{2})|[^\x00-\x7f]+/g, (match, hex?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return match === '\\\\' ? '\\' : utf8Bytes(match);
  });
}

/** What the bytes say in UTF-8; where they are none, each byte as the character of its number, so that nothing is lost. */
export function textOfBytes(raw: ByteString): string {
  if (!/[^\x00-\x7f]/.test(raw)) return raw;
  let text = '';
  for (let at = 0; at < raw.length; ) {
    const [codePoint, length] = decodeUtf8(raw, at);
    if (codePoint === undefined) return raw;
    text += String.fromCodePoint(codePoint);
    at += length;
  }
  return text;
}

/** The UTF-8 bytes of ordinary text, as a ByteString. */
export function utf8Bytes(text: string): ByteString {
  return unescapePercent(encodeURIComponent(text.toWellFormed()));
}

function unescapePercent(text: string): ByteString {
  return text.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Decodes one character at `at`: its code point (absent where the bytes are not UTF-8) and how many bytes it takes. */
function decodeUtf8(raw: ByteString, at: number): readonly [number | undefined, number] {
  const first = raw.charCodeAt(at);
  if (first < 0x80) return [first, 1];
  const length =
    first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
  if (length === 0 || at + length > raw.length) return [undefined, 1];
  let codePoint = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const next = raw.charCodeAt(at + i);
    if ((next & 0xc0) !== 0x80) return [undefined, 1];
    codePoint = (codePoint << 6) | (next & 0x3f);
  }
  const smallest = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint < smallest || codePoint > 0x10ffff || isSurrogate ? [undefined, 1] : [codePoint, length];
}
