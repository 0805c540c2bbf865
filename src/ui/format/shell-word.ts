// A text as one word of a shell's command line: what is copied is pasted there, and names are chosen by whoever made the object.

/** Nothing in it means anything to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** As it is where that is safe, else in single quotes, in which a shell expands nothing. The text has no control characters. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
