// THE table of commands: parsing, help and completions come from it.
import type { CommandSpec, OptionSpec } from './command-line.ts';

export const HELP: OptionSpec = { name: 'help', short: 'h', help: 'print this help' };
export const VERSION: OptionSpec = { name: 'version', short: 'V', help: 'print the version' };

const json = (help: string): OptionSpec => ({ name: 'json', help });
const bytes: OptionSpec = { name: 'bytes', help: 'sizes in bytes instead of 1.5G' };
const all: OptionSpec = { name: 'all', help: 'shared mappings of ordinary files too' };
const minAge: OptionSpec = {
  name: 'min-age',
  value: 'time',
  help: 'do not call abandoned what was used less than this ago; 60s by default, 0 for none',
};
const table: readonly OptionSpec[] = [
  { name: 'columns', value: 'list', help: 'columns by name, explained below' },
  { name: 'sort', value: 'column', help: 'by a column, upwards; -column downwards' },
  { name: 'no-header', help: 'rows only: no header, no totals' },
  bytes,
];

export const LS: CommandSpec = {
  name: 'ls',
  summary: 'one snapshot of all shared memory as a table',
  words: { name: 'FILTER', help: 'words that select objects, explained below' },
  options: [
    json('one JSON object (see shmtop schema)'),
    { name: 'ndjson', help: 'one JSON object a line for each object' },
    { name: 'csv', help: 'all columns, exact values, RFC 4180' },
    ...table,
    { name: 'kind', value: 'list', help: 'only these: sysv,posix,unlinked,memfd,anonymous,file' },
    { name: 'verdict', value: 'list', help: 'only these: in-use,abandoned,unheld,unknown' },
    minAge,
    all,
    HELP,
  ],
};

export const SHOW: CommandSpec = {
  name: 'show',
  summary: 'everything about an object: holders, evidence, what removal would do',
  words: { name: 'ID', help: 'as ls prints it', isRequired: true },
  options: [
    json('one JSON object a line for each object'),
    { name: 'hex', help: 'its content instead, read without attaching' },
    { name: 'offset', value: 'bytes', help: 'where to start (with --hex)' },
    { name: 'length', value: 'bytes', help: 'how much to show, 256 by default (with --hex)' },
    bytes,
    minAge,
    HELP,
  ],
};

export const PS: CommandSpec = {
  name: 'ps',
  summary: 'processes and what they hold',
  words: { name: 'PID', help: 'pids, or words that select processes, explained below' },
  options: [json('one JSON object (see shmtop schema)'), ...table, all, HELP],
};

export const WATCH: CommandSpec = {
  name: 'watch',
  summary: 'who attaches, detaches, opens and removes what, as it happens, one line each',
  words: { name: 'ID|FILTER', help: 'objects as ls prints them, and words that select objects, explained below' },
  options: [
    json('one JSON object a line (see shmtop schema)'),
    { name: 'for', value: 'time', help: 'end after this time, such as 10s' },
    { name: 'until-empty', value: 'id', help: 'end as soon as nobody maps this object any more' },
    {
      name: 'exact',
      help: 'root: every shmat and shmdt by tracepoints, at some 11 ns for every system call of the machine',
    },
    { name: 'record', value: 'file', help: 'write snapshots and all events to a file too, for shmtop replay' },
    HELP,
  ],
};

export const DOCTOR: CommandSpec = {
  name: 'doctor',
  summary: 'what this kernel, these privileges and this build allow, and what to do about the rest',
  options: [json('one JSON object (see shmtop schema)'), HELP],
};

export const SCHEMA: CommandSpec = {
  name: 'schema',
  summary: 'the JSON Schema of all --json output',
  options: [HELP],
};

export const COMMANDS: readonly CommandSpec[] = [LS, SHOW, PS, WATCH, DOCTOR, SCHEMA];
