// The object of the selected event, also when it is gone: as it was listed last, or as far as its events tell.
import { lightObject } from '../../probe/model/event/event-object.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { objectOfEntry, selectedEntry } from './event-rows.ts';
import { type State, shownEvents } from './state.ts';

/** Undefined: no event is selected, or it is about no object. */
export function objectOfSelectedEvent(state: State): ShmObject | undefined {
  const { event } = selectedEntry(state) ?? {};
  if (event?.id === undefined) return undefined;
  const listed = objectOfEntry(state);
  if (listed) return listed;
  const last = shownEvents(state).entries.findLast((entry) => entry.event.id === event.id && entry.object);
  return last?.object ?? lightObject(event);
}
