// Keys of the Throughput screen: they change the choices of the next load.
import { LOAD_FIELDS } from '../format/load-fields.ts';
import { spellKey } from './binding.ts';
import type { Intent } from './intent.ts';
import { changeChoice } from './load-choices.ts';
import type { KeyHint } from './screen.ts';
import type { State } from './state.ts';

/** Undefined: it means what it means elsewhere. */
export function reduceLoadKeys(state: State, intent: Intent): State | undefined {
  switch (intent) {
    case 'left':
      return changeField(state, -1);
    case 'right':
    case 'open':
    case 'tag':
      return changeField(state, 1);
    default:
      return undefined;
  }
}

/** While a load runs its choices stay. */
function changeField(state: State, step: 1 | -1): State {
  const { selectedId } = state.lists.throughput;
  if (state.load.phase !== 'idle' || selectedId === undefined) return state;
  return { ...state, settings: { ...state.settings, load: changeChoice(state.settings.load, selectedId, step) } };
}

/** The choices, as rows of a list. */
export const LOAD_FIELD_IDS: readonly string[] = LOAD_FIELDS.map(({ id }) => id);

/** The key that starts is the one that stops; the choices can be changed while nothing runs. */
export function loadKeyHints(state: State): readonly KeyHint[] {
  if (state.load.phase !== 'idle') return [['l', 'Stop']];
  const spell = (key: string) => spellKey(key, state);
  return [
    ['l', 'Start'],
    [`${spell('up')} ${spell('down')}`, 'Choose'],
    [`${spell('left')} ${spell('right')}`, 'Change'],
    ['T', 'Tour'],
  ];
}
