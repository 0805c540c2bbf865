// Small questions to the state that several places ask: what takes the keys, which rows there are, what is selected.
import type { ShmObject } from '../../probe/model/object.ts';
import type { ProcessRow } from '../../probe/model/process-row.ts';
import { shellWord } from '../format/shell-word.ts';
import type { Mode } from './intent.ts';
import { selectedIndex } from './list.ts';
import { layoutScreen } from './screen-layout.ts';
import { screenOf } from './screens.ts';
import { type Sort, type State, shownData } from './state.ts';

/** What takes the keys at the moment. */
export function modeOf(state: State): Mode {
  if (state.prompt) return 'prompt';
  switch (state.removal?.kind) {
    case 'countdown':
      return 'countdown';
    case 'typed':
      return 'prompt';
    case 'dialog':
    case 'told':
      return 'confirm';
    case 'working':
    case undefined:
  }
  switch (state.overlay?.kind) {
    case 'help':
      return 'help';
    case 'setup':
      return 'setup';
    case 'sort':
      return 'dialog';
    case undefined:
  }
  if (state.content) return 'content';
  return state.detail && (state.detail.isFocused || !layoutScreen(state).side) ? 'detail' : 'table';
}

/** Ids of all rows of the screen, in order. */
export const rowIds = (state: State): readonly string[] => screenOf(state.screen).rowIds(state);

/** Index of the selected row; -1 where there is none. */
export const selectedRow = (state: State): number => selectedIndex(state.lists[state.screen], rowIds(state));

/** The selected object: of the row, or of the object that a holder row hangs on. */
export const selectedObject = (state: State): ShmObject | undefined =>
  screenOf(state.screen).object?.(state, selectedRow(state));

/** The object that is looked at: the selected one, or the one that the selected row is about. */
export function objectInView(state: State): ShmObject | undefined {
  const { object, about = object } = screenOf(state.screen);
  return about?.(state, selectedRow(state));
}

export const selectedProcess = (state: State): ProcessRow | undefined =>
  screenOf(state.screen).process?.(state, selectedRow(state));

export interface Copied {
  /** As it is shown. */
  readonly text: string;
  /** As it may be pasted into a shell: a word, or a whole line. */
  readonly pasted: string;
}

/** What is copied of the selected row. */
export function copiedOf(state: State): Copied | undefined {
  const { copies, copiesLine } = screenOf(state.screen);
  const text = copies?.(state, selectedRow(state));
  return text === undefined ? undefined : { text, pasted: copiesLine ? text : shellWord(text) };
}

/** What the table of the screen is sorted by; undefined where it cannot be sorted. */
export function currentSort({ settings, screen }: State): Sort | undefined {
  const { table } = screenOf(screen);
  return table?.sort && (settings.tables[screen]?.sort ?? table.sort);
}

/** Tagged objects that are still there, as they are shown. */
export function taggedObjects(state: State): readonly ShmObject[] {
  const { byId } = shownData(state);
  return [...state.tags].flatMap((id) => byId.get(id) ?? []);
}
