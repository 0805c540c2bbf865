// What the dashboard is started with, and what of it, of the settings and of what was remembered counts in the end.
import type { Source } from '../../probe/thread/sampler-client.ts';
import type { DashboardCommands } from '../commands.ts';
import { wantsColour } from '../format/colour.ts';
import { isKernelConsole, isUtf8Locale } from '../format/glyphs.ts';
import type { Config } from '../settings-file.ts';
import { mergeTables } from '../state/remembered-tables.ts';
import { DEFAULT_SETTINGS, type Settings, type Sort, type StateOptions } from '../state/state.ts';
import type { DashboardEnd } from './endings.ts';
import type { WriteSnapshot } from './save-snapshot.ts';

export interface DashboardOptions {
  readonly procRoot?: string;
  /** Where a witness may keep what it saw. */
  readonly witnessFolders?: readonly string[];
  /** Beside its work it records, where nobody else does and nothing forbids it. */
  readonly mayRecord?: boolean;
  readonly shmRoot?: string;
  /** A recording to be shown instead of this machine. */
  readonly recordingPath?: string;
  readonly includeFiles?: boolean;
  readonly minAgeSec?: number;
  readonly isReadOnly?: boolean;
  readonly intervalMs?: number;
  readonly theme?: Settings['theme'];
  /** FILTER words to begin with. */
  readonly filter?: string;
  /** The order of the objects. */
  readonly sort?: Sort;
  readonly commands?: DashboardCommands;
  /** Ends the process at once, whatever its threads do. */
  readonly exitNow?: (end: DashboardEnd) => void;
  /** What else is to be said at the start, a sentence each. */
  readonly notes?: readonly string[];
  /** What Ctrl-S does. */
  readonly saveSnapshot?: WriteSnapshot;
}

export interface StartSettings {
  /** Of the program and of config.toml: what is remembered is what differs from these. */
  readonly base: Settings;
  /** The base, what was remembered over it, and over both what the command line says. */
  readonly chosen: Settings;
}

export function startSettings(config: Config, kept: Partial<Settings>, options: DashboardOptions): StartSettings {
  const given: Partial<Settings> = {
    ...(options.intervalMs === undefined ? {} : { intervalMs: options.intervalMs }),
    ...(options.theme === undefined ? {} : { theme: options.theme }),
  };
  const base: Settings = { ...DEFAULT_SETTINGS, ...config.settings };
  const tables = mergeTables(base.tables, kept.tables);
  const sorted = options.sort ? mergeTables(tables, { objects: { sort: options.sort } }) : tables;
  return { base, chosen: { ...base, ...kept, ...given, tables: sorted } };
}

/** What the first state is made of beside the size of the terminal. */
export function stateOptions(
  options: DashboardOptions,
  config: Config,
  settings: Settings,
  env: NodeJS.ProcessEnv,
): Omit<StateOptions, 'columns' | 'rows'> {
  return {
    unicode: isUtf8Locale(env) && !(config.isAscii ?? isKernelConsole(env)),
    colour: wantsColour(true, env),
    abilities: {
      isReadOnly: isReadOnly(options, config),
      remove: options.commands?.remove !== undefined,
      load: options.commands?.load !== undefined,
      replay: options.recordingPath !== undefined,
    },
    settings,
    rights: options.commands?.rights,
    confirm: config.confirm,
    configProblems: [...(options.notes ?? []), ...config.problems],
  };
}

/** Then it changes nothing, and writes nothing but its own settings. */
const isReadOnly = (options: DashboardOptions, config: Config) => options.isReadOnly ?? config.isReadOnly ?? false;

/** What is looked at: this machine, or a recording. */
export function sourceOf(options: DashboardOptions, config: Config, intervalMs: number): Source {
  if (options.recordingPath !== undefined) return { kind: 'recording', start: { path: options.recordingPath } };
  return {
    kind: 'machine',
    settings: {
      procRoot: options.procRoot,
      shmRoot: options.shmRoot,
      witnessFolders: options.witnessFolders,
      mayRecord: options.mayRecord === true && !isReadOnly(options, config),
      includeFiles: options.includeFiles ?? config.includeFiles ?? false,
      minAgeSec: options.minAgeSec ?? config.minAgeSec,
      intervalMs,
    },
  };
}

/** Why this terminal cannot show the dashboard, as a line for standard error; undefined where it can. */
export function whyNoDashboard(term: string | undefined, isInputTerminal: boolean): string | undefined {
  if (term === 'dumb') return 'shmtop: this terminal (TERM=dumb) cannot show the dashboard; use: shmtop ls\n';
  if (isInputTerminal) return undefined;
  return 'shmtop: standard input is not a terminal, so no key could reach the dashboard; use: shmtop ls\n';
}
