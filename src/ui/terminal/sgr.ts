// SGR (ECMA-48 8.3.117) as a canonical style: what a cell looks like, as the parameters that make it so from plain.

/** `''` is plain; else parameters in a fixed order, such as `1;7;31`. Equal looks are equal strings. */
export type CellStyle = string;

/** Attribute that a parameter sets, and the one that takes it back. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '1': '22',
  '2': '22',
  '3': '23',
  '4': '24',
  '5': '25',
  '7': '27',
  '9': '29',
};

const known = new Map<string, CellStyle>();

/** The style after `ESC [ parameters m` came while `style` was in force. Remembers what it was asked: themes have few styles. */
export function applySgr(style: CellStyle, parameters: string): CellStyle {
  const key = `${style}|${parameters}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const next = compute(style, parameters);
  if (known.size > 2000) known.clear();
  known.set(key, next);
  return next;
}

function compute(style: CellStyle, parameters: string): CellStyle {
  const now = split(style === '' ? [] : style.split(';'));
  const given = parameters === '' ? ['0'] : parameters.split(';');
  for (const piece of pieces(given)) {
    const [first = '0'] = piece.split(';');
    if (first === '0' || first === '') now.clear();
    else if (isForeground(first)) now.set('foreground', piece);
    else if (isBackground(first)) now.set('background', piece);
    else if (first === '39') now.delete('foreground');
    else if (first === '49') now.delete('background');
    else if (first in ATTRIBUTES) now.set(first, first);
    else for (const [set, reset] of Object.entries(ATTRIBUTES)) if (reset === first) now.delete(set);
  }
  return [...Object.keys(ATTRIBUTES), 'foreground', 'background'].flatMap((slot) => now.get(slot) ?? []).join(';');
}

function split(parameters: readonly string[]): Map<string, string> {
  const slots = new Map<string, string>();
  for (const piece of pieces(parameters)) {
    const [first = ''] = piece.split(';');
    slots.set(isForeground(first) ? 'foreground' : isBackground(first) ? 'background' : first, piece);
  }
  return slots;
}

/** Joins `38;5;n` and `38;2;r;g;b` (and 48) into one piece each. */
function pieces(parameters: readonly string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < parameters.length; at++) {
    const first = parameters[at];
    const length = first === '38' || first === '48' ? (parameters[at + 1] === '2' ? 5 : 3) : 1;
    found.push(parameters.slice(at, at + length).join(';'));
    at += length - 1;
  }
  return found;
}

const isForeground = (first: string) => /^(3[0-8]|9[0-7])$/.test(first);
const isBackground = (first: string) => /^(4[0-8]|10[0-7])$/.test(first);
