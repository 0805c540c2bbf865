// Moving through the list of the screen that is shown.
import type { Intent } from './intent.ts';
import { selectIndex } from './list.ts';
import { listHeight } from './screen-layout.ts';
import { rowIds, selectedRow } from './select.ts';
import type { State } from './state.ts';

export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

const MOVES: ReadonlySet<string> = new Set(['up', 'down', 'page-up', 'page-down', 'first', 'last']);
export const isMove = (intent: Intent): intent is Move => MOVES.has(intent);

export function moveList(state: State, move: Move): State {
  const ids = rowIds(state);
  const at = selectedRow(state);
  return selectRow(state, targetOf(move, at, ids.length, listHeight(state)));
}

/** Selects the row at `index` of the screen that is shown. */
export function selectRow(state: State, index: number): State {
  const list = selectIndex(state.lists[state.screen], rowIds(state), index, listHeight(state));
  const detail =
    state.detail && list.selectedId !== state.lists[state.screen].selectedId
      ? { ...state.detail, top: 0 }
      : state.detail;
  return { ...state, detail, lists: { ...state.lists, [state.screen]: list } };
}

/** A page keeps one row in sight. */
export function targetOf(move: Move, at: number, count: number, height: number): number {
  const page = Math.max(1, height - 1);
  switch (move) {
    case 'up':
      return at - 1;
    case 'down':
      return at + 1;
    case 'page-up':
      return at - page;
    case 'page-down':
      return at + page;
    case 'first':
      return 0;
    case 'last':
      return count - 1;
  }
}
