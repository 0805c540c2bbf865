// The command line of the dashboard: `shmtop` without a command, on a terminal.
import { parseDuration } from '../ui/format/duration.ts';
import { type CommandSpec, parseCommandLine } from './command-line.ts';
import { HELP, NO_WITNESS, REPLAY } from './commands.ts';
import { UsageError } from './usage.ts';

export const DASHBOARD: CommandSpec = {
  name: 'dashboard',
  summary: 'the live table, when shmtop is called without a command on a terminal',
  options: [
    { name: 'read-only', help: 'do not bind any key that changes the machine' },
    { name: 'interval', value: 'time', help: 'refresh that often; 1s by default' },
    { name: 'theme', value: 'name', help: 'dark, light, high-contrast or mono' },
    {
      name: 'min-age',
      value: 'time',
      help: 'do not call abandoned or orphaned what was used less than this ago; 60s by default',
    },
    { name: 'all', help: 'shared mappings of ordinary files too' },
    NO_WITNESS,
    HELP,
  ],
};

const THEMES = ['dark', 'light', 'high-contrast', 'mono'] as const;
type Theme = (typeof THEMES)[number];

/** What was asked for on the command line; absent: what config.toml says, or the default. Part of what the dashboard takes. */
export interface DashboardWords {
  readonly isReadOnly?: boolean;
  readonly mayRecord: boolean;
  readonly includeFiles?: boolean;
  readonly intervalMs?: number;
  readonly minAgeSec?: number;
  readonly theme?: Theme;
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
  const interval = line.text('interval');
  const seconds = interval === undefined ? undefined : parseDuration(interval);
  if (interval !== undefined && (seconds === undefined || seconds < 1)) {
    throw new UsageError('--interval takes a length of time of at least 1s, such as 2s or 1m');
  }
  return {
    isReadOnly: line.flag('read-only') || undefined,
    mayRecord: !line.flag('no-witness'),
    includeFiles: line.flag('all') || undefined,
    intervalMs: seconds === undefined ? undefined : seconds * 1000,
    minAgeSec: line.read('min-age', parseDuration, 'a length of time (90, 90s, 10m, 2h, 7d; 0 for none)'),
    theme: readTheme(line.text('theme')),
  };
}

function readTheme(text: string | undefined): Theme | undefined {
  const theme = THEMES.find((name) => name === text);
  if (text !== undefined && !theme) throw new UsageError(`--theme is one of ${THEMES.join(' ')}`);
  return theme;
}
