// `--columns` and `--sort`: which columns are meant, or what would have been.
import { type Column, findColumn } from '../ui/format/column.ts';
import { nearest } from '../ui/format/nearest.ts';
import { UsageError } from './usage.ts';

/** The default table: columns with a priority, in the order of the table. */
export function defaultColumns<Row>(all: readonly Column<Row>[]): Column<Row>[] {
  return all.filter(({ priority }) => priority !== undefined);
}

/** `a,b,c`; `+a,b` adds to the default table; `all` is all of them. */
export function chooseColumns<Row>(all: readonly Column<Row>[], choice: string): Column<Row>[] {
  if (choice === 'all') return [...all];
  const isAddition = choice.startsWith('+');
  const ids = (isAddition ? choice.slice(1) : choice).split(',').map((id) => id.trim());
  const chosen = ids.filter((id) => id !== '').map((id) => columnOrThrow(all, id, '--columns'));
  if (chosen.length === 0) throw new UsageError(`--columns names no column; columns are ${idsOf(all)}`);
  return [...new Set(isAddition ? [...defaultColumns(all), ...chosen] : chosen)];
}

/** `size` sorts upwards, `-size` downwards. */
export function chooseSort<Row>(
  all: readonly Column<Row>[],
  choice: string,
): { readonly column: Column<Row>; readonly descending: boolean } {
  const descending = choice.startsWith('-');
  return { column: columnOrThrow(all, descending ? choice.slice(1) : choice, '--sort'), descending };
}

function columnOrThrow<Row>(all: readonly Column<Row>[], id: string, option: string): Column<Row> {
  const column = findColumn(all, id);
  if (column) return column;
  const near = nearest(
    id,
    all.map(({ id }) => id),
  );
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  throw new UsageError(`${option}: there is no column "${id}"; ${hint}columns are ${idsOf(all)}`);
}

const idsOf = <Row>(all: readonly Column<Row>[]) => all.map(({ id }) => id).join(' ');
