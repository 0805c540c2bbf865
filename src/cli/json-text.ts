// JSON as it is written to standard output, which may be a terminal: no byte of it can control one.

const USUAL = /^[\x20-\x7e]*$/;
/** JSON.stringify writes DEL, C1 controls (0x9b is CSI to a terminal), invisible characters and direction changes as they are. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** As JSON.stringify without indentation; all that no terminal should get is written as `\uXXXX`, which says the same. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return USUAL.test(text) ? text : text.replace(UNSAFE, escapeUnits);
}

function escapeUnits(char: string): string {
  let escaped = '';
  for (let at = 0; at < char.length; at++) escaped += `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return escaped;
}
