// Search: jumps to the next row that contains the text, around the end.
import { selectRow } from './reduce-move.ts';
import { screenOf } from './screens.ts';
import { rowIds, selectedRow } from './select.ts';
import type { State } from './state.ts';

/** `stays`: the selected row counts too (while the text is being typed). Nothing found: nothing moves. */
export function jumpToMatch(state: State, step: 1 | -1, stays: boolean): State {
  if (state.search === '') return state;
  const matches = matcher(state);
  const count = matches.count;
  if (count === 0) return state;
  const start = Math.max(0, selectedRow(state));
  for (let moved = stays ? 0 : 1; moved <= count; moved++) {
    const at = (((start + step * moved) % count) + count) % count;
    if (matches.has(at)) return selectRow(state, at);
  }
  return state;
}

export function hasMatch(state: State): boolean {
  const { count, has } = matcher(state);
  for (let at = 0; at < count; at++) if (has(at)) return true;
  return false;
}

function matcher(state: State): { readonly count: number; readonly has: (at: number) => boolean } {
  const has = screenOf(state.screen).finder?.(state, state.search);
  return has ? { count: rowIds(state).length, has } : { count: 0, has: () => false };
}
