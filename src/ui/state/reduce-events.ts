// What live events do to the state: they are remembered, their objects flash and get a history; and what keys do on their screen.
import { subjectOf } from '../../filter/event-subject.ts';
import { type EventName, eventIdOf, objectOfEvent, type ShmEvent } from '../../probe/model/event/event.ts';
import { addEvents, type ObjectHistory } from '../../probe/model/event/object-history.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { Data } from './data.ts';
import { here } from './drill.ts';
import type { EventEntry } from './event-entry.ts';
import { fateOf, fateText } from './event-fate.ts';
import { addToLog } from './event-log.ts';
import { isFollowingEvents, selectEventRows, selectedEntry } from './event-rows.ts';
import type { Intent } from './intent.ts';
import { markEvents } from './marks.ts';
import { selectObjects } from './object-rows.ts';
import { type State, shownData, shownEvents, shownHistories } from './state.ts';

/** Whoever looks whether a name is in use opens it, another shmtop every second: nothing has changed by that. */
const GLANCES: ReadonlySet<EventName> = new Set(['opened', 'closed']);

/** `before`: what was known before the tick that the events came with; they may be about what is gone by now. */
export function reduceEvents(state: State, events: readonly ShmEvent[], before: Data = state.data): State {
  if (events.length === 0) return state;
  const find = (event: ShmEvent) => objectOfEvent(event, state.data.byId) ?? objectOfEvent(event, before.byId);
  return {
    ...state,
    events: addToLog(state.events, events, find, countsFor(state)),
    histories: addEvents(state.histories, events),
    marks: markEvents(
      state.marks,
      events.flatMap((event) => {
        const object = GLANCES.has(event.event) ? undefined : objectOfEvent(event, state.data.byId);
        return object ? [{ id: object.id, atMs: event.atMs }] : [];
      }),
    ),
  };
}

/** What the filter hides is not on the screen: its rate would tell of nothing that is to be seen. */
function countsFor({ filter: { eventFilter } }: State): (entry: EventEntry) => boolean {
  if (!eventFilter) return () => true;
  return ({ event, object }) =>
    event.event === 'lost' || eventFilter.matches(subjectOf(event, object), event.atMs / 1000);
}

/** Who looked at the newest event goes on looking at the newest. */
export function followEvents(before: State, state: State): State {
  if (shownEvents(state).entries === shownEvents(before).entries || !isFollowingEvents(before)) return state;
  // Who reads about one event is not taken to the next.
  if (state.detail?.isOfEvent) return state;
  const rows = selectEventRows(state);
  const at = state.settings.isNewestFirst ? 0 : Math.max(0, rows.length - 1);
  return {
    ...state,
    lists: { ...state.lists, events: { selectedId: rows[at]?.id, selectedAt: at, top: at, isChosen: true } },
  };
}

/** Keys of the Events screen. Undefined: it means what it means elsewhere. */
export function reduceEventKeys(state: State, intent: Intent): State | undefined {
  switch (intent) {
    case 'open':
      return jumpToObject(state);
    case 'sort-reverse':
      return { ...state, settings: { ...state.settings, isNewestFirst: !state.settings.isNewestFirst } };
    default:
      return undefined;
  }
}

/** To the object that the event is about, in the table of objects; what would hide it there is taken away. */
function jumpToObject(state: State): State {
  const { event } = selectedEntry(state) ?? {};
  if (event?.id === undefined) return state;
  return jumpTo(state, event);
}

/** A sample may show now what was asked for: to be called after each. */
export function jumpToAwaited(state: State): State {
  const { awaited, ...rest } = state;
  if (awaited === undefined || state.paused || state.data.stage !== 'whole') return state;
  if (objectOfEvent(awaited, state.data.byId)) return jumpTo(rest, awaited);
  return fateOf(awaited, state.events, state.data.listedAtMs) === 'not-sampled' ? state : jumpTo(rest, awaited);
}

function jumpTo(state: State, event: ShmEvent): State {
  const object = objectOfEvent(event, shownData(state).byId);
  if (!object) {
    const fate = fateOf(event, shownEvents(state), shownData(state).listedAtMs);
    const message = { text: fateText(event, fate), kind: 'warning' } as const;
    if (fate === 'not-sampled') return { ...state, awaited: event, message };
    // What it was and what became of it is still known.
    return {
      ...state,
      awaited: undefined,
      message,
      detail: { top: 0, isFocused: state.detail !== undefined, isOfEvent: true },
    };
  }
  const there: State = {
    ...state,
    screen: 'objects',
    cameFrom: { ...here(state), isWithDetail: true },
    scrolledColumns: 0,
    flipped: new Set(),
    detail: { top: 0, isFocused: false },
    lists: { ...state.lists, objects: { ...state.lists.objects, selectedId: object.id, isChosen: true } },
  };
  if (selectObjects(there).includes(object)) return there;
  return { ...there, filter: { text: '' }, isOnlyLeftovers: false, onlyOwner: undefined };
}

/** What was seen to happen to an object while the dashboard ran; absent: nothing. */
export const historyOf = (state: State, object: Pick<ShmObject, 'id'>): ObjectHistory | undefined =>
  shownHistories(state).get(eventIdOf(object));
