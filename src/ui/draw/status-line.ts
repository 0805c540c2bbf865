// The line above the key bar: the prompt while one is open, else a message, else what is filtered, tagged and sorted.

import { reliefText } from '../format/relief-words.ts';
import { SUM_WORDS } from '../format/sum-words.ts';
import { displayWidth } from '../format/width.ts';
import { isAble } from '../state/binding.ts';
import { rowRelief, taggedRelief } from '../state/relief.ts';
import { screenOf } from '../state/screens.ts';
import { hasMatch } from '../state/search.ts';
import { selectedRow } from '../state/select.ts';
import type { Prompt, State } from '../state/state.ts';
import { joinPieces, type Kit, kitOf, type Piece, spreadPieces } from './pen.ts';
import { drawRemovalStatus } from './removal-status.ts';

const PROMPTS: Readonly<Record<Prompt['kind'], string>> = {
  filter: 'Filter: ',
  search: 'Search: ',
  'help-filter': 'Find in help: ',
};

/** Characters without a width are shown with the one before them: as many as this for each column. */
const MOST_MARKS = 4;

export function drawStatus(state: State): string {
  const kit = kitOf(state);
  if (state.prompt) return drawPrompt(kit, state, state.prompt);
  const removal = drawRemovalStatus(kit, state);
  if (removal !== undefined) return removal;
  const screen = screenOf(state.screen);
  const left: Piece[] = [];
  if (state.message) {
    left.push([` ${state.message.text}`, state.message.kind]);
    return joinPieces(kit, left, state.columns);
  }
  if (state.filter.text !== '') left.push([` filter: ${state.filter.text} `, 'chip'], [' ']);
  if (state.filter.problem !== undefined) left.push([`${state.filter.problem} `, 'warning']);
  if (state.isOnlyLeftovers) left.push([' only what nobody holds ', 'chip'], [' ']);
  const { onlyOwner } = state;
  if (onlyOwner) left.push([` ${SUM_WORDS[onlyOwner.by].one} ${onlyOwner.label} `, 'chip'], [' ']);
  if (state.search !== '') left.push([` search: ${state.search} `, 'chip'], [' ']);
  const gives = taggedRelief(state);
  if (gives) {
    const text = reliefText(gives, state.unicode, state.whereOf?.ceilingId);
    left.push([` ${state.tags.size} tagged${text === undefined ? '' : `, ${text}`} `, 'chip'], [' ']);
  }
  const chip = screen.chip?.(state);
  if (chip !== undefined) left.push([` ${chip} `, 'chip'], [' ']);
  const row = rowRelief(state);
  const rowText = row && reliefText(row, state.unicode, state.whereOf?.ceilingId);
  if (rowText !== undefined) left.push([`${isAble(state.abilities, 'remove') ? 'd' : 'removal'} ${rowText} `, 'good']);
  const wrong = state.configProblems?.length ?? 0;
  if (wrong > 0) left.push([` settings: ${wrong} wrong, ? tells `, 'warning']);
  if (left.length === 0) left.push([' ']);
  return spreadPieces(kit, left, [[screen.position?.(state, selectedRow(state)) ?? '', 'faint']], state.columns);
}

/** The cursor is drawn, since the terminal's own is hidden; the text scrolls when it is longer than the line. */
function drawPrompt(kit: Kit, state: State, { kind, line }: Prompt): string {
  const label = ` ${PROMPTS[kind]}`;
  const problem = kind === 'filter' && state.filter.problem !== undefined ? `  ${state.filter.problem}` : '';
  const hint =
    problem !== '' ? problem : kind === 'search' && state.search !== '' && !hasMatch(state) ? '  not found' : '';
  const room = Math.max(4, state.columns - displayWidth(label) - 2);
  // No character is wider than the columns that it takes: more than these cannot be in view.
  let start = Math.max(0, line.cursor - MOST_MARKS * room);
  while (displayWidth(line.text.slice(start, line.cursor)) > room - 1) start++;
  const before = line.text.slice(start, line.cursor);
  const under = line.text.slice(line.cursor, line.cursor + 1) || ' ';
  const after = line.text.slice(line.cursor + 1);
  const pieces: Piece[] = [
    [label, 'accent'],
    [before, 'prompt'],
    [under, 'selected'],
    [after, 'prompt'],
  ];
  if (hint !== '') pieces.push([hint, problem !== '' ? 'warning' : 'faint']);
  return joinPieces(kit, pieces, state.columns);
}
