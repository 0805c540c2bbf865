// Base64 (RFC 4648) of raw bytes, both ways: the standard library of pure code has none.
import type { ByteString } from './bytes.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));

/** With its padding. Bytes only: of a character beyond 255 the lowest eight bits count. */
export function base64OfBytes(raw: ByteString): string {
  let text = '';
  for (let at = 0; at < raw.length; at += 3) {
    const count = Math.min(3, raw.length - at);
    let bits = 0;
    for (let i = 0; i < 3; i++) bits = (bits << 8) | (i < count ? raw.charCodeAt(at + i) & 0xff : 0);
    for (let digit = 0; digit < 4; digit++)
      text += digit > count ? '=' : DIGITS.charAt((bits >> (18 - 6 * digit)) & 63);
  }
  return text;
}

/** The bytes of a base64 text, its padding there or not; undefined for what is none, blanks included. */
export function bytesOfBase64(text: string): ByteString | undefined {
  const [digits, padding] = text.length % 4 === 0 ? parted(text) : [text, ''];
  if (digits.length % 4 === 1 || padding.length > 2) return undefined;
  let raw = '';
  let bits = 0;
  let width = 0;
  for (const digit of digits) {
    const value = VALUES.get(digit);
    if (value === undefined) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    width += 6;
    if (width < 8) continue;
    width -= 8;
    raw += String.fromCharCode((bits >> width) & 0xff);
  }
  return raw;
}

function parted(text: string): readonly [string, string] {
  const digits = text.replace(/={1,2}$/, '');
  return [digits, text.slice(digits.length)];
}
