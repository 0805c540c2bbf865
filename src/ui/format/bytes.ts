// Byte counts as people write them: `1.0K`, `12.3M`, `1023K` (powers of 1024), and back.

const UNITS = 'KMGTPEZY';

/** At most five characters: `56`, `1.0K`, `12.3M`, `1023K`. Powers of 1024, rounded to the nearest. */
export function formatIecBytes(bytes: number): string {
  let value = bytes;
  let unit = '';
  for (let next = 0; value >= 1023.5 && next < UNITS.length; next++) {
    value /= 1024;
    unit = UNITS.charAt(next);
  }
  if (unit === '') return String(Math.round(value));
  return `${value < 99.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/** As the style wants it: short, or every digit. */
export function formatBytes(bytes: number, style: { readonly bytes: 'iec' | 'exact' }): string {
  return style.bytes === 'exact' ? String(bytes) : formatIecBytes(bytes);
}

/** For sentences: `56 bytes`, `1.0K`. */
export function spellBytes(bytes: number, style: { readonly bytes: 'iec' | 'exact' }): string {
  if (bytes === 1) return '1 byte';
  return bytes < 1024 || style.bytes === 'exact' ? `${bytes} bytes` : formatIecBytes(bytes);
}

/**
 * Bytes meant by `4096`, `512K`, `1.5G`, `2GiB`, `10MB`: all units are powers of 1024. Absent where it is none of these
 * or more than a number can hold exactly.
 */
export function parseBytes(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?|\.\d+)(?:([kmgtpe])(?:i?b)?|b)?$/i.exec(text);
  if (!found) return undefined;
  const exponent = found[2] === undefined ? 0 : UNITS.indexOf(found[2].toUpperCase()) + 1;
  const bytes = Math.round(Number(found[1]) * 1024 ** exponent);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** For a refusal: what a size looks like. */
export const BYTES_WORDS = 'bytes, such as 4096, 512K or 1.5G';
