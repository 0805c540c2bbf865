// What was chosen for the tables, as it is remembered: believed as far as it makes sense, and only what differs is kept.
import { findColumn } from '../format/column.ts';
import { ALL_SCREENS } from './screens.ts';
import type { Settings, Sort, TableChoice } from './state.ts';
import type { Table } from './table.ts';

type Tables = Settings['tables'];
type Building = { -readonly [Id in keyof Tables]: Tables[Id] };

/** `found`: the entries of state.json. */
export function understandTables(found: ReadonlyMap<string, unknown>): Tables {
  const kept = entriesOf(found.get('tables'));
  const tables: Building = {};
  for (const { id, table } of ALL_SCREENS) {
    if (!table) continue;
    const chosen = entriesOf(kept.get(id));
    const old = OLD_KEYS.get(id);
    const columns = columnIds(table, chosen.get('columns') ?? found.get(old?.columns ?? ''));
    const sort = understandSort(table, chosen.get('sort') ?? found.get(old?.sort ?? ''));
    if (columns.length > 0 || sort) tables[id] = { ...(columns.length > 0 && { columns }), ...(sort && { sort }) };
  }
  return tables;
}

/** Where state.json had them while two tables only could be sorted, and the columns of one be chosen. */
const OLD_KEYS: ReadonlyMap<string, { readonly sort: string; readonly columns?: string }> = new Map([
  ['objects', { sort: 'sort', columns: 'columns' }],
  ['processes', { sort: 'processSort' }],
]);

/** The ids of columns among what is called a list of them, each once, at its first place; what is none is left out. */
export function columnIds({ columns }: Table, value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const ids = value
    .slice(0, MOST_WORDS)
    .flatMap((id: unknown) => (typeof id === 'string' ? (findColumn(columns, id)?.id ?? []) : []));
  return [...new Set(ids)];
}

const MOST_WORDS = 1000;

function understandSort(table: Table, value: unknown): Sort | undefined {
  const found = entriesOf(value);
  const column = table.columns.find(({ id }) => id === found.get('column'))?.id;
  if (!table.sort || column === undefined || !found.has('descending')) return undefined;
  return { column, descending: found.get('descending') === true };
}

/** What is chosen otherwise than in `base`: what a config.toml says stays in force for all else. */
export function changedTables(tables: Tables, base: Tables): Tables {
  const changed: Building = {};
  for (const { id } of ALL_SCREENS) {
    const { sort, columns } = tables[id] ?? {};
    const choice: TableChoice = {
      ...(isSame(sort, base[id]?.sort) ? {} : { sort }),
      ...(isSame(columns, base[id]?.columns) ? {} : { columns }),
    };
    if (Object.keys(choice).length > 0) changed[id] = choice;
  }
  return changed;
}

/** `over` table by table above `base`. */
export function mergeTables(base: Tables, over: Tables = {}): Tables {
  const merged: Building = { ...base };
  for (const { id } of ALL_SCREENS) if (over[id]) merged[id] = { ...base[id], ...over[id] };
  return merged;
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const entriesOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
