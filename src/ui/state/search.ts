// Search: jumps to the next row that contains the text, around the end.
import { escapeBytes } from '../../probe/model/bytes.ts';
import { safeText } from '../format/safe-text.ts';
import { rowHasText, selectObjectRows } from './object-rows.ts';
import { selectProcessRows } from './process-rows.ts';
import { selectRow } from './reduce-move.ts';
import { selectedRow } from './select.ts';
import type { State } from './state.ts';

/** `stays`: the selected row counts too (while the text is being typed). Nothing found: nothing moves. */
export function jumpToMatch(state: State, step: 1 | -1, stays: boolean): State {
  if (state.search === '') return state;
  const matches = matcher(state);
  const count = matches.count;
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
  const text = state.search;
  if (state.screen === 'objects') {
    const rows = selectObjectRows(state);
    return { count: rows.length, has: (at) => rowHasText(rows[at], text) };
  }
  if (state.screen === 'processes') {
    const rows = selectProcessRows(state);
    const wanted = text.toLowerCase();
    const has = ({ process: { pid, comm, user } }: (typeof rows)[number]) =>
      [String(pid), comm && escapeBytes(comm), user && safeText(user)].some((value) =>
        value?.toLowerCase().includes(wanted),
      );
    return { count: rows.length, has: (at) => has(rows[at]) };
  }
  return { count: 0, has: () => false };
}
