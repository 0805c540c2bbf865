// Into the objects of one owner or to who fills a limit, and back to the row that led there.
import { NEW_LIST } from './list.ts';
import type { ScreenId } from './screen-id.ts';
import type { CameFrom, OnlyOwner, State } from './state.ts';

/** What Esc will go back to. */
export const here = ({
  screen,
  scrolledColumns,
  filter,
  isOnlyLeftovers,
  onlyOwner,
  whereOf,
  flipped,
  cameFrom,
}: State): CameFrom => ({ screen, scrolledColumns, filter, isOnlyLeftovers, onlyOwner, whereOf, flipped, cameFrom });

const opened = (state: State, screen: ScreenId): State => ({
  ...state,
  screen,
  detail: undefined,
  message: undefined,
  scrolledColumns: 0,
  cameFrom: here(state),
  lists: { ...state.lists, [screen]: NEW_LIST },
});

/** The objects that pass, in their own table: everything that can be done there can be done to them. */
export const drillInto = (state: State, onlyOwner: OnlyOwner): State => ({
  ...opened(state, 'objects'),
  onlyOwner,
});

/** Who fills the limit with that id: processes first, since they can be asked. */
export const drillToOwners = (state: State, ceilingId: string): State => ({
  ...opened(state, 'where'),
  whereOf: { ceilingId, by: 'process' },
});

/** The details of the limit with that id. */
export function drillToCeiling(state: State, ceilingId: string): State {
  const there = opened(state, 'ceilings');
  const ceilings = { ...NEW_LIST, selectedId: ceilingId, isChosen: true };
  return { ...there, detail: { top: 0, isFocused: false }, lists: { ...there.lists, ceilings } };
}

/** Where the details that are open came with the way here: both are left at once. Undefined: they did not. */
export const outWithDetail = (state: State): State | undefined =>
  state.cameFrom?.isWithDetail ? backTo(state, state.cameFrom) : undefined;

/** One step towards where it began: first what was narrowed since, then the screen. Undefined: nobody came from anywhere. */
export function drillOut(state: State): State | undefined {
  const { cameFrom } = state;
  if (!cameFrom) return undefined;
  if (state.filter.text !== cameFrom.filter.text) return { ...state, filter: cameFrom.filter };
  if (state.isOnlyLeftovers && !cameFrom.isOnlyLeftovers) return { ...state, isOnlyLeftovers: false };
  return backTo(state, cameFrom);
}

/** Absent values of the place are taken over too; what was said there is of there. */
export function backTo(state: State, { isWithDetail, ...place }: CameFrom): State {
  return { ...state, ...place, detail: undefined, message: undefined };
}

/** The place on that screen that one came through; undefined: none. */
export function placeOn({ cameFrom }: Pick<State, 'cameFrom'>, screen: ScreenId): CameFrom | undefined {
  if (!cameFrom || cameFrom.screen === screen) return cameFrom;
  return placeOn(cameFrom, screen);
}
