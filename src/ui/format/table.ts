// Rows of text from columns and rows of data: measured, laid out, cut, aligned and painted.

import { paint, type Token } from './colour.ts';
import type { Column } from './column.ts';
import { isBlank } from './columns.ts';
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
  readonly texts: readonly string[];
  readonly width: number;
  readonly isLast: boolean;
}

/** Lays out the table; a line is never wider than `width`, and lines are made one by one as they are taken. */
export function drawTable<Row>(request: TableRequest<Row>): Table {
  const { rows, style, width, isChosen } = request;
  const measured = request.columns.map((column) => measureColumn(column, rows, style));
  const worth = measured.filter(({ column, texts }) => isChosen || !column.isOptional || !texts.every(isBlank));
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
    const { column, texts } = worth[index];
    return { column, texts, width, isLast: at === places.length - 1 };
  });
  const shown = new Set(placed.map(({ column }) => column.id));
  return {
    lines: drawLines(placed, request),
    dropped: isChosen ? request.columns.filter(({ id }) => !shown.has(id)).map(({ title }) => title) : [],
  };
}

function measureColumn<Row>(column: Column<Row>, rows: readonly Row[], style: Style) {
  const texts = rows.map((row) => forLocale(column.text(row, style), style));
  let full = displayWidth(column.title);
  for (const text of texts) full = Math.max(full, displayWidth(text));
  return { column, texts, full };
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
  for (let row = 0; row < rows.length; row++) {
    let line = '';
    for (const place of placed) {
      const cell = drawCell(place.texts[row], place, place.column.token?.(rows[row]), style, isCut);
      line += line === '' ? cell : gap + cell;
    }
    yield line;
  }
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
