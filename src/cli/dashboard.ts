// The command line of the dashboard: `shmtop` without a command, on a terminal.
import { parseDuration } from '../ui/format/duration.ts';
import type { DashboardOptions } from '../ui/run.tsx';
import { type CommandSpec, parseCommandLine } from './command-line.ts';
import { HELP } from './commands.ts';
import { UsageError } from './usage.ts';

export const DASHBOARD: CommandSpec = {
  name: 'dashboard',
  summary: 'the live table, when shmtop is called without a command on a terminal',
  options: [
    { name: 'read-only', help: 'do not bind any key that changes the machine' },
    { name: 'interval', value: 'time', help: 'refresh that often; 1s by default' },
    { name: 'theme', value: 'name', help: 'dark, light, high-contrast or mono' },
    { name: 'min-age', value: 'time', help: 'do not call abandoned what was used less than this ago; 60s by default' },
    { name: 'all', help: 'shared mappings of ordinary files too' },
    HELP,
  ],
};

const THEMES = ['dark', 'light', 'high-contrast', 'mono'] as const;

/** Throws UsageError. */
export function dashboardOptions(args: readonly string[]): DashboardOptions {
  const line = parseCommandLine(DASHBOARD, args);
  const theme = THEMES.find((name) => name === line.text('theme'));
  if (line.text('theme') !== undefined && !theme) throw new UsageError(`--theme is one of ${THEMES.join(' ')}`);
  const interval = line.text('interval');
  const seconds = interval === undefined ? undefined : parseDuration(interval);
  if (interval !== undefined && (seconds === undefined || seconds < 1)) {
    throw new UsageError('--interval takes a length of time of at least 1s, such as 2s or 1m');
  }
  return {
    isReadOnly: line.flag('read-only') || undefined,
    includeFiles: line.flag('all') || undefined,
    intervalMs: seconds === undefined ? undefined : seconds * 1000,
    minAgeSec: line.read('min-age', parseDuration, 'a length of time (90, 90s, 10m, 2h, 7d; 0 for none)'),
    theme,
  };
}
