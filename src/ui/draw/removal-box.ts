// The box of a removal over the table: what it says, its buttons, or the line in which an id is typed.
import { displayWidth } from '../format/width.ts';
import type { RemovalBox, Typed } from '../state/removal.ts';
import { type BoxPlace, FRAME, layoutBox, TITLE_FRAME } from '../state/removal-box.ts';
import type { State } from '../state/state.ts';
import { cutTo, joinPieces, type Kit, kitOf, type Piece, paintWith } from './pen.ts';

export interface DrawnBox extends BoxPlace {
  readonly lines: readonly string[];
}

export function drawRemovalBox(state: State, removal: RemovalBox): DrawnBox {
  const kit = kitOf(state);
  const place = layoutBox(state, removal);
  const { width, height, bodyHeight, content } = place;
  const top = Math.max(0, Math.min(removal.top, content.count - bodyHeight));
  const body = Array.from({ length: bodyHeight }, (_, line) => {
    const { text = '', token } = top + line < content.count ? content.at(top + line) : {};
    return framed(kit, [[text, token]], width);
  });
  const above = top > 0 ? ` ${kit.boxes.up} ${top} more ` : '';
  const below = content.count - top - bodyHeight;
  const lines = [
    edge(kit, width, content.title, above, 'top'),
    ...body,
    ...footer(kit, removal, place),
    edge(kit, width, '', below > 0 ? ` ${kit.boxes.down} ${below} more ` : '', 'bottom'),
  ];
  return { ...place, lines: lines.slice(0, height) };
}

function footer(kit: Kit, removal: RemovalBox, { width, footerHeight }: BoxPlace): string[] {
  if (removal.kind === 'typed') return [framed(kit, [hintOf(removal)], width), typedLine(kit, removal, width)];
  const buttons = buttonsOf(kit, removal);
  const used = buttons.reduce((sum, [text]) => sum + displayWidth(text), 0);
  const left = ' '.repeat(Math.max(0, Math.floor((width - FRAME - used) / 2)));
  const line = framed(kit, [[left], ...buttons], width);
  return footerHeight === 1 ? [line] : [framed(kit, [], width), line];
}

/** The marked button has an arrow, the dangerous one an exclamation mark: both can be told without colour. */
function buttonsOf(kit: Kit, removal: Exclude<RemovalBox, Typed>): Piece[] {
  if (removal.kind === 'told') return [[`${kit.boxes.closed}[ Close ]`, 'selected']];
  const { question, isRemoveMarked } = removal;
  const { goes, forced } = question;
  if (goes === 0 && !forced) return [[`${kit.boxes.closed}[ Close ]`, 'selected']];
  const what = forced ? 'Type its ID' : goes === 1 ? 'Remove' : `Remove ${goes}`;
  const sign = (isMarked: boolean) => (isMarked ? kit.boxes.closed : ' ');
  return [
    [`${sign(!isRemoveMarked)}[ Cancel ]`, isRemoveMarked ? 'value' : 'selected'],
    ['   '],
    [`${sign(isRemoveMarked)}[ ! ${what} ]`, isRemoveMarked ? 'danger' : 'value'],
  ];
}

function hintOf({ problem }: Typed): Piece {
  switch (problem) {
    case 'other':
      return ['That is not its ID. Esc keeps it.', 'bad'];
    case 'too-fast':
      return ['That came as fast as a paste: press Enter once more.', 'warning'];
    case undefined:
      return ['Enter removes, Esc keeps it.', 'faint'];
  }
}

/** The end of what is typed stays in sight, with the cursor. */
function typedLine(kit: Kit, { line: { text, cursor } }: Typed, width: number): string {
  const room = Math.max(4, width - FRAME - 3);
  let start = 0;
  while (displayWidth(text.slice(start, cursor)) > room - 1) start++;
  return framed(
    kit,
    [
      [`${kit.boxes.closed} `, 'accent'],
      [text.slice(start, cursor), 'prompt'],
      [text.slice(cursor, cursor + 1) || ' ', 'selected'],
      [text.slice(cursor + 1), 'prompt'],
    ],
    width,
  );
}

function framed(kit: Kit, pieces: readonly Piece[], width: number): string {
  const side = paintWith(kit, 'border', kit.boxes.vertical);
  return `${side} ${joinPieces(kit, pieces, Math.max(0, width - FRAME))} ${side}`;
}

function edge(kit: Kit, width: number, text: string, note: string, which: 'top' | 'bottom'): string {
  const title = text === '' ? '' : ` ${cutTo(kit, text, width - TITLE_FRAME - displayWidth(note))} `;
  const [topLeft, topRight, bottomLeft, bottomRight] = kit.boxes.corners;
  const [left, right] = which === 'top' ? [topLeft, topRight] : [bottomLeft, bottomRight];
  const rest = kit.boxes.horizontal.repeat(Math.max(0, width - 3 - displayWidth(title) - displayWidth(note)));
  return (
    paintWith(kit, 'border', left) +
    paintWith(kit, 'title', title) +
    paintWith(kit, 'border', rest) +
    paintWith(kit, 'accent', note) +
    paintWith(kit, 'border', kit.boxes.horizontal + right)
  );
}
