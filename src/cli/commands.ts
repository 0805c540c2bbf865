// THE table of commands: parsing, help and completions come from it.
import { SUM_KINDS } from '../probe/model/account/sum-by.ts';
import type { CommandSpec, OptionSpec } from './command-line.ts';

export const HELP: OptionSpec = { name: 'help', short: 'h', help: 'print this help' };
export const VERSION: OptionSpec = { name: 'version', short: 'V', help: 'print the version' };

/** Of what records beside its work. */
export const NO_WITNESS: OptionSpec = {
  name: 'no-witness',
  help: 'do not keep what is seen for shmtop history and later verdicts (see docs/witness.md)',
};

const json = (help: string): OptionSpec => ({ name: 'json', help });
const bytes: OptionSpec = { name: 'bytes', help: 'sizes in bytes instead of 1.5G' };
const all: OptionSpec = { name: 'all', help: 'shared mappings of ordinary files too' };
const minAge: OptionSpec = {
  name: 'min-age',
  value: 'time',
  help: 'do not call abandoned or orphaned what was used less than this ago; 60s by default, 0 for none',
};
const sort: OptionSpec = { name: 'sort', short: 's', value: 'column', help: 'by a column, upwards; -column downwards' };
const user: OptionSpec = { name: 'user', short: 'u', value: 'list', help: 'only of these users, by name or number' };
const columns: OptionSpec = { name: 'columns', value: 'list', help: 'columns by name, explained below' };
const noHeader: OptionSpec = { name: 'no-header', help: 'rows only: no header, no totals' };
const table: readonly OptionSpec[] = [columns, sort, user, noHeader, bytes];
const csv: OptionSpec = { name: 'csv', help: 'all columns, exact values, RFC 4180' };
const kind: OptionSpec = { name: 'kind', value: 'list', help: 'only these: sysv,posix,unlinked,memfd,anonymous,file' };
const verdict: OptionSpec = {
  name: 'verdict',
  value: 'list',
  help: 'only these: in-use,abandoned,orphaned,unheld,unknown',
};
const pid: OptionSpec = {
  name: 'pid',
  short: 'p',
  value: 'list',
  help: 'only what these processes hold, made or used last',
};
const repeated: readonly OptionSpec[] = [
  { name: 'count', short: 'n', value: 'n', help: 'print so many times, every second unless told otherwise' },
  { name: 'batch', short: 'b', help: 'print again and again, also on a terminal, until it is ended' },
  { name: 'once', help: 'print once' },
];
/** How a snapshot is printed. */
const printed: readonly OptionSpec[] = [
  json('one JSON object (see shmtop schema)'),
  { name: 'ndjson', help: 'one JSON object a line for each object' },
  csv,
];

/** What chooses and orders the objects, in ls and without a command. */
export const CHOICE: readonly OptionSpec[] = [sort, user, pid, kind, verdict];
/** Without a command: each of these prints instead of starting the dashboard. */
export const PRINTING: readonly OptionSpec[] = [...repeated, ...printed, columns, noHeader, bytes];

