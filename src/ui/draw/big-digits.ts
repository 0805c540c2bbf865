// Numbers three lines high, of half blocks: for the one figure that a screen is about.

const GLYPHS: Readonly<Record<string, readonly [string, string, string]>> = {
  '0': ['█▀█', '█ █', '▀▀▀'],
  '1': ['▀█ ', ' █ ', '▀▀▀'],
  '2': ['▀▀█', '█▀▀', '▀▀▀'],
  '3': ['▀▀█', ' ▀█', '▀▀▀'],
  '4': ['█ █', '▀▀█', '  ▀'],
  '5': ['█▀▀', '▀▀█', '▀▀▀'],
  '6': ['█▀▀', '█▀█', '▀▀▀'],
  '7': ['▀▀█', '  █', '  ▀'],
  '8': ['█▀█', '█▀█', '▀▀▀'],
  '9': ['█▀█', '▀▀█', '▀▀▀'],
  '.': [' ', ' ', '▀'],
  '-': ['   ', '▀▀▀', '   '],
};

/** Three lines of equal length for digits, a point and a dash; other characters are left out. */
export function bigDigits(text: string): readonly [string, string, string] {
  const glyphs = [...text].flatMap((char) => (GLYPHS[char] ? [GLYPHS[char]] : []));
  const line = (at: 0 | 1 | 2) => glyphs.map((glyph) => glyph[at]).join(' ');
  return [line(0), line(1), line(2)];
}
