// Rows of text from columns and rows of data: measured, laid out, cut, aligned and painted.

import { itemAt } from '../../probe/model/item-at.ts';
import { isBlank } from './absent.ts';
import { paint, type Token } from './colour.ts';
import type { Column } from './column.ts';
import { forLocale, glyphsFor } from './glyphs.ts';
import { columnGap, layoutColumns } from './layout.ts';
import type { Style } from './style.ts';
import { displayWidth, fitText } from './width.ts';

export interface TableRequest<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly style: Style;
  /** Terminal columns; absent where nothing need be cut (a pipe). */
  readonly width?: number;
  /** True when the user named the columns: all of them are kept as long as they fit at their narrowest. */
  readonly isChosen: boolean;
  readonly hasHeader: boolean;
}

export interface Table {
  /** Header, if wanted, and one line a row; no line ends. */
  readonly lines: Iterable<string>;
  /** Titles of columns that were asked for but did not fit. */
  readonly dropped: readonly string[];
}

/** Without a terminal's width, one long name pads all other rows to at most this. */
const MOST_PADDING = 48;

interface PlacedColumn<Row> {
  readonly column: Column<Row>;
  readonly width: number;
  readonly isLast: boolean;
}

/** Lays out the table; a line is never wider than `width`, and lines are made one by one as they are taken. */
export function drawTable<Row>(request: TableRequest<Row>): Table {
  const { rows, style, width, isChosen } = request;
  const widest = width ?? MOST_PADDING;
  const measured = request.columns.map((column) => measureColumn(column, rows, style, widest));
  const worth = measured.filter(({ column, isEmpty }) => isChosen || !column.isOptional || !isEmpty);
  const places =
    width === undefined
      ? worth.map(({ full }, index) => ({ index, width: Math.min(full, MOST_PADDING) }))
      : layoutColumns(
          worth.map(({ column, full }) => ({
            // A number that is cut is a wrong number.
            min: column.quantity === undefined ? Math.min(column.minWidth, full) : full,
            wanted: column.quantity === undefined ? column.wantedWidth : full,
            full,
            priority: isChosen ? 0 : (column.priority ?? 0),
          })),
          width,
        );
  const placed = places.map(({ index, width }, at): PlacedColumn<Row> => {
    const { column } = itemAt(worth, index);
    return { column, width, isLast: at === places.length - 1 };
  });
  const shown = new Set(placed.map(({ column }) => column.id));
  return {
    lines: drawLines(placed, request),
    dropped: isChosen ? request.columns.filter(({ id }) => !shown.has(id)).map(({ title }) => title) : [],
  };
}

/**
 * Width of the widest text, as far as it matters, and whether any row says anything. Texts are not kept but made again when
 * they are drawn: 30,000 rows of them would be most of the memory.
 */
function measureColumn<Row>(column: Column<Row>, rows: readonly Row[], style: Style, widest: number) {
  let full = displayWidth(column.title);
  let isEmpty = true;
  for (const row of rows) {
    const text = forLocale(column.text(row, style), style);
    isEmpty &&= isBlank(text);
    full = Math.max(full, displayWidth(text));
    if (full >= widest && !isEmpty) break;
  }
  return { column, full, isEmpty };
}

function* drawLines<Row>(
  placed: readonly PlacedColumn<Row>[],
  { rows, style, width, hasHeader }: TableRequest<Row>,
): Generator<string> {
  const gap = ' '.repeat(columnGap(width ?? Number.POSITIVE_INFINITY));
  const isCut = width !== undefined;
  if (hasHeader) {
    yield placed.map((place) => drawCell(place.column.title, place, 'header', style, isCut)).join(gap);
  }
  for (const row of rows) {
    let line = '';
    for (const place of placed) {
      const { column } = place;
      const cell = drawCell(textOf(row, place, style, isCut), place, column.token?.(row), style, isCut);
      line += line === '' ? cell : gap + cell;
    }
    yield line;
  }
}

function textOf<Row>(row: Row, { column, width }: PlacedColumn<Row>, style: Style, isCut: boolean): string {
  const text = forLocale(column.text(row, style), style);
  if (!isCut || !column.fit || displayWidth(text) <= width) return text;
  return forLocale(column.fit(row, style, width), style);
}

function drawCell<Row>(
  text: string,
  { column: { align, cut }, width, isLast }: PlacedColumn<Row>,
  token: Token | undefined,
  style: Style,
  isCut: boolean,
): string {
  const columns = displayWidth(text);
  const blanks = ' '.repeat(Math.max(0, width - columns));
  const shown =
    isCut && columns > width ? fitText(text, width, { align, ellipsis: glyphsFor(style).ellipsis, cut }) : text;
  const painted = paint(shown, token, style);
  if (align === 'right') return blanks + painted;
  return isLast ? painted : painted + blanks;
}
