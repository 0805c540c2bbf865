// The command line of the dashboard: `shmtop` without a command, on a terminal.

import { OBJECT_COLUMNS } from '../ui/format/columns.ts';
import { parseDuration } from '../ui/format/duration.ts';
import { chooseSort } from './column-choice.ts';
import { type CommandLine, type CommandSpec, parseCommandLine } from './command-line.ts';
import { CHOICE, HELP, NO_WITNESS, PRINTING } from './commands/options.ts';
import { REPLAY } from './commands/over-time.ts';
import { chosenWords, parseMinAge } from './options.ts';
import { UsageError } from './usage.ts';

export const DASHBOARD: CommandSpec = {
  name: 'dashboard',
  summary:
    'the live table, when shmtop is called without a command on a terminal; into a pipe, and with what is only printed, the same as ls',
  options: [
    { name: 'read-only', help: 'do not bind any key that changes the machine' },
    { name: 'interval', short: 'd', value: 'time', help: 'refresh that often; 1s by default' },
    { name: 'theme', value: 'name', help: 'dark, light, high-contrast or mono' },
    {
      name: 'min-age',
      value: 'time',
      help: 'do not call abandoned or orphaned what was used less than this ago; 60s by default',
    },
    { name: 'all', help: 'shared mappings of ordinary files too' },
    NO_WITNESS,
    ...CHOICE,
    ...PRINTING,
    HELP,
  ],
};

export const THEMES = ['dark', 'light', 'high-contrast', 'mono'] as const;
type Theme = (typeof THEMES)[number];

/** What was asked for on the command line; absent: what config.toml says, or the default. Part of what the dashboard takes. */
export interface DashboardWords {
  readonly isReadOnly?: boolean;
  readonly mayRecord: boolean;
  readonly includeFiles?: boolean;
  readonly intervalMs?: number;
  readonly minAgeSec?: number;
  readonly theme?: Theme;
  /** FILTER words, as typed behind `/`. */
  readonly filter?: string;
  /** Of the objects. */
  readonly sort?: { readonly column: string; readonly descending: boolean };
}

/** `shmtop replay FILE` on a terminal. Throws UsageError. */
export function replayOptions(
  args: readonly string[],
): Pick<DashboardWords, 'theme'> & { readonly recordingPath: string } {
  const line = parseCommandLine(REPLAY, args);
  const [recordingPath = '', ...more] = line.words;
  if (more.length > 0) throw new UsageError(`replay takes one file here: "${more[0]}" is one too many`);
  return { recordingPath, theme: readTheme(line.text('theme')) };
}

/** Throws UsageError. */
export function dashboardOptions(args: readonly string[]): DashboardWords {
  const line = parseCommandLine(DASHBOARD, args);
  const seconds = line.read('interval', atLeastASecond, 'a length of time of at least 1s, such as 2s or 1m');
  return {
    isReadOnly: line.flag('read-only') || undefined,
    mayRecord: !line.flag('no-witness'),
    includeFiles: line.flag('all') || undefined,
    intervalMs: seconds === undefined ? undefined : seconds * 1000,
    minAgeSec: parseMinAge(line),
    theme: readTheme(line.text('theme')),
    ...choiceOf(line),
  };
}

/** What the options say about which objects, and in which order. */
function choiceOf(line: CommandLine): Pick<DashboardWords, 'filter' | 'sort'> {
  const words = chosenWords(line);
  const sort = line.text('sort');
  if (sort === undefined) return { filter: words.length > 0 ? words.join(' ') : undefined };
  const { column, descending } = chooseSort(OBJECT_COLUMNS, sort);
  return { filter: words.length > 0 ? words.join(' ') : undefined, sort: { column: column.id, descending } };
}

function atLeastASecond(text: string): number | undefined {
  const seconds = parseDuration(text);
  return seconds !== undefined && seconds >= 1 ? seconds : undefined;
}

function readTheme(text: string | undefined): Theme | undefined {
  const theme = THEMES.find((name) => name === text);
  if (text !== undefined && !theme) throw new UsageError(`--theme is one of ${THEMES.join(' ')}`);
  return theme;
}
