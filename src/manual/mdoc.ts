// PURE: text as mdoc(7), the language of manual pages: short lines, a line for each sentence, nothing taken for a request.
const WIDTH = 78;

/** A page: title, section, date (as mdoc has it: November 28, 2026), one line of what it is, and its sections. */
export function page(
  title: string,
  section: number,
  date: string,
  about: string,
  sections: readonly (readonly [string, string])[],
): string {
  const head = [
    `.Dd ${date}`,
    `.Dt ${title.toUpperCase()} ${section}`,
    '.Os',
    '.Sh NAME',
    `.Nm ${title}`,
    `.Nd ${plain(about)}`,
  ];
  return `${[...head, ...sections.flatMap(([name, body]) => [`.Sh ${name}`, body])].join('\n')}\n`;
}

/** Running text; sentences begin lines. */
export function text(words: string): string {
  return words
    .replace(/([.!?]) (?=[A-Z])/g, '$1\n')
    .split('\n')
    .flatMap((sentence) => wrapped(sentence))
    .join('\n');
}

/** A list of terms, each with its macro (`Fl Fl json`, `Cm ls`), and what they mean. */
export function terms(rows: readonly (readonly [string, string])[]): string {
  const items = rows.map(([term, meaning]) => `.It ${term}\n${text(meaning)}`);
  return [`.Bl -tag -width Ds`, ...items, '.El'].join('\n');
}

/** As it stands, indented. */
export function display(lines: readonly string[]): string {
  return ['.Bd -literal -offset indent', ...lines.map((line) => guarded(escaped(line))), '.Ed'].join('\n');
}

/** One word of a macro: nothing in it is taken for another macro, a delimiter or several words. */
export function word(value: string): string {
  const inner = escaped(value).replaceAll('"', '\\(dq').replaceAll('-', '\\-');
  return `"${/^[\s.,:;()[\]?!|]+$/.test(inner) || /^[A-Z][a-z]$/.test(inner) ? `\\&${inner}` : inner}"`;
}

/** For a line that a macro began. */
function plain(value: string): string {
  return escaped(value).replaceAll('"', '\\(dq');
}

function wrapped(sentence: string): string[] {
  const lines: string[] = [];
  for (const part of escaped(sentence).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < WIDTH) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  return lines.filter((line) => line !== '').map(guarded);
}

/** A dot or an apostrophe at the beginning of a line would make it a request. */
const guarded = (line: string) => (/^[.']/.test(line) ? `\\&${line}` : line);

const GLYPHS: Readonly<Record<string, string>> = {
  '…': '...',
  '×': 'x',
  '←': 'Left',
  '→': 'Right',
  '↑': 'Up',
  '↓': 'Down',
  µ: 'u',
};

/** ASCII only: what has no name of its own becomes its number. */
function escaped(value: string): string {
  return value
    .replaceAll('\\', '\\e')
    .replace(
      /[^\x20-\x7e]/gu,
      (glyph) => GLYPHS[glyph] ?? `\\[u${(glyph.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
