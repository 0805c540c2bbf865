// What the terminal is told when we take it over and when we give it back, and the clipboard sequence.

/** Alternate screen, no cursor, no automatic wrap, pastes marked as such. */
export const ENTER_TERMINAL = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[m\x1b[2J';
/** All of it taken back, in reverse; mouse too, and an update that was begun is ended. Harmless when nothing was set. */
export const LEAVE_TERMINAL = '\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[m\x1b[?25h\x1b[?1049l';

/** Buttons and wheel, with positions beyond column 223 (SGR, 1006). Nothing at all is sent while the mouse is off. */
export const mouseMode = (isOn: boolean): string => (isOn ? '\x1b[?1000h\x1b[?1006h' : '\x1b[?1006l\x1b[?1000l');

/** OSC 52: the terminal puts the text into the clipboard, also through ssh. Inside tmux it needs `set-clipboard on`. */
export function copyToClipboard(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}
