// The choices of a load: a list with what each value means, or one line below the figures of the last load.
import { exactSizeText } from '../../load/model/size.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import { LOAD_FIELDS, type LoadField } from '../format/load-fields.ts';
import { formatCount } from '../format/load-numbers.ts';
import { wrapText } from '../format/wrap.ts';
import { chosenOption, demandOf } from '../state/load-choices.ts';
import type { FormLayout } from '../state/load-layout.ts';
import type { State } from '../state/state.ts';
import type { UiToken } from '../theme.ts';
import { firstFitting, fitTo, joinPieces, type Kit, type Piece, paintWith } from './pen.ts';

const QUESTIONS = ['How fast is shared memory here, and is it really moving?', 'How fast is shared memory here?'];
/** Below this the meaning of a value stands nowhere but below the list. */
const NARROW = 60;
const TITLE_WIDTH = 14;
const VALUE_WIDTH = 13;

/** Exactly as many lines as the layout says, none wider. */
export function drawForm(kit: Kit, state: State, { width, height, intro, top, shown, first }: FormLayout): string[] {
  const isFixed = state.load.phase !== 'idle';
  const lines = [joinPieces(kit, [[` ${firstFitting(kit, QUESTIONS, width - 2)}`, 'accent']], width)];
  for (const text of intro) lines.push(joinPieces(kit, [[` ${text}`, 'faint']], width));
  if (top > lines.length) lines.push(' '.repeat(width), drawHeading(kit, width, isFixed));
  const at = state.lists.throughput.selectedAt;
  for (let index = first; index < first + shown; index++)
    lines.push(drawField(kit, state, itemAt(LOAD_FIELDS, index), width, index === at, isFixed));
  const below = belowForm(kit, state, LOAD_FIELDS[at] ?? itemAt(LOAD_FIELDS, 0), width, height - lines.length);
  return [...lines, ...below].slice(0, height);
}

function drawHeading(kit: Kit, width: number, isFixed: boolean): string {
  const left = fitTo(kit, '  CHOICE', TITLE_WIDTH + 2) + fitTo(kit, '  VALUE', VALUE_WIDTH);
  return paintWith(kit, 'column-title', fitTo(kit, `${left}${isFixed ? ' (fixed while it runs)' : ' MEANS'}`, width));
}

function drawField(
  kit: Kit,
  { settings }: State,
  field: LoadField,
  width: number,
  isSelected: boolean,
  isFixed: boolean,
): string {
  const { text, meaning } = chosenOption(field, settings.load);
  const selection = isSelected && !isFixed ? 'selected' : undefined;
  const [left, right] = isSelected && !isFixed ? arrows(kit) : [' ', ' '];
  const pieces: Piece[] = [
    [`  ${fitTo(kit, field.title, TITLE_WIDTH)}`, selection ?? (isFixed ? 'faint' : 'label')],
    [fitTo(kit, `${left} ${text} ${right}`, VALUE_WIDTH), selection ?? 'value'],
    [width < NARROW ? '' : ` ${meaning}`, selection ?? (isFixed ? 'faint' : 'plain')],
  ];
  return joinPieces(kit, pieces, width, selection);
}

/** What the selected choice is about, its other values as far as there is room, and whether all this could run. */
function belowForm(kit: Kit, state: State, field: LoadField, width: number, height: number): string[] {
  const end = endLines(kit, state, width, height);
  const { meaning } = chosenOption(field, state.settings.load);
  if (height < 4)
    return width < NARROW && height >= 2 ? [joinPieces(kit, [[` ${meaning}`, 'faint']], width), ...end] : end;
  const about = wrapText(field.about, width - 2).map((text) => joinPieces(kit, [[` ${text}`, 'plain']], width));
  const room = height - about.length - end.length - 3;
  const options = room >= 3 ? [' '.repeat(width), ...optionLines(kit, state, field, width, room)] : [];
  const blank = ' '.repeat(width);
  return [blank, ...about, ...options, blank, ...end];
}

function optionLines(kit: Kit, state: State, { options }: LoadField, width: number, room: number): string[] {
  const at = options.findIndex(({ isIn }) => isIn(state.settings.load));
  const shown = Math.min(options.length, room);
  const first = Math.max(0, Math.min(at - Math.floor(shown / 2), options.length - shown));
  return options.slice(first, first + shown).map(({ text, meaning }, index) => {
    const isChosen = first + index === at;
    const sign = isChosen ? (kit.style.unicode ? '●' : '*') : ' ';
    const token: UiToken = isChosen ? 'value' : 'faint';
    return joinPieces(
      kit,
      [
        [`  ${sign} `, 'accent'],
        [fitTo(kit, text, 11), token],
        [meaning, token],
      ],
      width,
    );
  });
}

function endLines(kit: Kit, state: State, width: number, height: number): string[] {
  const { problem, phase } = state.load;
  if (phase !== 'idle') return [];
  if (problem) {
    return wrapText(problem.message, width - 4)
      .slice(0, Math.max(1, height))
      .map((text, at) => joinPieces(kit, [[at === 0 ? ` ${cross(kit)} ${text}` : `   ${text}`, 'bad']], width));
  }
  const { processes, segmentBytes, slots } = demandOf(state.settings.load);
  const size = exactSizeText(segmentBytes);
  const makes = [
    `starts ${processes} processes and a segment of ${size}, ${formatCount(slots).replace('.00', '')} slots`,
    `starts ${processes} processes, ${size}`,
  ];
  return [
    joinPieces(
      kit,
      [
        [' l ', 'key-label'],
        [` ${firstFitting(kit, makes, width - 5)}`, 'plain'],
      ],
      width,
    ),
  ];
}

/** The choices in one line, the selected one marked, in a second what it means; a third sets them apart. */
export function drawStrip(kit: Kit, state: State, width: number, lines: number): string[] {
  if (lines === 0) return [];
  const at = state.lists.throughput.selectedAt;
  const selected = LOAD_FIELDS[at] ?? itemAt(LOAD_FIELDS, 0);
  const { problem } = state.load;
  const [left, right] = arrows(kit);
  const named = (field: LoadField): Piece[] => {
    const { text } = chosenOption(field, state.settings.load);
    const isSelected = field === selected;
    return [
      [
        isSelected ? `${left} ${field.title} ${text} ${right}` : withUnit(field, text),
        isSelected ? 'selected' : 'value',
      ],
      ['  '],
    ];
  };
  const isShort = width < 76;
  const fields = isShort ? [selected] : LOAD_FIELDS;
  const position = isShort ? [[`${at + 1} of ${LOAD_FIELDS.length}  `, 'faint'] satisfies Piece] : [];
  const pieces: Piece[] = [[' l ', 'key-label'], [' ', 'plain'], ...fields.flatMap(named), ...position];
  const { meaning } = chosenOption(selected, state.settings.load);
  const second: Piece = problem
    ? [` ${cross(kit)} ${problem.message}`, 'bad']
    : [`   ${selected.title}: ${meaning}`, 'faint'];
  const strip = [joinPieces(kit, pieces, width), joinPieces(kit, [second], width)];
  return (lines > 2 ? [' '.repeat(width), ...strip] : strip).slice(0, lines);
}

/** A bare number says nothing in a row of values. */
const withUnit = ({ id }: LoadField, text: string) =>
  id === 'pairs' ? `${text} pair${text === '1' ? '' : 's'}` : text;
const arrows = ({ style }: Kit): readonly [string, string] => (style.unicode ? ['◂', '▸'] : ['<', '>']);
const cross = ({ style }: Kit) => (style.unicode ? '✗' : 'x');
