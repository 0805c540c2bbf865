// The last line: the keys that matter in this mode, from the keymap; as many as fit.
import { itemAt } from '../../probe/model/item-at.ts';
import { keysIn, spellKey } from '../state/binding.ts';
import type { Mode } from '../state/intent.ts';
import { boundKeys } from '../state/keymap.ts';
import type { KeyHint } from '../state/screen.ts';
import { screenOf } from '../state/screens.ts';
import { modeOf } from '../state/select.ts';
import type { State } from '../state/state.ts';
import { joinPieces, kitOf, type Piece } from './pen.ts';

const PROMPT_KEYS: readonly KeyHint[] = [
  ['Enter', 'Keep'],
  ['Esc', 'Back'],
  ['Ctrl-U', 'Clear'],
];

export function drawKeyBar(state: State): string {
  const kit = kitOf(state);
  const keys = keysFor(state);
  const isRoomy = state.columns >= 100;
  const pieces: Piece[] = [];
  let left = state.columns;
  for (const [key, label] of keys) {
    const text = isRoomy ? ` ${label} ` : label;
    left -= key.length + text.length;
    if (left < 0) break; // a key without its whole label is no help
    pieces.push([key, 'key'], [text, 'key-label'], [isRoomy ? '  ' : ' ', 'plain']);
    left -= isRoomy ? 2 : 1;
  }
  return joinPieces(kit, pieces, state.columns);
}

const TYPED_KEYS: typeof PROMPT_KEYS = [
  ['Enter', 'Remove'],
  ['Esc', 'Keep'],
  ['Ctrl-U', 'Clear'],
];

const backKey = (mode: Mode, state: State): readonly KeyHint[] => {
  const { removal } = state;
  if (mode === 'countdown') return [['Esc', 'Keep']];
  if (mode === 'confirm') return [['Esc', removal?.kind === 'told' ? 'Close' : 'Cancel']];
  if (mode === 'detail') return [['Esc', 'Back'], ...(screenOf(state.screen).detailHints ?? [])];
  if (mode !== 'table') return [['Esc', 'Back']];
  return screenOf(state.screen).keyHints(state);
};

/** The keys of the bar as they are drawn, for clicks too. */
function keysFor(state: State): readonly KeyHint[] {
  const mode = modeOf(state);
  if (mode === 'prompt') return state.prompt ? PROMPT_KEYS : TYPED_KEYS;
  const bound = keysIn(boundKeys(state.abilities), mode, state.screen).filter(({ label }) => label !== undefined);
  const back: readonly KeyHint[] = backKey(mode, state);
  return [...back, ...bound.map(({ keys, label = '' }) => [spellKey(itemAt(keys, 0), state), label] as const)];
}
