// Options that several commands have, and the dashboard too.
import type { OptionSpec } from '../command-line.ts';

export const HELP: OptionSpec = { name: 'help', short: 'h', help: 'print this help' };
export const VERSION: OptionSpec = { name: 'version', short: 'V', help: 'print the version' };

/** Of what records beside its work. */
export const NO_WITNESS: OptionSpec = {
  name: 'no-witness',
  help: 'do not keep what is seen for shmtop history and later verdicts (see docs/witness.md)',
};

export const json = (help: string): OptionSpec => ({ name: 'json', help });
export const bytes: OptionSpec = { name: 'bytes', help: 'sizes in bytes instead of 1.5G' };
export const all: OptionSpec = { name: 'all', help: 'shared mappings of ordinary files too' };
export const minAge: OptionSpec = {
  name: 'min-age',
  value: 'time',
  help: 'do not call abandoned or orphaned what was used less than this ago; 60s by default, 0 for none',
};
const sort: OptionSpec = {
  name: 'sort',
  short: 's',
  value: 'column',
  help: 'by a column, upwards; -column downwards',
};
const user: OptionSpec = {
  name: 'user',
  short: 'u',
  value: 'list',
  help: 'only of these users, by name or number',
};
const columns: OptionSpec = { name: 'columns', value: 'list', help: 'columns by name, explained below' };
const noHeader: OptionSpec = { name: 'no-header', help: 'rows only: no header, no totals' };
export const table: readonly OptionSpec[] = [columns, sort, user, noHeader, bytes];
export const csv: OptionSpec = { name: 'csv', help: 'all columns, exact values, RFC 4180' };
export const kind: OptionSpec = {
  name: 'kind',
  value: 'list',
  help: 'only these: sysv,posix,unlinked,memfd,anonymous,file',
};
export const verdict: OptionSpec = {
  name: 'verdict',
  value: 'list',
  help: 'only these: in-use,abandoned,orphaned,unheld,unknown',
};
export const pid: OptionSpec = {
  name: 'pid',
  short: 'p',
  value: 'list',
  help: 'only what these processes hold, made or used last',
};
export const repeated: readonly OptionSpec[] = [
  { name: 'count', short: 'n', value: 'n', help: 'print so many times, every second unless told otherwise' },
  { name: 'batch', short: 'b', help: 'print again and again, also on a terminal, until it is ended' },
  { name: 'once', help: 'print once' },
];
/** How a snapshot is printed. */
export const printed: readonly OptionSpec[] = [
  json('one JSON object (see shmtop schema)'),
  { name: 'ndjson', help: 'one JSON object a line for each object' },
  csv,
];

/** What chooses and orders the objects, in ls and without a command. */
export const CHOICE: readonly OptionSpec[] = [sort, user, pid, kind, verdict];
/** Without a command: each of these prints instead of starting the dashboard. */
export const PRINTING: readonly OptionSpec[] = [...repeated, ...printed, columns, noHeader, bytes];
