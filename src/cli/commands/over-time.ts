// The commands that tell what happens and happened.
import type { CommandSpec } from '../command-line.ts';
import { HELP, json, NO_WITNESS } from './options.ts';

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
    { name: 'last', value: 'n', help: 'only so many deeds, the newest' },
    { name: 'no-header', help: 'rows only: no header, no totals' },
    json('one JSON object (see shmtop schema)'),
    HELP,
  ],
};
