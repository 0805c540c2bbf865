// Signs that need Unicode, each with its ASCII stand-in, and the question whether the locale can show them.
import { utf8Bytes } from '../../probe/model/bytes.ts';
import type { VerdictState } from '../../probe/model/object.ts';

export interface Glyphs {
  readonly ellipsis: string;
  readonly times: string;
  readonly bullet: string;
  readonly dot: string;
  readonly pause: string;
  readonly verdict: Readonly<Record<VerdictState, string>>;
  readonly capability: Readonly<Record<'yes' | 'partly' | 'no', string>>;
}

const UNICODE: Glyphs = {
  ellipsis: '…',
  times: '×',
  bullet: '•',
  dot: '·',
  pause: '‖',
  verdict: { 'in-use': '●', abandoned: '✗', orphaned: '△', unheld: '○', unknown: '?' },
  capability: { yes: '✓', partly: '~', no: '✗' },
};

const ASCII: Glyphs = {
  ellipsis: '~',
  times: 'x',
  bullet: '-',
  dot: '-',
  pause: '||',
  verdict: { 'in-use': '*', abandoned: 'x', orphaned: '%', unheld: 'o', unknown: '?' },
  capability: { yes: '+', partly: '~', no: 'x' },
};

export function glyphsFor(style: { readonly unicode: boolean }): Glyphs {
  return style.unicode ? UNICODE : ASCII;
}

/** Does the locale say UTF-8 (locale(7): LC_ALL before LC_CTYPE before LANG, empty counts as unset)? */
export function isUtf8Locale(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/** The console of the kernel (console_codes(4)): its font has 256 or 512 glyphs, few of ours and few letters among them. */
export const isKernelConsole = ({ TERM }: Readonly<Record<string, string | undefined>>): boolean => TERM === 'linux';

/**
 * Text as an ASCII terminal may see it: every other character becomes the `\xHH` of its UTF-8 bytes, which is also how it
 * may be typed back. To an 8-bit terminal the second byte of a harmless letter can be a control (0x9b is CSI).
 */
export function asciiOnly(text: string): string {
  return text.replace(/[^\x00-\x7f]+/g, (run) =>
    utf8Bytes(run).replace(/[\s\S]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`),
  );
}

/** Text as the style's locale may see it. */
export function forLocale(text: string, style: { readonly unicode: boolean }): string {
  return style.unicode ? text : asciiOnly(text);
}
