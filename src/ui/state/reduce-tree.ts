// Keys of the Objects screen: the tree of groups, objects and holders.
import { itemAt } from '../../probe/model/item-at.ts';
import type { Intent } from './intent.ts';
import { selectObjectRows } from './object-rows.ts';
import type { Row } from './row.ts';
import { GROUPINGS, type State } from './state.ts';

/** Undefined: it means what it means elsewhere. */
export function reduceTreeKeys(state: State, intent: Intent, at: number): State | undefined {
  switch (intent) {
    case 'tree':
      return { ...state, settings: { ...state.settings, groupBy: nextGrouping(state) } };
    case 'expand':
      return flip(state, at, true);
    case 'collapse':
      return flip(state, at, false);
    case 'expand-all':
      return flipAll(state);
    case 'open': {
      const row = selectObjectRows(state)[at];
      return row?.kind === 'group' ? { ...state, flipped: toggled(state.flipped, row.id) } : undefined;
    }
    default:
      return undefined;
  }
}

const nextGrouping = ({ settings: { groupBy } }: State) =>
  GROUPINGS[groupBy === undefined ? 0 : GROUPINGS.indexOf(groupBy) + 1];

function flip(state: State, at: number, wantsOpen: boolean): State {
  if (state.settings.groupBy === undefined) return state;
  const row = selectObjectRows(state)[at];
  if (!row || row.kind === 'holder' || row.isOpen === wantsOpen) return state;
  const next = { ...state, flipped: toggled(state.flipped, row.id) };
  return wantsOpen ? showChildren(next, at) : next;
}

/** Moves the window so that as much of what was opened is in it as there is room for. */
function showChildren(state: State, at: number): State {
  const rows = selectObjectRows(state);
  const opened = itemAt(rows, at);
  let last = at;
  while (last + 1 < rows.length && depthOf(itemAt(rows, last + 1)) > depthOf(opened)) last++;
  return { ...state, lists: { ...state.lists, objects: { ...state.lists.objects, revealTo: last } } };
}

const depthOf = (row: Row): number => (row.kind === 'group' ? 0 : row.depth);

/** Closes all groups when any is open, else opens all. */
function flipAll(state: State): State {
  if (state.settings.groupBy === undefined) return state;
  const groups = selectObjectRows(state).filter((row) => row.kind === 'group');
  const isAnyOpen = groups.some(({ isOpen }) => isOpen);
  return { ...state, flipped: new Set(isAnyOpen ? groups.map(({ id }) => id) : []) };
}

/** The ids with that one, or without it where it was among them. */
export function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
