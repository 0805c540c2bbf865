// The commands that tell of the program itself.
import type { CommandSpec } from '../command-line.ts';
import { HELP, json } from './options.ts';

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
