// The content of an object, sixteen bytes a line, as hexdump(1) -C shows them; or why it cannot be read.

import { spellBytes } from '../format/bytes.ts';
import { formatHexdump } from '../format/hexdump.ts';
import { wrapText } from '../format/wrap.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { type State, shownData } from '../state/state.ts';
import { cutTo, fitTo, type Kit, kitOf, paintWith, spreadPieces } from './pen.ts';

export function drawContent(state: State): string[] {
  const kit = kitOf(state);
  const { width, height } = layoutScreen({ ...state, detail: undefined }).body;
  const { content } = state;
  if (!content) return [];
  const object = shownData(state).byId.get(content.id);
  const size = object?.sizeBytes;
  const end = `${content.offset}${size === undefined ? '' : ` of ${spellBytes(size, { bytes: 'exact' })}`} `;
  const title = spreadPieces(
    kit,
    [[` ${object?.shortId ?? content.id}`, 'column-title']],
    [[end, 'column-title']],
    width,
    'column-title',
  );
  return [title, ...bodyLines(kit, state, width, height - 2), noteLine(kit, state, width)];
}

function bodyLines(kit: Kit, state: State, width: number, height: number): string[] {
  const { peek, peekOffset = 0 } = state.content ?? {};
  const padded = (lines: string[]) =>
    [...lines, ...new Array<string>(Math.max(0, height - lines.length)).fill('')].slice(0, height);
  if (!peek) return padded(['', ` ${paintWith(kit, 'faint', 'Reading…')}`]);
  if ('refused' in peek) {
    const texts = [peek.refused, peek.advice ?? ''].flatMap((text) => wrapText(text, width - 2));
    return padded([
      '',
      ...texts.map((text, at) => ` ${paintWith(kit, at === 0 ? 'warning' : 'plain', cutTo(kit, text, width - 2))}`),
    ]);
  }
  if (peek.bytes.length === 0)
    return padded(['', ` ${paintWith(kit, 'faint', 'Nothing here: the end of the object.')}`]);
  const isNarrow = width < 79;
  return padded(
    [...formatHexdump([peek.bytes], peekOffset)].slice(0, height).map((line) => dumpLine(kit, line, width, isNarrow)),
  );
}

/** On a narrow terminal the letters come before the digits that do not fit. */
function dumpLine(kit: Kit, line: string, width: number, isNarrow: boolean): string {
  const letters = line.slice(60);
  const offset = paintWith(kit, 'faint', line.slice(0, 8));
  if (!isNarrow) return ` ${offset}${line.slice(8, 60)}${paintWith(kit, 'label', letters)}`;
  const room = Math.max(0, width - 9 - letters.length - 1);
  return `${offset} ${fitTo(kit, line.slice(10, 60), Math.min(50, room)).replace(/\S*.$/, (cut) => ' '.repeat(cut.length))}${paintWith(kit, 'label', letters)}`;
}

function noteLine(kit: Kit, state: State, width: number): string {
  const peek = state.content?.peek;
  return ` ${paintWith(kit, 'faint', cutTo(kit, peek && 'via' in peek ? `read through ${peek.via}` : '', width - 2))}`;
}
