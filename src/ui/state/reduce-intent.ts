// What keys do to the state, apart from moving and from prompts.
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { backTo, drillOut, outWithDetail, placeOn } from './drill.ts';
import type { Intent } from './intent.ts';
import { chooseSelected } from './list.ts';
import { abandonedOf, openBulkRemoval, openRemoval, say } from './open-removal.ts';
import { onlyUserOf } from './owner-screen.ts';
import { startTour, toggleLoad } from './reduce-load.ts';
import { isMove, moveList } from './reduce-move.ts';
import { reduceContent, reduceHelp, reduceSetup } from './reduce-overlay.ts';
import { openPrompt } from './reduce-prompt.ts';
import { reduceConfirm, reduceCountdown, stopWorking } from './reduce-removal.ts';
import { openSortMenu, reduceSortMenu, scrollColumns, sortByNeighbour, sortReversed } from './reduce-sort.ts';
import { toggled } from './reduce-tree.ts';
import type { ScreenId } from './screen-id.ts';
import { layoutScreen } from './screen-layout.ts';
import { screenOf, screensOf } from './screens.ts';
import { jumpToMatch } from './search.ts';
import { modeOf, objectInView, selectedObject, selectedRow } from './select.ts';
import { INTERVALS_MS, type Settings, type State } from './state.ts';
import { showWho } from './who.ts';

export function reduceIntent(before: State, intent: Intent): State {
  if (before.slidFrom !== undefined && intent === 'remove' && before.tags.size === 0) return askAgain(before);
  const state = chosenFor(intent, before.slidFrom === undefined ? before : { ...before, slidFrom: undefined });
  if (state.removal?.kind === 'typed') return reduceConfirm(state, intent); // the wheel: keys are text
  switch (modeOf(state)) {
    case 'help':
      return reduceHelp(state, intent) ?? reduceAnywhere(state, intent);
    case 'setup':
      return reduceSetup(state, intent) ?? reduceAnywhere(state, intent);
    case 'dialog':
      return reduceSortMenu(state, intent) ?? reduceAnywhere(state, intent);
    case 'countdown':
      return reduceCountdown(state, intent);
    case 'confirm':
      return reduceConfirm(state, intent);
    case 'content':
      return reduceContent(state, intent) ?? reduceAnywhere(state, intent);
    case 'detail':
      return (
        reduceDetail(state, intent) ??
        (intent === 'who' ? screenOf(state.screen).keys?.(state, intent, selectedRow(state)) : undefined) ??
        reduceAnywhere(state, intent)
      );
    default:
      if (isMove(intent)) return moveList(state, intent);
      return (
        screenOf(state.screen).keys?.(state, intent, selectedRow(state)) ??
        reduceTable(state, intent) ??
        reduceAnywhere(state, intent)
      );
  }
}

/** The key may have been meant for the object that went a moment ago, or was the first row until then. */
function askAgain(state: State): State {
  const object = selectedObject(state);
  const next = { ...state, slidFrom: undefined };
  if (!object) return next;
  return say(next, `${state.slidFrom}; selected now is ${object.shortId}. Press again if that is meant.`);
}

/** What is done with the selected row makes it the chosen one: another that comes to the top does not take its place. */
function chosenFor(intent: Intent, state: State): State {
  if (!WITH_THE_ROW.has(intent)) return state;
  const list = state.lists[state.screen];
  const chosen = chooseSelected(list);
  return chosen === list ? state : { ...state, lists: { ...state.lists, [state.screen]: chosen } };
}

const WITH_THE_ROW: ReadonlySet<Intent> = new Set(['open', 'remove', 'content', 'expand', 'collapse', 'by-user']);

/** Keys that mean the same wherever they are bound. */
function reduceAnywhere(state: State, intent: Intent): State {
  switch (intent) {
    case 'help':
      return { ...state, overlay: { kind: 'help', top: 0, query: '' } };
    case 'setup':
      return { ...state, overlay: { kind: 'setup' } };
    case 'pause':
      return { ...state, paused: state.paused ? undefined : pick(state) };
    case 'follow':
      return toggledWith(state, 'isFollowing', FOLLOWING);
    case 'slower':
      return withInterval(
        state,
        INTERVALS_MS.find((ms) => ms > state.settings.intervalMs),
      );
    case 'faster':
      return withInterval(
        state,
        INTERVALS_MS.findLast((ms) => ms < state.settings.intervalMs),
      );
    case 'mouse':
      return toggledWith(state, 'isMouseOn', MOUSE);
    case 'next-screen':
      return showScreen(state, 1);
    case 'previous-screen':
      return showScreen(state, -1);
    case 'search':
      return openPrompt(state, 'search');
    case 'filter':
      return openPrompt(state, 'filter');
    case 'remove':
      return openRemoval(state);
    case 'remove-abandoned':
      return openBulkRemoval(state);
    case 'search-next':
      return jumpToMatch(state, 1, false);
    case 'search-previous':
      return jumpToMatch(state, -1, false);
    case 'who':
      return showWho(state);
    case 'content': {
      const object = objectInView(state);
      return object ? { ...state, content: { id: object.id, offset: 0 } } : state;
    }
    default: {
      const screen = screensOf(state.abilities).find(({ number }) => intent === `screen-${number}`);
      return screen ? toScreen(state, screen.id) : state;
    }
  }
}

