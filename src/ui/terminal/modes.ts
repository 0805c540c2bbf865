// What the terminal is told when we take it over and when we give it back, and the clipboard sequence.
import { base64OfBytes } from '../../probe/model/base64.ts';
import { utf8Bytes } from '../../probe/model/bytes.ts';

/** Alternate screen, no cursor, no automatic wrap, pastes marked as such. */
export const ENTER_TERMINAL = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[m\x1b[2J';
/** All of it taken back, in reverse; mouse too, and an update that was begun is ended. Harmless when nothing was set. */
export const LEAVE_TERMINAL = '\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[m\x1b[?25h\x1b[?1049l';

/** Buttons and wheel, with positions beyond column 223 (SGR, 1006). Nothing at all is sent while the mouse is off. */
export const mouseMode = (isOn: boolean): string => (isOn ? '\x1b[?1000h\x1b[?1006h' : '\x1b[?1006l\x1b[?1000l');

/** Terminals take less than 75 kB (xterm: 100,000 characters of base64); an ID is at most 16 kB (a path of 4 KiB, escaped). */
const MOST_COPIED_BYTES = 65_536;

/** OSC 52: the terminal puts the text into the clipboard, also through ssh. Inside tmux it needs `set-clipboard on`. Undefined where it is too long. */
export function copyToClipboard(text: string): string | undefined {
  const bytes = utf8Bytes(text);
  if (bytes.length > MOST_COPIED_BYTES) return undefined;
  return `\x1b]52;c;${base64OfBytes(bytes)}\x07`;
}
