// What a screen is: all in which one differs from another. The screens themselves are rows of screens.ts.
import type { ShmObject } from '../../probe/model/object.ts';
import type { ProcessRow } from '../../probe/model/process-row.ts';
import type { Binding } from './binding.ts';
import type { Intent, ScreenNumber } from './intent.ts';
import type { Pane } from './pane.ts';
import type { ScreenId } from './screen-id.ts';
import type { State } from './state.ts';
import type { Table } from './table.ts';

/** A key and its word, for the key bar. */
export type KeyHint = readonly [key: string, label: string];

/** `at` is the index of the selected row, -1 where there is none. */
export interface Screen {
  readonly id: ScreenId;
  /** The key that the reference gives it. */
  readonly number: ScreenNumber;
  readonly title: string;
  /** What its key does, for the help. */
  readonly does: string;
  /** Shown only where the program is told that it can do this. */
  readonly needs?: Binding['needs'];

  /** Lines above its list, and those that one row takes. */
  readonly titleLines: number;
  readonly rowLines: number;
  /** The meters stand above it from this height of the terminal on; absent: always. */
  readonly metersFrom?: number;
  /** Its columns stand in the last title line; absent: its rows are drawn in a way of their own. */
  readonly table?: Table;
  /** Are the details of the selected row shown beside or instead of the list? */
  readonly hasDetail?: boolean;

  /** Ids of all rows, in order. */
  readonly rowIds: (state: State) => readonly string[];
  /** The row at a place of the body, for clicks; absent: rows stand one below the other. */
  readonly rowAt?: (state: State, body: Pane, x: number, line: number) => number | undefined;
  /** Has the row at an index the text in it? Absent: it cannot be searched. */
  readonly finder?: (state: State, text: string) => (index: number) => boolean;
  /** Whose words those of the filter are; absent: those of objects. */
  readonly words?: 'events' | 'processes';

  /** What keys mean here and nowhere else, Enter and a click on the selected row (`open`) among them. */
  readonly keys?: (state: State, intent: Intent, at: number) => State | undefined;
  /** Keys that matter here, before those of the keymap. */
  readonly keyHints: (state: State) => readonly KeyHint[];
  /** The same while its details are shown, after Esc. */
  readonly detailHints?: readonly KeyHint[];
  /** Where the selection is, and of how many; empty: not worth saying. */
  readonly position?: (state: State, at: number) => string;
  /** What else is in force here, for the status line. */
  readonly chip?: (state: State) => string | undefined;

  /** The object that the row is: it can be tagged and removed. */
  readonly object?: (state: State, at: number) => ShmObject | undefined;
  /** The objects that the row is the sum of: what is proven abandoned among them can be tagged and removed together. */
  readonly members?: (state: State, at: number) => readonly ShmObject[];
  /** The object that the row is about, where it is none: its content can be looked at. */
  readonly about?: (state: State, at: number) => ShmObject | undefined;
  readonly process?: (state: State, at: number) => ProcessRow | undefined;
  /** What is copied as its ID; absent: nothing can be. */
  readonly copies?: (state: State, at: number) => string | undefined;
  /** That is a whole command line, not one word of one. */
  readonly copiesLine?: true;

  /** What the world is asked for while it is shown: events at once; whether a load could run, and each of its figures; the account. */
  readonly asks?: 'events' | 'load' | 'account';
}
