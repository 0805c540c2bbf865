// What a regular expression says of the beginning of what it matches, read off its source.

/** The letters that all it matches begin with. */
export function literalStart(source: string): string {
  const found = /^\^((?:[\w @:,;=~%#!&/-]|\\[.\-/])*)/.exec(source)?.[1] ?? '';
  // The last letter may be one that is repeated, or may be missing.
  const next = source[found.length + 1] ?? '';
  const sure = /[*?{]/.test(next) ? found.replace(/\\?.$/, '') : found;
  return sure.replaceAll('\\', '');
}

/** The one letter that all it matches begin with; undefined where that is not certain. */
export function firstLetter({ source, flags }: RegExp): string | undefined {
  if (flags !== '' || countTopLevelAlternatives(source) !== 1) return undefined;
  const start = literalStart(source);
  return start === '' ? undefined : start[0];
}

/** Alternatives outside all groups and classes: with more than one, ^ and $ would each bind to one side only. */
export function countTopLevelAlternatives(source: string): number {
  let depth = 0;
  let inClass = false;
  let count = 1;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === '|' && depth === 0) count++;
  }
  return count;
}
