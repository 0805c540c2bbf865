// Small questions to the state that several places ask: what takes the keys, which rows there are, what is selected.
import { objectOfEvent } from '../../probe/model/event.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { ProcessRow } from '../../probe/model/process-row.ts';
import { LOAD_FIELDS } from '../format/load-fields.ts';
import { ceilingIds } from './ceilings.ts';
import { eventRowIds, selectedEntry } from './event-rows.ts';
import type { Mode } from './intent.ts';
import { selectedIndex } from './list.ts';
import { memoLast } from './memo.ts';
import { selectObjectRows } from './object-rows.ts';
import { processRowId, selectProcessRows } from './process-rows.ts';
import type { Row } from './row.ts';
import { layoutScreen } from './screen-layout.ts';
import { type State, shownData } from './state.ts';

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
export function rowIds(state: State): readonly string[] {
  switch (state.screen) {
    case 'objects':
      return idsOfRows(selectObjectRows(state));
    case 'processes':
      return idsOfProcesses(selectProcessRows(state));
    case 'events':
      return eventRowIds(state);
    case 'throughput':
      return FIELD_IDS;
    case 'ceilings':
      return ceilingIds(state);
  }
}

const FIELD_IDS: readonly string[] = LOAD_FIELDS.map(({ id }) => id);
const idsOfRows = memoLast((rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id));
const idsOfProcesses = memoLast((rows: readonly ProcessRow[]): readonly string[] => rows.map(processRowId));

/** Index of the selected row; -1 where there is none. */
export const selectedRow = (state: State): number => selectedIndex(state.lists[state.screen], rowIds(state));

/** The selected object: of the row, or of the object that a holder row hangs on. */
export function selectedObject(state: State): ShmObject | undefined {
  if (state.screen !== 'objects') return undefined;
  const row = selectObjectRows(state)[selectedRow(state)];
  return row === undefined || row.kind === 'group' ? undefined : row.object;
}

/** The object that is looked at: the selected one, or that of the selected event while it exists. */
export function objectInView(state: State): ShmObject | undefined {
  const entry = selectedEntry(state);
  return entry ? objectOfEvent(entry.event, shownData(state).byId) : selectedObject(state);
}

export function selectedProcess(state: State): ProcessRow | undefined {
  return state.screen === 'processes' ? selectProcessRows(state)[selectedRow(state)] : undefined;
}

/** Tagged objects that are still there, as they are shown. */
export function taggedObjects(state: State): readonly ShmObject[] {
  const { byId } = shownData(state);
  return [...state.tags].flatMap((id) => byId.get(id) ?? []);
}
