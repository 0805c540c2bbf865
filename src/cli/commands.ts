// THE table of commands, in the order of their help: parsing, help, completions, manual and reference come from it.
import type { CommandSpec } from './command-line.ts';
import { COMPLETION, DOCTOR, SCHEMA } from './commands/about.ts';
import { LOAD, RESTORE, RM } from './commands/changing.ts';
import { DIFF, LS, PS, SHOW, SUMMARY } from './commands/looking.ts';
import { CHECK, METRICS } from './commands/monitoring.ts';
import { HISTORY, REPLAY, WATCH, WITNESS } from './commands/over-time.ts';

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
  CHECK,
  METRICS,
  DOCTOR,
  SCHEMA,
  COMPLETION,
];
