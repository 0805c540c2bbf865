// The rows of the Events screen: those that pass the filter, the newest at the top or at the bottom.
import type { EventFilter } from '../../filter/event-filter.ts';
import { subjectOf } from '../../filter/event-subject.ts';
import { objectOfEvent } from '../../probe/model/event/event.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { eventName } from '../format/event-text.ts';
import type { EventEntry } from './event-entry.ts';
import { selectedIndex } from './list.ts';
import { memoLast } from './memo.ts';
import { type State, shownData, shownEvents } from './state.ts';

/** In the order in which they are shown. */
export function selectEventRows(state: State): readonly EventEntry[] {
  const passing = passEntries(shownEvents(state).entries, state.filter.eventFilter);
  return state.settings.isNewestFirst ? reversed(passing) : passing;
}

/** What was lost may concern anything, so it passes every filter. Each event is tested once, however many come after it. */
const passEntries = memoLast(
  (entries: readonly EventEntry[], filter: EventFilter | undefined): readonly EventEntry[] => {
    if (!filter) return entries;
    const known = outcomes(filter);
    return entries.filter((entry) => {
      let passes = known.get(entry);
      if (passes === undefined) {
        const { event, object } = entry;
        passes = event.event === 'lost' || filter.matches(subjectOf(event, object), event.atMs / 1000);
        known.set(entry, passes);
      }
      return passes;
    });
  },
);

const outcomes = memoLast((_: EventFilter) => new WeakMap<EventEntry, boolean>());

const reversed = memoLast((entries: readonly EventEntry[]): readonly EventEntry[] => [...entries].reverse());

export const eventRowIds = (state: State): readonly string[] => idsOf(selectEventRows(state));
const idsOf = memoLast((rows: readonly EventEntry[]): readonly string[] => rows.map(({ id }) => id));

/** The one that is selected in the list of events, whatever screen is shown. */
export function selectedEntry(state: State): EventEntry | undefined {
  return selectEventRows(state)[selectedIndex(state.lists.events, eventRowIds(state))];
}

/** Does the selection stay with the newest event, whatever comes? It does until it is moved away from it. */
export function isFollowingEvents(state: State): boolean {
  const { selectedId } = state.lists.events;
  const rows = selectEventRows(state);
  const newest = state.settings.isNewestFirst ? rows[0] : rows[rows.length - 1];
  return selectedId === undefined || selectedId === newest?.id;
}

/** The object of the selected event, while it exists. */
export function objectOfEntry(state: State): ShmObject | undefined {
  const entry = selectedEntry(state);
  return entry && objectOfEvent(entry.event, shownData(state).byId);
}

export function eventFinder(state: State, text: string): (index: number) => boolean {
  const rows = selectEventRows(state);
  const wanted = text.toLowerCase();
  return (index) => {
    const { event } = itemAt(rows, index);
    const told = [event.event, event.shortId, eventName(event), event.comm, event.pid?.toString(), event.detail];
    return told.some((value) => value?.toLowerCase().includes(wanted));
  };
}