export const LS: CommandSpec = {
  name: 'ls',
  summary: 'one snapshot of all shared memory as a table',
  words: { name: 'FILTER', help: 'words that select objects, explained below' },
  options: [
    ...printed,
    ...table,
    pid,
    kind,
    verdict,
    { name: 'watch', short: 'd', value: 'time', help: 'print again and again, that often, such as 2 or 500ms' },
    ...repeated,
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
    { name: 'placement', help: 'NUMA nodes of its pages, and what each holder pays (PSS): dear' },
    { name: 'search', help: "look for its name in the memory of its owner's processes" },
    { name: 'yes', help: 'with --search: do not ask before the memory of others is read' },
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
  options: [
    json('one JSON object (see shmtop schema)'),
    csv,
    ...table,
    { ...pid, help: 'only these processes, as words that are numbers' },
    all,
    HELP,
  ],
};

export const SUMMARY: CommandSpec = {
  name: 'summary',
  summary: 'where all shared memory of the machine is and whose, what is near its end, what would come free',
  words: { name: 'FILTER', help: 'words that select objects, explained below' },
  options: [
    { name: 'by', value: 'what', help: `sums by ${SUM_KINDS.join(', ')}; a tree of all without it` },
    json('one JSON object (see shmtop schema)'),
    bytes,
    minAge,
    HELP,
  ],
};

export const RM: CommandSpec = {
  name: 'rm',
  summary: 'remove objects, each looked at again in the moment of its removal',
  words: { name: 'ID', help: 'as ls prints it; with --abandoned, --orphaned or --unheld filter words as for ls' },
  options: [
    { name: 'abandoned', help: 'all of which it is proven that nobody holds it and nobody will come back for it' },
    {
      name: 'orphaned',
      help: 'all that nobody holds and whose makers are gone, though nothing proves that nobody will come back; --yes only beside --min-age',
    },
    { name: 'unheld', help: 'all that nobody holds now, though somebody may come back' },
    {
      name: 'namespace',
      value: 'list',
      help: 'with --abandoned, --orphaned or --unheld: in these other namespaces too, or all; see below',
    },
    { name: 'dry-run', short: 'n', help: 'only say what would happen' },
    { name: 'yes', short: 'y', help: 'do not ask' },
    { name: 'force', help: 'what is in use or unknown too; only by ID' },
    { name: 'save', value: 'dir', help: 'copy the content there first; see shmtop restore' },
    minAge,
    { name: 'history', help: 'what was removed, when, by whom and why' },
    json('one JSON object'),
    HELP,
  ],
};

export const RESTORE: CommandSpec = {
  name: 'restore',
  summary: 'bring back what rm --save kept, under its key or name if that is free',
  words: { name: 'FILE', help: 'the saved content, or its .json', isRequired: true },
  options: [json('one JSON object a line for each file'), HELP],
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
    NO_WITNESS,
    HELP,
  ],
};

export const WITNESS: CommandSpec = {
  name: 'witness',
  summary: 'record who makes, uses and removes what, and how each ends, until it is ended: see docs/witness.md',
  options: [
    {
      name: 'state',
      value: 'folder',
      help: 'where to keep it; else $SHMTOP_WITNESS, /var/lib/shmtop for root, the folder for state of others',
    },
    { name: 'exact', help: 'root: who removes a segment too, at some 11 ns for every system call of the machine' },
    HELP,
  ],
};

export const REPLAY: CommandSpec = {
  name: 'replay',
  summary: 'the dashboard over a recording of watch --record; without a terminal its events, one line each',
  words: {
    name: 'FILE',
    help: 'the recording; without a terminal also IDs and FILTER words as for watch',
    isRequired: true,
  },
  options: [
    json('its events as one JSON object a line, also on a terminal'),
    { name: 'theme', value: 'name', help: 'dark, light, high-contrast or mono' },
    HELP,
  ],
};

export const HISTORY: CommandSpec = {
  name: 'history',
  summary:
    'what was made, used, resized and removed, by whom, and how they ended; of what is gone too, since a witness runs',
  words: { name: 'ID|FILTER', help: 'objects as ls prints them, and words that select what was done, explained below' },
  options: [
    { name: 'since', value: 'time', help: 'only what was done so long ago or less, such as 1h' },
    { name: 'no-header', help: 'rows only: no header, no totals' },
    json('one JSON object (see shmtop schema)'),
    HELP,
  ],
};

export const DIFF: CommandSpec = {
  name: 'diff',
  summary: 'what is new, gone, grown or judged otherwise between two snapshots, the most grown first',
  words: {
    name: 'A B',
    help: 'two files that ls --json (or Ctrl-S) wrote, without filter words',
    isRequired: true,
    isAll: true,
  },
  options: [json('one JSON object (see shmtop schema)'), bytes, HELP],
};

