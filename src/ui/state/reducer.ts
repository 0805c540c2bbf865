// The one reducer: hands each action to the file that knows about it, then puts the lists right.
import type { Action } from './action.ts';
import { measure } from './ceilings.ts';
import { applyTick } from './data.ts';
import { addSamples } from './history.ts';
import { settleList } from './list.ts';
import { reduceLoadNews } from './load.ts';
import { markTick } from './marks.ts';
import { isQuietTick } from './quiet-tick.ts';
import { reduceIntent } from './reduce-intent.ts';
import { reduceClick, reduceWheel } from './reduce-mouse.ts';
import { reducePaste, reducePromptKey } from './reduce-prompt.ts';
import { listHeight } from './screen-layout.ts';
import { rowIds } from './select.ts';
import type { State } from './state.ts';

export function reduce(state: State, action: Action): State {
  const next = reduceAction(state, action);
  return next === state ? state : settle(next);
}

function reduceAction(state: State, action: Action): State {
  switch (action.type) {
    case 'tick':
      return reduceTick(state, action.tick);
    case 'intent':
      return reduceIntent(state, action.intent);
    case 'prompt-key':
      return reducePromptKey(state, action.key, action.text);
    case 'paste':
      return reducePaste(state, action.text);
    case 'click':
      return reduceClick(state, action.x, action.y);
    case 'wheel':
      return reduceWheel(state, action.lines);
    case 'resize':
      return { ...state, columns: action.columns, rows: action.rows };
    case 'clock':
      return reduceClock(state, action.nowMs, action.lastTickMs);
    case 'message':
      return { ...state, message: action.message };
    case 'peek':
      if (state.content?.id !== action.id || state.content.offset !== action.offset) return state;
      return { ...state, content: { ...state.content, peek: action.peek, peekOffset: action.offset } };
    case 'share':
      return { ...state, share: action.share };
    case 'load':
      return reduceLoadNews(state, action.news);
    case 'settings':
      return { ...state, settings: { ...state.settings, ...action.settings } };
    case 'freeze':
      return { ...state, frozenIds: action.isFrozen ? rowIds(state) : undefined };
  }
}

function reduceTick(state: State, tick: Parameters<typeof applyTick>[1]): State {
  if (isQuietTick(state.data, state.marks, tick) && state.staleSec === undefined) return state;
  const data = applyTick(state.data, tick);
  const history = tick.isPart
    ? state.history
    : addSamples(state.history, tick.head.takenAtMs, measure(data), state.settings.intervalMs);
  return { ...state, data, marks: markTick(state.marks, state.data, tick), history, staleSec: undefined };
}

/** The same state when nothing that can be seen changes: nothing is then drawn. */
function reduceClock(state: State, nowMs: number, lastTickMs: number): State {
  const message = state.message && nowMs >= state.message.untilMs ? undefined : state.message;
  const ageMs = state.data.head ? nowMs - lastTickMs : 0;
  const isStale = !state.paused && ageMs > state.settings.intervalMs + 2000;
  const staleSec = isStale ? Math.floor(ageMs / 1000) : undefined;
  return message === state.message && staleSec === state.staleSec ? state : { ...state, message, staleSec };
}

/** Selection and window of the screen that is shown, after anything changed. */
function settle(state: State): State {
  const list = state.lists[state.screen];
  const settled = settleList(list, rowIds(state), listHeight(state), state.settings.isFollowing);
  return settled === list ? state : { ...state, lists: { ...state.lists, [state.screen]: settled } };
}
