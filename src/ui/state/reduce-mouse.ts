// The mouse: a click selects a row, on the selected one opens it, on a title sorts, on a tab changes the screen; the wheel scrolls.
import { tableColumnAt } from '../format/table-places.ts';
import { reduceIntent, toScreen } from './reduce-intent.ts';
import { selectRow } from './reduce-move.ts';
import { sortByColumn } from './reduce-sort.ts';
import { layoutScreen, listHeight } from './screen-layout.ts';
import { screenOf } from './screens.ts';
import { modeOf, rowIds, selectedRow } from './select.ts';
import type { State } from './state.ts';
import { tablePlaces } from './table-layout.ts';
import { tabAt } from './title-line.ts';

export function reduceWheel(state: State, lines: number): State {
  if (modeOf(state) !== 'table') {
    let next = state;
    for (let step = 0; step < Math.abs(lines); step++) next = reduceIntent(next, lines > 0 ? 'down' : 'up');
    return next;
  }
  const list = state.lists[state.screen];
  const height = listHeight(state);
  const top = Math.max(0, Math.min(list.top + lines, rowIds(state).length - height));
  const at = Math.max(top, Math.min(selectedRow(state), top + height - 1));
  return selectRow({ ...state, lists: { ...state.lists, [state.screen]: { ...list, top } } }, at);
}

export function reduceClick(state: State, x: number, y: number): State {
  // What was opened to remove something is answered by keys: no stray click may take it away, or agree.
  if (state.removal && state.removal.kind !== 'working') return state;
  if (y === 0) {
    const screen = tabAt(state, x);
    return screen === undefined ? state : toScreen({ ...state, overlay: undefined, content: undefined }, screen);
  }
  const { meterLines, body } = layoutScreen(state);
  const line = y - 1 - meterLines;
  if (modeOf(state) !== 'table' || line < 0 || line >= body.height || x >= body.width) return state;
  const { titleLines, rowLines, rowAt } = screenOf(state.screen);
  if (rowAt) return clickRow(state, rowAt(state, body, x, line));
  if (line < titleLines) return line === titleLines - 1 ? clickTitle(state, x) : state;
  return clickRow(state, state.lists[state.screen].top + Math.floor((line - titleLines) / rowLines));
}

function clickRow(state: State, index: number | undefined): State {
  if (index === undefined || index >= rowIds(state).length) return state;
  return index === selectedRow(state) ? reduceIntent(state, 'open') : selectRow(state, index);
}

function clickTitle(state: State, x: number): State {
  const { table } = screenOf(state.screen);
  const column = table?.sort && tableColumnAt(tablePlaces(state, table), x);
  return column === undefined ? state : sortByColumn(state, column);
}
