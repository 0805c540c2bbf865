// What live events do to the state: they are remembered, their objects flash and get a history; and what keys do on their screen.
import { type EventName, eventIdOf, objectOfEvent, type ShmEvent } from '../../probe/model/event.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { addEvents, type ObjectHistory } from '../../probe/model/object-history.ts';
import { absence, type Data } from './data.ts';
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
    events: addToLog(state.events, events, find),
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

/** Who looked at the newest event goes on looking at the newest. */
export function followEvents(before: State, state: State): State {
  if (shownEvents(state).entries === shownEvents(before).entries || !isFollowingEvents(before)) return state;
  const rows = selectEventRows(state);
  const at = state.settings.isNewestFirst ? 0 : Math.max(0, rows.length - 1);
  return { ...state, lists: { ...state.lists, events: { selectedId: rows[at]?.id, selectedAt: at, top: at } } };
}

/** Keys that mean something else on the Events screen than in a table of objects. */
export function reduceEventScreen(state: State, intent: Intent): State | undefined {
  if (state.screen !== 'events') return undefined;
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
  const object = objectOfEvent(event, shownData(state).byId);
  if (!object)
    return {
      ...state,
      message: { text: `${event.shortId ?? event.id} is ${absence(shownData(state))}.`, kind: 'warning' },
    };
  const there: State = {
    ...state,
    screen: 'objects',
    scrolledColumns: 0,
    flipped: new Set(),
    detail: { top: 0, isFocused: false },
    lists: { ...state.lists, objects: { ...state.lists.objects, selectedId: object.id } },
  };
  if (selectObjects(there).includes(object)) return there;
  return { ...there, filter: { text: '' }, isOnlyLeftovers: false, onlyUser: undefined };
}

/** What was seen to happen to an object while the dashboard ran; absent: nothing. */
export const historyOf = (state: State, object: Pick<ShmObject, 'id'>): ObjectHistory | undefined =>
  shownHistories(state).get(eventIdOf(object));
