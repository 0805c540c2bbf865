// The whole state of the dashboard: plain data, changed by one reducer only.

import type { EventFilter } from '../../filter/event-filter.ts';
import type { ObjectFilter } from '../../filter/object-filter.ts';
import type { ProcessFilter } from '../../filter/process-filter.ts';
import type { LoadChoices } from '../../load/model/options.ts';
import type { AccountReadings } from '../../probe/model/account/account.ts';
import type { SumKind } from '../../probe/model/account/sum-by.ts';
import type { Scope } from '../../probe/model/ceiling-scope.ts';
import type { ShmEvent } from '../../probe/model/event/event.ts';
import type { SourceNote } from '../../probe/model/event/live-session.ts';
import { type Histories, NO_HISTORIES } from '../../probe/model/event/object-history.ts';
import type { KnownLife } from '../../probe/model/life/life.ts';
import type { Peek } from '../../probe/model/peek.ts';
import type { ProcessShare } from '../../probe/model/process-share.ts';
import type { ReplayPosition } from '../../probe/model/replay-position.ts';
import type { Residents } from '../../probe/model/residents.ts';
import type { RemovalRights } from '../../remove/model/rights.ts';
import type { Abilities } from './binding.ts';
import { type Data, NO_DATA } from './data.ts';
import { type EventLog, NO_EVENTS } from './event-log.ts';
import type { History } from './history.ts';
import type { LineEdit } from './line-edit.ts';
import type { ListState } from './list.ts';
import { type LoadState, NO_LOAD } from './load.ts';
import { DEFAULT_CHOICES } from './load-choices.ts';
import { type Marks, NO_MARKS } from './marks.ts';
import type { RemovalState } from './removal.ts';
import { NEW_LISTS, type ScreenId } from './screen-id.ts';

export type GroupBy = 'software' | 'user' | 'container' | 'namespace';
export const GROUPINGS: readonly GroupBy[] = ['software', 'user', 'container', 'namespace'];

export type ThemeName = 'dark' | 'light' | 'high-contrast' | 'mono';
export const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'high-contrast', 'mono'];

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** What was chosen for one table. */
export interface TableChoice {
  /** Absent: its own order. */
  readonly sort?: Sort;
  /** Ids of columns, in order; absent: as many of the usual ones as fit. */
  readonly columns?: readonly string[];
}

/** What the user may choose and the program remembers. */
export interface Settings {
  readonly theme: ThemeName;
  readonly intervalMs: number;
  readonly isMouseOn: boolean;
  readonly isFollowing: boolean;
  readonly isHeaderShown: boolean;
  /** By screen; absent: nothing was chosen for its table. */
  readonly tables: Readonly<Partial<Record<ScreenId, TableChoice>>>;
  readonly groupBy?: GroupBy;
  /** What the rows of the Where screen are. */
  readonly whereBy: SumKind;
  /** Of the events. */
  readonly isNewestFirst: boolean;
  /** What the next load will be. */
  readonly load: LoadChoices;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'dark',
  intervalMs: 1000,
  isMouseOn: true,
  isFollowing: true,
  isHeaderShown: true,
  tables: {},
  whereBy: 'owner',
  isNewestFirst: true,
  load: DEFAULT_CHOICES,
};

/** All objects that have this in common; see `isOwnedBy`. */
export interface OnlyOwner {
  readonly by: SumKind;
  /** Absent: those that have no owner of that kind. */
  readonly key?: string;
  /** Its name, escaped. */
  readonly label: string;
  /** Of these, those that count against one limit; absent: all. */
  readonly scope?: Scope;
}

