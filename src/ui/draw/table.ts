// A table: what stands above it, its titles, and the rows in the window, each exactly as wide as the pane.
import { itemAt } from '../../probe/model/item-at.ts';
import { type Column, findColumn } from '../format/column.ts';
import { forLocale } from '../format/glyphs.ts';
import type { TablePlace } from '../format/table-places.ts';
import { displayWidth } from '../format/width.ts';
import { wrapText } from '../format/wrap.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { currentSort, modeOf, selectedRow } from '../state/select.ts';
import type { State } from '../state/state.ts';
import type { Table } from '../state/table.ts';
import { GUTTER, hiddenColumns, tablePlaces } from '../state/table-layout.ts';
import type { UiToken } from '../theme.ts';
import { cutTo, fitTo, joinPieces, type Kit, kitOf, type Piece, paintWith } from './pen.ts';
import { drawTitles } from './titles.ts';

/** A row whose cells are columns of an item. */
export interface Cells<Item> {
  readonly item: Item;
  /** Before the first cell: `GUTTER` characters; absent: blank. */
  readonly gutter?: readonly Piece[];
  /** What the whole row means, whatever its cells do; the selection stands above it. */
  readonly whole?: UiToken;
  /** What a cell of that width says, where it is not the text of the column alone. */
  readonly text?: (column: Column<Item>, text: string, width: number) => string;
  /** What a cell means, where it is not the column that knows. */
  readonly token?: (column: Column<Item>, text: string) => UiToken | undefined;
}

export interface TableDrawing<Row, Item> {
  readonly table: Table;
  readonly columns: readonly Column<Item>[];
  readonly rows: (state: State) => readonly Row[];
  /** Cells, or pieces that are a line of their own. */
  readonly row: (kit: Kit, state: State, row: Row) => Cells<Item> | readonly Piece[];
  readonly above?: (kit: Kit, state: State, width: number) => string;
  /** Why there are no rows. */
  readonly emptyText: (state: State) => string;
}

interface Placed<Item> {
  readonly column: Column<Item>;
  readonly place: TablePlace;
}

export function drawTable<Row, Item>(state: State, drawing: TableDrawing<Row, Item>): string[] {
  const { table, columns, above } = drawing;
  const kit = kitOf(state);
  const { width, height } = layoutScreen(state).body;
  const places = tablePlaces(state, table);
  const placed = places.flatMap((place): Placed<Item>[] => {
    const column = findColumn(columns, place.id);
    return column ? [{ column, place }] : [];
  });
  const rows = drawing.rows(state);
  const { top } = state.lists[table.id];
  const at = selectedRow(state);
  const lines = [
    ...(above ? [above(kit, state, width)] : []),
    drawTitles(kit, placed, currentSort(state), { width, ...hiddenColumns(state, table, places) }),
  ];
  const end = Math.min(rows.length, top + height - lines.length);
  for (let index = top; index < end; index++) {
    const selection = index === at ? selectionToken(state) : undefined;
    lines.push(drawRow(kit, drawing.row(kit, state, itemAt(rows, index)), placed, width, selection));
  }
  return rows.length > 0 ? lines : [...lines, '', ...emptyLines(kit, drawing.emptyText(state), width)].slice(0, height);
}

const emptyLines = (kit: Kit, text: string, width: number) =>
  wrapText(text, Math.max(1, width - 2)).map((line) => paintWith(kit, 'faint', cutTo(kit, ` ${line}`, width)));

function selectionToken(state: State): UiToken {
  if (state.removal?.kind === 'countdown') return 'danger';
  return modeOf(state) === 'table' || state.prompt ? 'selected' : 'selected-idle';
}

function drawRow<Item>(
  kit: Kit,
  row: Cells<Item> | readonly Piece[],
  placed: readonly Placed<Item>[],
  width: number,
  selection: UiToken | undefined,
): string {
  const pieces = 'item' in row ? cellPieces(kit, row, placed) : row;
  return joinPieces(
    kit,
    selection === undefined ? pieces : pieces.map(([text]): Piece => [text, selection]),
    width,
    selection,
  );
}

function cellPieces<Item>(
  kit: Kit,
  { item, gutter = BLANK, whole: rowToken, text: textOf, token: tokenOf }: Cells<Item>,
  placed: readonly Placed<Item>[],
): Piece[] {
  const pieces: Piece[] = gutter.map(([text, token]) => [text, rowToken ?? token]);
  let x = GUTTER;
  for (const { column, place } of placed) {
    if (place.x > x) pieces.push([' '.repeat(place.x - x), rowToken]);
    const whole = column.text(item, kit.style);
    const isWide = column.fit !== undefined && displayWidth(forLocale(whole, kit.style)) > place.width;
    const plain = isWide ? (column.fit?.(item, kit.style, place.width) ?? whole) : whole;
    const text = textOf?.(column, plain, place.width) ?? plain;
    const token = rowToken ?? tokenOf?.(column, plain) ?? column.token?.(item);
    pieces.push([fitTo(kit, text, place.width, column.align, column.cut), token]);
    x = place.x + place.width;
  }
  return pieces;
}

const BLANK: readonly Piece[] = [[' '.repeat(GUTTER)]];
