// CSV by RFC 4180: a header, CRLF line ends, quotes where needed. Values are exact: bytes, seconds, ISO times.
// Names are escaped as everywhere, but a name may still begin with `=`: import the columns as text into a spreadsheet.
import type { Column } from '../ui/format/column.ts';

const MUST_QUOTE = /[",\r\n]/;

/** Lines with their ends, one by one. A value that is unknown is an empty field. */
export function* formatCsv<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { readonly nowSec: number; readonly hasHeader: boolean },
): Generator<string> {
  if (options.hasHeader) yield `${columns.map(({ id }) => id).join(',')}\r\n`;
  for (const row of rows) {
    yield `${columns.map((column) => formatField(column.value(row, options.nowSec))).join(',')}\r\n`;
  }
}

function formatField(value: number | string | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  return MUST_QUOTE.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
