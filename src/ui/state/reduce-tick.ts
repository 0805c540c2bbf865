// What a sample changes: the objects, their marks and histories, and now and then a point of the sparklines.
import { addChanges, type Change, NO_HISTORIES } from '../../probe/model/event/object-history.ts';
import { measure } from './ceilings.ts';
import { applyTick, type Data, type TickInput } from './data.ts';
import { NO_EVENTS } from './event-log.ts';
import { addSamples, latestMs } from './history.ts';
import { markTick } from './marks.ts';
import { isQuietTick } from './quiet-tick.ts';
import { reduceEvents } from './reduce-events.ts';
import { checkCountdown } from './reduce-removal.ts';
import type { State } from './state.ts';

/** The same state when nothing that can be seen changes. */
export function reduceTick(state: State, tick: TickInput): State {
  if (isQuietTick(state, tick) && state.staleSec === undefined) return settledSelection(state);
  // A replay that jumped back: what is still to come has not happened.
  const start = tick.isFresh && state.replay ? { ...state, ...NOTHING_SEEN } : state;
  const before = start.data;
  const marks = markTick(start.marks, before, tick, start.events);
  const shown: State = { ...settledSelection(start), data: applyTick(before, tick), marks, staleSec: undefined };
  return checkCountdown(withSample(withChanges(reduceEvents(shown, tick.events, before), before, tick), tick));
}

/** A tick after the selected object went, who presses a key has seen what is selected now. */
const settledSelection = (state: State): State =>
  state.slidFrom === undefined ? state : { ...state, slidFrom: undefined };

const NOTHING_SEEN = { events: NO_EVENTS, histories: NO_HISTORIES, history: {} };

function withChanges(state: State, { head, byId }: Data, tick: TickInput): State {
  if (!head || tick.isFresh) return state;
  const changes = tick.changed.map((after): Change => ({ before: byId.get(after.id), after }));
  const histories = addChanges(state.histories, changes, head.takenAtMs, tick.head.takenAtMs);
  return { ...state, histories };
}

/** A point of each sparkline, not more often than about the interval: a replay ticks faster. */
function withSample(state: State, { head: { takenAtMs }, isPart }: TickInput): State {
  const { history, events, settings } = state;
  const lastMs = latestMs(history);
  const isDue = lastMs === undefined || takenAtMs - lastMs >= settings.intervalMs / 2 || takenAtMs < lastMs;
  if (isPart || !isDue) return state;
  const isTold = state.live !== undefined && state.live.problem === undefined;
  const seconds = lastMs === undefined ? 0 : (takenAtMs - lastMs) / 1000;
  const perSecond = isTold && seconds > 0 ? events.sinceSample / seconds : undefined;
  return {
    ...state,
    events: events.sinceSample > 0 ? { ...events, sinceSample: 0 } : events,
    history: addSamples(history, takenAtMs, { ...measure(state), events: perSecond }, settings.intervalMs),
  };
}
