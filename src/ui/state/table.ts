// What a table of the dashboard is, and what the user chose for it: each has an order and columns of its own.
import { type Column, findColumn } from '../format/column.ts';
import type { WidthOf } from './content-width.ts';
import type { ScreenId } from './screen-id.ts';
import type { Sort, State, TableChoice } from './state.ts';

/** All of a column but its rows. */
export type ColumnFacts = Pick<
  Column<never>,
  'id' | 'title' | 'meaning' | 'align' | 'minWidth' | 'wantedWidth' | 'priority'
>;

export interface Table {
  readonly id: ScreenId;
  /** All that there are. */
  readonly columns: readonly ColumnFacts[];
  /** Those that are shown while the user has chosen none, in order, before it is known what fits. */
  readonly usual: (state: State) => readonly ColumnFacts[];
  /** Its order until the user chooses one; absent: it has one of its own. */
  readonly sort?: Sort;
  /** How wide columns may become whose texts have no usual end: they take the room that is left. */
  readonly roomy: Readonly<Record<string, number>>;
  /** Columns that stay, however narrow it is: they answer what the screen is for. */
  readonly answers?: readonly string[];
  /** Columns that give way before others of their priority would. */
  readonly lesser?: readonly string[];
  /** How wide the texts of its roomy columns are; absent: as wide as they may become. */
  readonly content?: (state: State, top: number, height: number) => WidthOf;
  /** Columns that want less in a pane of this width. */
  readonly wanted?: (column: ColumnFacts, width: number) => number;
}

export const chosenColumns = ({ settings }: State, { id }: Table): readonly string[] | undefined =>
  settings.tables[id]?.columns;

/** Columns in order, before it is known what fits: the user's, or the usual ones. */
export function shownColumns(state: State, table: Table): readonly ColumnFacts[] {
  const chosen = chosenColumns(state, table);
  return chosen ? chosen.flatMap((id) => findColumn(table.columns, id) ?? []) : table.usual(state);
}

/** What the table is sorted by; `usual` until the user has chosen. */
export const sortOf = ({ settings }: State, id: ScreenId, usual: Sort): Sort => settings.tables[id]?.sort ?? usual;

/** Numbers start with the largest, text with A, the verdict with what is urgent. */
export const naturalSort = ({ columns }: Table, column: string): Sort => ({
  column,
  descending: columns.find(({ id }) => id === column)?.align === 'right',
});

/** `choice` takes the place of what was chosen for the same; an undefined value of it takes the choice back. */
export function withChoice(state: State, { id }: Table, choice: TableChoice): State {
  const { settings } = state;
  const { tables } = settings;
  return { ...state, settings: { ...settings, tables: { ...tables, [id]: { ...tables[id], ...choice } } } };
}
