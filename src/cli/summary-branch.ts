// One line of `shmtop summary`: a label, a bar, a number, a share, and what is to be said of it.
import { spellBytes } from '../ui/format/bytes.ts';
import { paint } from '../ui/format/colour.ts';
import { forLocale, glyphsFor } from '../ui/format/glyphs.ts';
import type { Style } from '../ui/format/style.ts';
import { fitText, truncateText } from '../ui/format/width.ts';

/** One line: how deep it stands, what it is called, how much it has. */
export interface Branch {
  readonly depth: 0 | 1 | 2;
  readonly label: string;
  readonly bytes: number;
  /** Behind the number. */
  readonly note: string;
}

const BAR = 12;
const WIDE_LABEL = 44;
/** Of a pipe. */
const WIDE = 100;
const NARROW = 60;
/** `all`: what its bar and its share are of. */
export function drawBranch(
  { depth, label, bytes, note }: Branch,
  all: number,
  style: Style,
  width: number | undefined,
): string {
  const { ellipsis } = glyphsFor(style);
  const share = all > 0 ? Math.max(0, Math.min(1, bytes / all)) : 0;
  const isExact = style.bytes === 'exact';
  const number = (isExact ? String(Math.round(bytes)) : signed(bytes, style)).padStart(isExact ? 15 : 7);
  const numbers = `${number} ${spellShare(share).padStart(5)}`;
  // Where it is narrow the bar goes first, then the note; the numbers stay.
  const bar = (width ?? WIDE) < NARROW ? '' : ` ${depth === 2 ? ' '.repeat(BAR) : barOf(share, style)}`;
  const labelWidth = Math.max(12, Math.min(WIDE_LABEL, (width ?? WIDE) - bar.length - numbers.length - 1));
  const name = fitText(`${'  '.repeat(depth)}${forLocale(label, style)}`, labelWidth, {
    align: 'left',
    ellipsis,
    cut: 'middle',
  });
  const room = (width ?? Number.POSITIVE_INFINITY) - labelWidth - bar.length - numbers.length - 3;
  const said = note === '' || room < 8 ? '' : `  ${truncateText(forLocale(note, style), room, ellipsis)}`;
  const line = `${name}${bar} ${numbers}`;
  return paint(line, depth === 0 ? 'header' : undefined, style) + (said === '' ? '' : paint(said, 'faint', style));
}

const signed = (bytes: number, style: Style) =>
  `${bytes < 0 ? '-' : ''}${spellBytes(Math.abs(Math.round(bytes)), style).replace(/ bytes?$/, '')}`;

function barOf(share: number, { unicode }: Style): string {
  const full = share > 0 ? Math.max(1, Math.round(share * BAR)) : 0;
  const [on, off] = unicode ? ['█', '░'] : ['#', '.'];
  return on.repeat(full) + off.repeat(BAR - full);
}

/** `<0.1%`, `3.4%`, `31%`. */
export const spellShare = (share: number) =>
  share > 0 && share < 0.001 ? '<0.1%' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
