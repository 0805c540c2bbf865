// The whole state of the dashboard: plain data, changed by one reducer only.
import type { LoadChoices } from '../../load/model/options.ts';
import type { Peek } from '../../probe/model/peek.ts';
import type { ProcessShare } from '../../probe/model/process-share.ts';
import { type Data, NO_DATA } from './data.ts';
import type { History } from './history.ts';
import type { Abilities } from './keymap.ts';
import type { LineEdit } from './line-edit.ts';
import { type ListState, NEW_LIST } from './list.ts';
import { type LoadState, NO_LOAD } from './load.ts';
import { DEFAULT_CHOICES } from './load-choices.ts';
import { type Marks, NO_MARKS } from './marks.ts';
import type { ObjectFilter } from './object-filter.ts';
import type { ScreenId } from './screens.ts';

export type GroupBy = 'software' | 'user' | 'container' | 'namespace';
export const GROUPINGS: readonly GroupBy[] = ['software', 'user', 'container', 'namespace'];

export type ThemeName = 'dark' | 'light' | 'high-contrast' | 'mono';
export const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'high-contrast', 'mono'];

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** What the user may choose and the program remembers. */
export interface Settings {
  readonly theme: ThemeName;
  readonly intervalMs: number;
  readonly isMouseOn: boolean;
  readonly isFollowing: boolean;
  readonly isHeaderShown: boolean;
  /** Ids of the columns of the objects, in order; absent: as many of the usual ones as fit. */
  readonly columns?: readonly string[];
  readonly sort: Sort;
  readonly processSort: Sort;
  readonly groupBy?: GroupBy;
  /** What the next load will be. */
  readonly load: LoadChoices;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'dark',
  intervalMs: 1000,
  isMouseOn: true,
  isFollowing: true,
  isHeaderShown: true,
  sort: { column: 'verdict', descending: false },
  processSort: { column: 'mem', descending: true },
  load: DEFAULT_CHOICES,
};

/** Steps of `[` and `]`. */
export const INTERVALS_MS: readonly number[] = [250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

export type Overlay =
  | { readonly kind: 'help'; readonly top: number; readonly query: string }
  | { readonly kind: 'setup'; readonly at: number }
  | { readonly kind: 'sort'; readonly at: number };

export interface Prompt {
  readonly kind: 'filter' | 'search' | 'help-filter';
  readonly line: LineEdit;
  /** What Esc goes back to. */
  readonly before: string;
}

export interface FilterState {
  readonly text: string;
  /** Made of the words that make sense. */
  readonly filter?: ObjectFilter;
  /** What is wrong with the first word that makes none. */
  readonly problem?: string;
}

export interface ContentState {
  readonly id: string;
  readonly offset: number;
  /** Absent while it is being read. */
  readonly peek?: Peek;
  readonly peekOffset?: number;
}

export interface Message {
  readonly text: string;
  readonly kind: 'good' | 'warning' | 'bad';
  readonly untilMs: number;
}

export interface State {
  readonly columns: number;
  readonly rows: number;
  readonly abilities: Abilities;
  /** Can the terminal show box characters, and colours? */
  readonly unicode: boolean;
  readonly colour: boolean;
  readonly settings: Settings;

  readonly data: Data;
  readonly marks: Marks;
  readonly history: History;
  /** What is shown while paused. */
  readonly paused?: { readonly data: Data; readonly marks: Marks };
  /** Ids in the order in which they stay while a dialog is open. */
  readonly frozenIds?: readonly string[];
  /** How old the data are, in seconds, once that is worth saying. */
  readonly staleSec?: number;
  readonly share?: ProcessShare;
  readonly load: LoadState;

  readonly screen: ScreenId;
  readonly lists: Readonly<Record<ScreenId, ListState>>;
  /** Columns scrolled out at the left, per screen. */
  readonly scrolledColumns: number;
  readonly filter: FilterState;
  readonly search: string;
  readonly isOnlyLeftovers: boolean;
  readonly onlyUser?: string;
  readonly tags: ReadonlySet<string>;
  /** Rows of the tree whose openness is not the usual one (groups open, objects closed). */
  readonly flipped: ReadonlySet<string>;

  readonly detail?: { readonly top: number; readonly isFocused: boolean };
  readonly content?: ContentState;
  readonly overlay?: Overlay;
  readonly prompt?: Prompt;
  readonly message?: Message;
}

export interface StateOptions {
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
  readonly colour: boolean;
  readonly abilities: Abilities;
  readonly settings: Settings;
}

export function initialState(options: StateOptions): State {
  return {
    ...options,
    data: NO_DATA,
    marks: NO_MARKS,
    history: {},
    load: NO_LOAD,
    screen: 'objects',
    lists: { objects: NEW_LIST, processes: NEW_LIST, throughput: NEW_LIST, ceilings: NEW_LIST },
    scrolledColumns: 0,
    filter: { text: '' },
    search: '',
    isOnlyLeftovers: false,
    tags: new Set(),
    flipped: new Set(),
  };
}

/** What is on the screen: frozen while paused. */
export const shownData = (state: State): Data => state.paused?.data ?? state.data;
export const shownMarks = (state: State): Marks => state.paused?.marks ?? state.marks;
