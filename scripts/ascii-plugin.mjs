// A rolldown plugin: what is written is ASCII, every other character its escape.
// V8 keeps source with a single char beyond Latin-1 in two bytes a char: twice the memory, and 1 to 2 ms at every start.

export function asciiOnly() {
  return {
    name: 'ascii-only',
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) if (output.type === 'chunk') output.code = escaped(output.code);
    },
  };
}

/** Strings, templates and regular expressions read an escape as the character; a tagged template may not. */
function escaped(code) {
  if (/\b(?:String\.)?raw`[^`]*[^\x00-\x7f]/.test(code)) throw new Error('raw text cannot be written with escapes');
  return code.replace(/[^\x00-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
