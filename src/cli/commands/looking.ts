// The commands that tell what is there now.
import { SUM_KINDS } from '../../probe/model/account/sum-by.ts';
import type { CommandSpec } from '../command-line.ts';
import { all, bytes, csv, HELP, json, kind, minAge, pid, printed, repeated, table, verdict } from './options.ts';

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