const FOLLOWING = [
  'Following: the selected row stays in sight.',
  'Not following: the window stays where it is.',
] as const;
const MOUSE = ['The mouse is on.', 'The mouse is off: the terminal selects text.'] as const;

/** Said, since the title line has no room for it in a narrow terminal. */
function withInterval(state: State, intervalMs = state.settings.intervalMs): State {
  return say(withSettings(state, { intervalMs }), `A look every ${intervalMs / 1000} s.`, 'good');
}

/** Nothing else on the screen would show that it was switched. */
function toggledWith(
  state: State,
  setting: 'isFollowing' | 'isMouseOn',
  [on, off]: readonly [on: string, off: string],
): State {
  const isOn = !state.settings[setting];
  return say(withSettings(state, { [setting]: isOn }), isOn ? on : off, 'good');
}

function reduceTable(state: State, intent: Intent): State | undefined {
  switch (intent) {
    case 'left':
      return scrollColumns(state, -1);
    case 'right':
      return scrollColumns(state, 1);
    case 'open':
      return reduceOpen(state);
    case 'back':
      return reduceBack(state);
    case 'sort':
      return openSortMenu(state);
    case 'sort-next':
      return sortByNeighbour(state, 1);
    case 'sort-previous':
      return sortByNeighbour(state, -1);
    case 'sort-reverse':
      return sortReversed(state);
    case 'load':
      return toggleLoad(state);
    case 'tour':
      return startTour(state);
    case 'tag':
      return tagSelected(state);
    case 'untag-all':
      return { ...state, tags: new Set() };
    case 'only-leftovers':
      return { ...state, isOnlyLeftovers: !state.isOnlyLeftovers };
    case 'by-user': {
      const object = selectedObject(state);
      return { ...state, onlyOwner: !state.onlyOwner && object ? onlyUserOf(state, object) : undefined };
    }
    default:
      return undefined;
  }
}

function reduceDetail(state: State, intent: Intent): State | undefined {
  const { detail } = state;
  if (!detail) return undefined;
  const page = Math.max(1, layoutScreen(state).body.height - 2);
  const scroll = (by: number) => ({ ...state, detail: { ...detail, top: Math.max(0, detail.top + by) } });
  switch (intent) {
    case 'up':
      return scroll(-1);
    case 'down':
      return scroll(1);
    case 'page-up':
      return scroll(-page);
    case 'page-down':
      return scroll(page);
    case 'first':
      return { ...state, detail: { ...detail, top: 0 } };
    case 'last':
      return scroll(10_000);
    case 'open':
      return state;
    case 'back':
      if (layoutScreen(state).side) return { ...state, detail: { ...detail, isFocused: false } };
      return outWithDetail(state) ?? { ...state, detail: undefined };
    default:
      return undefined;
  }
}

/** Shows the details of the row; a pane that is open takes the keys. */
function reduceOpen(state: State): State {
  if (!screenOf(state.screen).hasDetail || selectedRow(state) < 0) return state;
  return { ...state, detail: { top: 0, isFocused: state.detail !== undefined } };
}

/** To the event that led here; else details, then the search, then the filters: one at a time. Never quits. */
function reduceBack(state: State): State {
  if (state.removal?.kind === 'working') return stopWorking(state);
  const back = outWithDetail(state);
  if (back) return back;
  if (state.detail) return { ...state, detail: undefined };
  if (state.search !== '') return { ...state, search: '' };
  const out = drillOut(state);
  if (out) return out;
  if (state.filter.text !== '') return { ...state, filter: { text: '' } };
  if (state.isOnlyLeftovers || state.onlyOwner) return { ...state, isOnlyLeftovers: false, onlyOwner: undefined };
  return state.message ? { ...state, message: undefined } : state;
}

function showScreen(state: State, step: number): State {
  const screens = screensOf(state.abilities);
  const at = screens.findIndex(({ id }) => id === state.screen);
  return toScreen(state, itemAt(screens, (at + step + screens.length) % screens.length).id);
}

export function toScreen(state: State, screen: ScreenId): State {
  if (screen === state.screen) return state.whereOf === undefined ? state : { ...state, whereOf: undefined };
  const before = placeOn(state, screen);
  if (before) return backTo(state, before);
  return { ...state, screen, detail: undefined, scrolledColumns: 0, whereOf: undefined, cameFrom: undefined };
}

/** What stays as it is while paused. */
const pick = ({ data, marks, events, histories, history, account }: State) => ({
  data,
  marks,
  events,
  histories,
  history,
  account,
});

const withSettings = (state: State, settings: Partial<Settings>): State => ({
  ...state,
  settings: { ...state.settings, ...settings },
});

function tagSelected(state: State): State {
  const { members } = screenOf(state.screen);
  if (members) return tagMembers(state, abandonedOf(state, members(state, selectedRow(state))));
  const object = selectedObject(state);
  return moveList(object ? { ...state, tags: toggled(state.tags, object.id) } : state, 'down');
}

/** All that is proven abandoned of a sum; what needs a second thought is tagged one by one. */
function tagMembers(state: State, objects: readonly ShmObject[]): State {
  if (objects.length === 0) {
    return say(state, 'Nothing of it is proven abandoned. Enter, and tag one by one.');
  }
  const isTagged = objects.every(({ id }) => state.tags.has(id));
  const tags = new Set(state.tags);
  for (const { id } of objects) {
    if (isTagged) tags.delete(id);
    else tags.add(id);
  }
  return moveList({ ...state, tags }, 'down');
}