export const DOCTOR: CommandSpec = {
  name: 'doctor',
  summary: 'what this kernel, these privileges and this terminal allow, and what to do about the rest',
  options: [json('one JSON object (see shmtop schema)'), HELP],
};

export const SCHEMA: CommandSpec = {
  name: 'schema',
  summary: 'the JSON Schema of all --json output',
  words: { name: 'COMMAND', help: 'only of what this command writes' },
  options: [HELP],
};

export const COMPLETION: CommandSpec = {
  name: 'completion',
  summary:
    'print the completion for a shell: commands, options, columns, and the IDs, users and software that are there',
  words: { name: 'SHELL', help: 'bash, zsh or fish' },
  options: [
    {
      name: 'list',
      value: 'what',
      help: 'instead what is there now, one a line: ids, pids, users, software or filter',
    },
    HELP,
  ],
};

export const LOAD: CommandSpec = {
  name: 'load',
  summary: 'generate a load over shared memory with real processes, and measure it',
  options: [
    {
      name: 'sync',
      value: 'mode',
      help: 'how a reader learns of data: futex by default; --modes lists all',
    },
    { name: 'modes', help: 'list the sync modes: how does the reader know that data has come?' },
    { name: 'size', value: 'bytes', help: 'of a message: 8, 64, 1K, 64K, 1M … 16M; 64 by default' },
    { name: 'duration', value: 'time', help: 'measured time: 500ms, 10s, 2m; 10s by default' },
    { name: 'rate', value: 'n', help: 'so many messages a second and pair, to measure one-way latency' },
    { name: 'pairs', value: 'n', help: 'producer and consumer pairs, a ring each; 1 by default' },
    { name: 'backing', value: 'kind', help: 'sysv, posix or memfd; sysv by default' },
    { name: 'buffer', value: 'kind', help: 'bounded (the writer waits) or unbounded (it grows); bounded by default' },
    { name: 'most', value: 'bytes', help: 'how far an unbounded buffer grows, a pair; 256M by default' },
    { name: 'reader-rate', value: 'n', help: 'the reader takes at most so many messages a second and pair' },
    { name: 'verify', value: 'level', help: 'full, sample, seq or off; sample by default' },
    { name: 'group', value: 'n', help: 'messages that the producer fills with one copy; 1 by default' },
    {
      name: 'api',
      value: 'kind',
      help: 'copy, view (read in place), pool (buffers lent), or all: what zero copy gains',
    },
    { name: 'producers', value: 'n', help: 'so many share one ring of fixed slots, with fairness shown' },
    { name: 'consumers', value: 'n', help: 'the same of its readers; either alone: 1 of the other' },
    { name: 'huge', help: 'a segment of huge pages that root has set aside; sysv or memfd' },
    { name: 'pin', help: 'bind each side to a processor of its own' },
    { name: 'node', value: 'n,n', help: 'bind producers and consumers to the processors of these nodes' },
    { name: 'no-latency', help: 'skip the probes of round trip and wake-up before the load' },
    { name: 'compare', help: 'the same through pipes, sockets, queues and process_vm_readv too' },
    {
      name: 'rounds',
      value: 'n',
      help: 'interleaved rounds of --compare (by default as many as end in time) and --api all (5)',
    },
    { name: 'sweep', help: 'run through the sizes from 8 B to 16 MiB' },
    { name: 'csv', help: 'print the sweep as CSV' },
    { name: 'tour', help: 'ten short scenes on harmless objects: what shared memory does, seen in shmtop' },
    { name: 'leak', value: 'n', isValueOptional: true, help: 'leave n objects behind to practise on; 5 by default' },
    { name: 'clean', help: 'with --leak: remove them again' },
    json('one JSON object at the end'),
    HELP,
  ],
};

export const COMMANDS: readonly CommandSpec[] = [
  LS,
  SHOW,
  PS,
  SUMMARY,
  WATCH,
  WITNESS,
  HISTORY,
  REPLAY,
  DIFF,
  RM,
  RESTORE,
  LOAD,
  DOCTOR,
  SCHEMA,
  COMPLETION,
];
