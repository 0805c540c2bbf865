// Breaks sentences at blanks so that a terminal need not break them inside words.
import { paint, type Token } from './colour.ts';
import { displayWidth, splitText } from './width.ts';

/** Lines of at most `width` columns; those after the first start with `indent` blanks. A longer word keeps a line of its own. */
export function wrapText(text: string, width: number, indent = 0): string[] {
  const [first = '', ...words] = text.split(' ');
  const lines: string[] = [];
  let line = first;
  let used = displayWidth(first);
  for (const word of words) {
    const columns = displayWidth(word);
    if (used + 1 + columns > width && line.trim() !== '') {
      lines.push(line);
      line = ' '.repeat(indent) + word;
      used = indent + columns;
    } else {
      line += ` ${word}`;
      used += 1 + columns;
    }
  }
  return [...lines, line];
}

/** As `wrapText`, but a word that is longer than a line (a hostile name) goes on in the next, so that all of it can be read. */
export function wrapAll(text: string, width: number, indent = 0): string[] {
  return wrapText(text, width, indent).flatMap((line) => {
    if (displayWidth(line) <= width) return [line];
    const blanks = /^ */.exec(line)?.[0] ?? '';
    return splitText(line.slice(blanks.length), width - blanks.length).map((part) => blanks + part);
  });
}

/** As `wrapAll`; further lines are indented to where the text behind a label began (`round trip  p50 …`), if that is not too far. */
export function wrapLabelled(text: string, width: number): string[] {
  const label = /^(\S*(?: \S+)*\s{2,})?/.exec(text)?.[0] ?? '';
  return wrapAll(text, width, Math.min(displayWidth(label), width >> 1));
}

/** Coloured pieces side by side, as many to a line as fit; only a piece that is wider than a line is broken. */
export function wrapSpans(
  spans: readonly { readonly text: string; readonly token?: Token }[],
  { separator, width, style }: { separator: string; width: number | undefined; style: { readonly colour: boolean } },
): string[] {
  const most = width ?? Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  let used = 0;
  for (const { text, token } of spans) {
    const columns = displayWidth(text);
    const last = lines.at(-1);
    if (last !== undefined && used + separator.length + columns <= most) {
      lines[lines.length - 1] = `${last}${separator}${paint(text, token, style)}`;
      used += separator.length + columns;
    } else {
      for (const part of wrapText(text, most, 2)) lines.push(paint(part, token, style));
      used = columns;
    }
  }
  return lines;
}
