// The text of a prompt and its cursor: typed, pasted, deleted by character, word and line.

export interface LineEdit {
  readonly text: string;
  /** Index into the text, between characters. */
  readonly cursor: number;
}

export const newLine = (text = ''): LineEdit => ({ text, cursor: text.length });

/** Nobody types more; a paste of megabytes is cut here. */
const MOST_CHARS = 1000;

/** Pasted text may hold line ends and controls: they become blanks. The same line when there is no room for more. */
export function insertText(line: LineEdit, typed: string): LineEdit {
  const { text, cursor } = line;
  const room = Math.max(0, MOST_CHARS - text.length);
  const clean = wellFormed(typed.slice(0, room).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' '));
  if (clean === '') return line;
  return { text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length };
}

/** Without the half of a character that was cut in two. */
const wellFormed = (text: string) =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');

/** The line after an editing key; undefined where the key does not edit. */
export function editLine(line: LineEdit, key: string): LineEdit | undefined {
  const { text, cursor } = line;
  switch (key) {
    case 'backspace':
      return erase(line, previousStop(text, cursor), cursor);
    case 'delete':
    case 'ctrl-d':
      return erase(line, cursor, nextStop(text, cursor));
    case 'ctrl-w':
    case 'alt-backspace':
      return erase(line, text.slice(0, cursor).search(/\S*\s*$/), cursor);
    case 'ctrl-u':
      return erase(line, 0, cursor);
    case 'ctrl-k':
      return erase(line, cursor, text.length);
    case 'left':
    case 'ctrl-b':
      return { text, cursor: previousStop(text, cursor) };
    case 'right':
    case 'ctrl-f':
      return { text, cursor: nextStop(text, cursor) };
    case 'home':
    case 'ctrl-a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { text, cursor: text.length };
    default:
      return undefined;
  }
}

const erase = ({ text }: LineEdit, from: number, to: number): LineEdit => ({
  text: text.slice(0, from) + text.slice(to),
  cursor: from,
});

/** Marks stay with their letter; surrogate pairs stay whole. */
function previousStop(text: string, cursor: number): number {
  const found = /.\p{M}*$/su.exec(text.slice(0, cursor));
  return found ? cursor - found[0].length : 0;
}

function nextStop(text: string, cursor: number): number {
  const found = /^.\p{M}*/su.exec(text.slice(cursor));
  return found ? cursor + found[0].length : text.length;
}
