// A text as one word of a shell's command line: what is copied is pasted there, and names are chosen by whoever made the object.

/** Nothing in it means anything to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** As it is where that is safe, else in single quotes, in which a shell expands nothing. The text has no control characters. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Can it be typed as it is shown? In what is shown escaped a backslash begins something else. */
export const isTypable = (text: string): boolean => /^[\x20-\x5b\x5d-\x7e]+$/.test(text);
