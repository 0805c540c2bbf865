// The rows of the Events screen: those that pass the filter, the newest at the top or at the bottom.
import type { EventFilter } from '../../filter/event-filter.ts';
import { subjectOf } from '../../filter/event-subject.ts';
import type { EventEntry } from './event-log.ts';
import { selectedIndex } from './list.ts';
import { memoLast } from './memo.ts';
import { type State, shownEvents } from './state.ts';

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

export function selectedEntry(state: State): EventEntry | undefined {
  if (state.screen !== 'events') return undefined;
  return selectEventRows(state)[selectedIndex(state.lists.events, eventRowIds(state))];
}

/** Does the selection stay with the newest event, whatever comes? It does until it is moved away from it. */
export function isFollowingEvents(state: State): boolean {
  const { selectedId } = state.lists.events;
  const rows = selectEventRows(state);
  const newest = state.settings.isNewestFirst ? rows[0] : rows[rows.length - 1];
  return selectedId === undefined || selectedId === newest?.id;
}
