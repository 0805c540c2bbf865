// What a column of a table is; the tables themselves are columns.ts (objects) and process-columns.ts.
import type { Token } from './colour.ts';
import type { Style } from './style.ts';
import type { Cut } from './width.ts';

/** What a number counts: decides how a filter word and a cell are read and written. */
export type Quantity = 'bytes' | 'seconds' | 'count';

export interface Column<Row> {
  /** As `--columns`, `--sort` and CSV headers name it. */
  readonly id: string;
  readonly title: string;
  /** One sentence for the help. */
  readonly meaning: string;
  readonly align: 'left' | 'right';
  readonly minWidth: number;
  /** Width at which nothing usual is cut; the text may be longer. */
  readonly wantedWidth: number;
  /** Place in the default table: 0 always, then 1 upwards while there is room; absent: only when asked for. */
  readonly priority?: number;
  /** Left out of the default table when no row has anything in it. */
  readonly isOptional?: boolean;
  readonly cut?: Cut;
  /** The field of the JSON that says the same; absent where it is made of several. */
  readonly json?: string;
  /** Numbers only: makes the column a FILTER word with `> >= < <=`. */
  readonly quantity?: Quantity;
  /** Resident bytes must have been sampled for it. */
  readonly needsRss?: boolean;
  /** Control groups of all holders must have been read for it. */
  readonly needsUnits?: boolean;
  /** Exact: what CSV writes and what is compared; absent means unknown or never. */
  readonly value: (row: Row, nowSec: number) => number | string | undefined;
  /** What sorting compares, where it is not the value. */
  readonly order?: (row: Row) => number | string | undefined;
  /** What the table shows; escaped. */
  readonly text: (row: Row, style: Style) => string;
  /** The text in so many columns, where it is wider and its end or middle cannot go; escaped. */
  readonly fit?: (row: Row, style: Style, width: number) => string;
  readonly token?: (row: Row) => Token | undefined;
}

/** The column of that id (case does not matter), if there is one. */
export function findColumn<Found extends { readonly id: string }>(
  columns: readonly Found[],
  id: string,
): Found | undefined {
  const wanted = id.toLowerCase();
  return columns.find((column) => column.id === wanted);
}

/** Sorted copy: numbers by size, text by code unit, rows without a value last in both directions. Stable. */
export function sortRows<Row>(rows: readonly Row[], column: Column<Row>, descending: boolean, nowSec: number): Row[] {
  const direction = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: column.order ? column.order(row) : column.value(row, nowSec) }));
  keyed.sort((a, b) => {
    if (a.key === b.key) return 0;
    if (a.key === undefined) return 1;
    if (b.key === undefined) return -1;
    return a.key < b.key ? -direction : direction;
  });
  return keyed.map(({ row }) => row);
}
