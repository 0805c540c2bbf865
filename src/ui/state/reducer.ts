// The one reducer: hands each action to the file that knows about it, then puts the lists right.

import type { AccountReadings } from '../../probe/model/account/account.ts';
import type { KnownLife } from '../../probe/model/life/life.ts';
import type { Action } from './action.ts';
import { absence } from './data.ts';
import { settleList } from './list.ts';
import { keepVisible, say } from './open-removal.ts';
import { followEvents, jumpToAwaited, reduceEvents } from './reduce-events.ts';
import { reduceIntent } from './reduce-intent.ts';
import { reduceLoadNews } from './reduce-load.ts';
import { reduceClick, reduceWheel } from './reduce-mouse.ts';
import { reducePaste, reducePromptKey } from './reduce-prompt.ts';
import { countDown, pasteId, reduceTypedKey, removalDone, removalProgress, stopWorking } from './reduce-removal.ts';
import { reduceTick } from './reduce-tick.ts';
import { reduceReplay } from './replay.ts';
import { listHeight } from './screen-layout.ts';
import { screenOf } from './screens.ts';
import { rowIds, selectedObject } from './select.ts';
import { MESSAGE_MS, type Message, type State, shownData } from './state.ts';

export function reduce(state: State, action: Action): State {
  const next = followEvents(state, reduceAction(state, action));
  return next === state ? state : checkSelected(state, settle(next));
}

function reduceAction(state: State, action: Action): State {
  switch (action.type) {
    case 'tick':
      return jumpToAwaited(reduceTick(state, action.tick));
    case 'intent':
      return reduceIntent(notAwaiting(state), action.intent);
    case 'prompt-key':
      if (!state.prompt && state.removal?.kind === 'typed') return reduceTypedKey(state, state.removal, action);
      return reducePromptKey(state, action.key, action.text);
    case 'paste':
      if (!state.prompt && state.removal?.kind === 'typed') return pasteId(state, state.removal, action);
      return reducePaste(state, action.text);
    case 'click':
      return reduceClick(notAwaiting(state), action.x, action.y);
    case 'wheel':
      return reduceWheel(state, action.lines);
    case 'resize':
      return keepVisible({ ...state, columns: action.columns, rows: action.rows });
    case 'clock':
      return reduceClock(countDown(state, action.nowMs), action.nowMs, action.lastTickMs);
    case 'message':
      return { ...state, message: action.message };
    case 'peek':
      if (state.content?.id !== action.id || state.content.offset !== action.offset) return state;
      return { ...state, content: { ...state.content, peek: action.peek, peekOffset: action.offset } };
    case 'residents':
      return { ...state, residents: action.residents };
    case 'life':
      return sameLife(state.life, action.known) ? state : { ...state, life: action.known };
    case 'account':
      return isSame(state.account, action.readings) ? state : { ...state, account: action.readings };
    case 'share':
      return { ...state, share: action.share };
    case 'events':
      return reduceEvents(state, action.events);
    case 'replay':
      return reduceReplay(state, action.position);
    case 'live':
      return { ...state, live: action.live };
    case 'load':
      return reduceLoadNews(state, action.news);
    case 'settings':
      return { ...state, settings: { ...state.settings, ...action.settings } };
    case 'removal-progress':
      return removalProgress(state, action.done);
    case 'removal-stop':
      return stopWorking(state);
    case 'removal-done':
      return removalDone(state, action.report);
  }
}

/** Whoever does something else no longer waits for what he asked for. */
const notAwaiting = (state: State): State => (state.awaited === undefined ? state : { ...state, awaited: undefined });

/** The same state when nothing that can be seen changes: nothing is then drawn. */
function reduceClock(state: State, nowMs: number, lastTickMs: number): State {
  const message = timed(state.message, nowMs);
  const ageMs = state.data.head ? nowMs - lastTickMs : 0;
  const isStale = !state.paused && !state.replay && ageMs > state.settings.intervalMs + 2000;
  const staleSec = isStale ? Math.floor(ageMs / 1000) : undefined;
  return message === state.message && staleSec === state.staleSec ? state : { ...state, message, staleSec };
}

/** A message that the state itself made does not know the time: it counts from here. */
function timed(message: Message | undefined, nowMs: number): Message | undefined {
  if (!message) return undefined;
  if (message.untilMs === undefined) return { ...message, untilMs: nowMs + MESSAGE_MS[message.kind] };
  return nowMs >= message.untilMs ? undefined : message;
}

/** The selected object went, and the selection slid to its neighbour: details of another one are not shown in its place. */
function checkSelected(before: State, after: State): State {
  const { screen } = after;
  if (before.screen !== screen || !screenOf(screen).object) return after;
  const { selectedId } = before.lists[screen];
  if (selectedId === after.lists[screen].selectedId || after.data === before.data) return after;
  const gone = selectedObject(before);
  if (!gone || gone.id !== selectedId) return after;
  if (shownData(after).byId.has(gone.id))
    return before.lists[screen].isChosen
      ? after
      : { ...after, slidFrom: `${gone.shortId} is not the first row any more` };
  const slid = { ...after, slidFrom: `${gone.shortId} is ${absence(shownData(after))}` };
  if (!slid.detail) return slid;
  return say({ ...slid, detail: undefined }, `${gone.shortId} is ${absence(shownData(after))}.`);
}

/** Selection and window of the screen that is shown, after anything changed. */
function settle(state: State): State {
  const list = state.lists[state.screen];
  const ids = rowIds(state);
  const settled = settleList(list, ids, listHeight(state), state.settings.isFollowing);
  return settled === list ? state : { ...state, lists: { ...state.lists, [state.screen]: settled } };
}

/** Asked with each tick while somebody looks at it, and often the same. */
const isSame = (known: AccountReadings | undefined, next: AccountReadings): boolean =>
  JSON.stringify(known) === JSON.stringify(next);

/** Asked with each tick, and mostly the same: then nothing is drawn. That a witness gave a sign of life is nothing to see. */
function sameLife(known: KnownLife | undefined, next: KnownLife): boolean {
  const whole = (one: KnownLife | undefined) =>
    JSON.stringify(one?.watch?.isRunning ? { ...one, watch: { ...one.watch, seenMs: 0 } } : one);
  return known?.id === next.id && whole(known) === whole(next);
}