/** Steps of `[ and `]`. */
export const INTERVALS_MS: readonly number[] = [250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

export type Overlay =
  | { readonly kind: 'help'; readonly top: number; readonly query: string }
  /** `item`: the key of the one that is marked, wherever its line is; absent: the first. */
  | { readonly kind: 'setup'; readonly item?: string }
  | { readonly kind: 'sort'; readonly at: number };

export interface Prompt {
  readonly kind: 'filter' | 'search' | 'help-filter';
  readonly line: LineEdit;
  /** What Esc goes back to. */
  readonly before: string;
  readonly listBefore: ListState;
}

export interface FilterState {
  readonly text: string;
  /** Made of the words that make sense. */
  readonly filter?: ObjectFilter;
  /** The same for events, which have words of their own. */
  readonly eventFilter?: EventFilter;
  /** And for processes: their own fields, and those of what they hold. */
  readonly processFilter?: ProcessFilter;
  /** What is wrong with the first word that makes none. */
  readonly problem?: string;
}

/** Who fills one limit, and by what they are told apart. */
export interface WhereOf {
  readonly ceilingId: string;
  readonly by: SumKind;
}

/** A place from which a key led further in, as it was; its selection is kept in the list of its screen. */
export interface CameFrom
  extends Pick<
    State,
    'screen' | 'scrolledColumns' | 'filter' | 'isOnlyLeftovers' | 'onlyOwner' | 'whereOf' | 'flipped' | 'cameFrom'
  > {
  /** The details that are open came with it: what closes them leads back. */
  readonly isWithDetail?: true;
}

export interface ContentState {
  readonly id: string;
  readonly offset: number;
  /** Absent while it is being read. */
  readonly peek?: Peek;
  readonly peekOffset?: number;
}

/** How long a message is shown, milliseconds: what somebody should read longer than what he only need notice. */
export const MESSAGE_MS = { good: 5000, warning: 10_000, bad: 10_000 } as const;

export interface Message {
  readonly text: string;
  readonly kind: 'good' | 'warning' | 'bad';
  /** Absent until the next clock, which gives it its time. */
  readonly untilMs?: number;
}

/** Which sources tell of events; `problem`: none, and why. */
export interface LiveState {
  readonly sources: readonly SourceNote[];
  readonly problem?: string;
}

export interface State {
  readonly columns: number;
  readonly rows: number;
  readonly abilities: Abilities;
  /** Can the terminal show box characters, and colours? */
  readonly unicode: boolean;
  readonly colour: boolean;
  readonly settings: Settings;
  /** What the kernel lets us remove; absent: found out when it is tried. */
  readonly rights?: RemovalRights;
  /** How what is proven abandoned is removed: `countdown` unless said otherwise. */
  readonly confirm?: 'countdown' | 'ask';
  /** What of config.toml makes no sense, a sentence each. */
  readonly configProblems?: readonly string[];

  readonly data: Data;
  readonly marks: Marks;
  readonly history: History;
  readonly events: EventLog;
  /** Of the objects that something happened to. */
  readonly histories: Histories;
  /** Where a replay stands; absent while this machine is shown. */
  readonly replay?: ReplayPosition;
  /** Absent until the sources have started. */
  readonly live?: LiveState;
  /** What is shown while paused. */
  readonly paused?: Pick<State, 'data' | 'marks' | 'events' | 'histories' | 'history' | 'account'>;
  /** Ids in the order in which they stay while a dialog is open. */
  readonly frozenIds?: readonly string[];
  /** How old the data are, in seconds, once that is worth saying. */
  readonly staleSec?: number;
  readonly share?: ProcessShare;
  readonly residents?: Residents;
  /** What a witness knows of the object whose details were looked at last. */
  readonly life?: KnownLife;
  /** What was read for the account of the machine's shared memory, while somebody looked at it; absent: not yet, or of a recording. */
  readonly account?: AccountReadings;
  readonly load: LoadState;

  readonly screen: ScreenId;
  readonly lists: Readonly<Record<ScreenId, ListState>>;
  /** Columns scrolled out at the left, per screen. */
  readonly scrolledColumns: number;
  readonly filter: FilterState;
  readonly search: string;
  readonly isOnlyLeftovers: boolean;
  /** Only the objects of this owner are shown. */
  readonly onlyOwner?: OnlyOwner;
  /** The Where screen is about who fills one limit; absent: about all memory. */
  readonly whereOf?: WhereOf;
  /** What Esc goes back to. */
  readonly cameFrom?: CameFrom;
  readonly tags: ReadonlySet<string>;
  /** Rows of the tree whose openness is not the usual one (groups open, objects closed). */
  readonly flipped: ReadonlySet<string>;

  readonly detail?: {
    readonly top: number;
    readonly isFocused: boolean;
    /** Of the object of an event, which may be gone: the list of events stands still meanwhile. */
    readonly isOfEvent?: boolean;
  };
  readonly content?: ContentState;
  readonly overlay?: Overlay;
  readonly prompt?: Prompt;
  /** What became of the object that was selected until a moment ago, for as long as a key may still be meant for it: `sysv:5 is gone`. */
  readonly slidFrom?: string;
  /** The event whose object was asked for before a sample showed it; until the next key. */
  readonly awaited?: ShmEvent;
  readonly message?: Message;
  readonly removal?: RemovalState;
}

export interface StateOptions {
  readonly columns: number;
  readonly rows: number;
  readonly unicode: boolean;
  readonly colour: boolean;
  readonly abilities: Abilities;
  readonly settings: Settings;
  readonly rights?: RemovalRights;
  readonly confirm?: 'countdown' | 'ask';
  readonly configProblems?: readonly string[];
}

export function initialState(options: StateOptions): State {
  return {
    ...options,
    data: NO_DATA,
    marks: NO_MARKS,
    history: {},
    events: NO_EVENTS,
    histories: NO_HISTORIES,
    load: NO_LOAD,
    screen: 'objects',
    lists: NEW_LISTS,
    scrolledColumns: 0,
    filter: { text: '' },
    search: '',
    isOnlyLeftovers: false,
    tags: new Set(),
    flipped: new Set(),
  };
}

/** What is on the screen: frozen while paused. */
export const shownData = (state: Pick<State, 'data' | 'paused'>): Data => state.paused?.data ?? state.data;
export const shownMarks = (state: State): Marks => state.paused?.marks ?? state.marks;
export const shownEvents = (state: State): EventLog => state.paused?.events ?? state.events;
export const shownAccount = (state: Pick<State, 'account' | 'paused'>): AccountReadings | undefined =>
  state.paused ? state.paused.account : state.account;
export const shownHistories = (state: State): Histories => state.paused?.histories ?? state.histories;
export const shownHistory = (state: State): History => state.paused?.history ?? state.history;
