// Settings: config.toml is the user's and only read; state.json is the program's and written atomically. Neither is taken from
// a place where somebody else could have put it.

import { join } from 'node:path';
import { parse } from 'smol-toml';
import { errorMessage } from '../fault/thrown.ts';
import { type Env, foldersFor, MOST_FOLDERS } from '../files/homes.ts';
import { ours } from '../files/objection.ts';
import { replaceText } from '../files/replace-text.ts';
import { readTrustedText } from '../files/text-file.ts';
import { isRefused } from '../files/trust.ts';
import { SUM_KINDS } from '../probe/model/account/sum-by.ts';
import { integer, Misfit } from '../probe/model/decode/decode.ts';
import { parseDuration } from './format/duration.ts';
import { safeLine } from './format/safe-text.ts';
import { understandChoices } from './state/load-choices.ts';
import { changedTables, columnIds, understandTables } from './state/remembered-tables.ts';
import { GROUPINGS, type Settings, THEME_NAMES } from './state/state.ts';
import { OBJECT_TABLE } from './state/tables.ts';

/** Nobody has more to say. */
const MOST_BYTES = 1 << 20;

/** What config.toml says; absent means not said. */
export interface Config {
  readonly settings: Partial<Settings>;
  readonly isReadOnly?: boolean;
  readonly isAscii?: boolean;
  readonly includeFiles?: boolean;
  readonly minAgeSec?: number;
  readonly confirm?: 'countdown' | 'ask';
  /** One sentence for each line that makes no sense. */
  readonly problems: readonly string[];
}

/**
 * No file: nothing is said. One that somebody else could have written is not read, which is told, and the next place counts: with
 * HOME of another user (sudo), root's own.
 */
export function readConfig(env: Env): Config {
  const refusals: string[] = [];
  for (const folder of foldersFor('config', env)) {
    const path = join(folder, 'config.toml');
    const text = readTrustedText(path, MOST_BYTES);
    if (!isRefused(text)) {
      const config = parseConfig(path, text);
      return { ...config, problems: [...refusals, ...config.problems] };
    }
    if (text.refusal === 'absent') break;
    // The reason begins with a path: mostly this one, which is told once, as the line may be short.
    const what = text.reason.startsWith(path) ? 'not used' : 'config.toml is not used';
    refusals.push(`${what}: ${text.reason}`);
  }
  return { settings: {}, problems: refusals };
}

function parseConfig(path: string, text: string): Config {
  try {
    const config = understandConfig(parse(text));
    return { ...config, problems: config.problems.map(safeLine) };
  } catch (cause) {
    const [first = 'not TOML'] = errorMessage(cause).split('\n');
    return { settings: {}, problems: [safeLine(`${path}: ${first}; the file is ignored`)] };
  }
}

/** Pure; exported for its tests. */
export function understandConfig(table: Readonly<Record<string, unknown>>): Config {
  const problems: string[] = [];
  const settings: { -readonly [Key in keyof Settings]?: Settings[Key] } = {};
  const config: { -readonly [Key in keyof Config]: Config[Key] } = { settings, problems };
  const flag = (key: string, value: unknown, set: (isOn: boolean) => void) => {
    if (typeof value === 'boolean') set(value);
    else problems.push(`config.toml: ${key} is true or false`);
  };
  for (const [key, value] of Object.entries(table)) {
    switch (key) {
      case 'theme': {
        const theme = THEME_NAMES.find((name) => name === value);
        if (theme) settings.theme = theme;
        else problems.push(`config.toml: theme is one of ${THEME_NAMES.join(' ')}`);
        break;
      }
      case 'interval': {
        const seconds =
          typeof value === 'number' ? value : typeof value === 'string' ? parseDuration(value) : undefined;
        if (seconds !== undefined && seconds >= 0.1)
          settings.intervalMs = Math.min(3_600_000, Math.round(seconds * 1000));
        else problems.push('config.toml: interval is seconds (2, 0.5) or text such as "10s"');
        break;
      }
      case 'min_age': {
        const seconds =
          typeof value === 'number' ? value : typeof value === 'string' ? parseDuration(value) : undefined;
        if (seconds !== undefined && seconds >= 0) config.minAgeSec = seconds;
        else problems.push('config.toml: min_age is seconds or text such as "10m"');
        break;
      }
      case 'columns': {
        const ids = columnIds(OBJECT_TABLE, value);
        if (ids.length > 0) settings.tables = { [OBJECT_TABLE.id]: { columns: ids } };
        else problems.push('config.toml: columns is a list of column names, see shmtop ls --help');
        break;
      }
      case 'confirm':
        if (value === 'countdown' || value === 'ask') config.confirm = value;
        else problems.push('config.toml: confirm is "countdown" or "ask"');
        break;
      case 'mouse':
        flag(key, value, (isOn) => {
          settings.isMouseOn = isOn;
        });
        break;
      case 'follow':
        flag(key, value, (isOn) => {
          settings.isFollowing = isOn;
        });
        break;
      case 'meters':
        flag(key, value, (isOn) => {
          settings.isHeaderShown = isOn;
        });
        break;
      case 'read_only':
        flag(key, value, (isOn) => {
          config.isReadOnly = isOn;
        });
        break;
      case 'ascii':
        flag(key, value, (isOn) => {
          config.isAscii = isOn;
        });
        break;
      case 'all':
        flag(key, value, (isOn) => {
          config.includeFiles = isOn;
        });
        break;
      case 'software':
      case 'never':
      case 'witness':
        break; // no settings of the screen: rules/config-text.ts understands them
      default:
        problems.push(`config.toml: "${key}" is not known`);
    }
  }
  return config;
}

export class StateFile {
  readonly #folders: readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #pending: Partial<Settings> | undefined;

  constructor(env: Env) {
    this.#folders = [...foldersFor('state', env)];
  }

  /** What was remembered, as far as it still makes sense. */
  read(): Partial<Settings> {
    for (const folder of this.#folders) {
      const text = readTrustedText(join(folder, 'state.json'), MOST_BYTES, { objection: ours, owner: 'ours' });
      if (isRefused(text)) {
        if (text.refusal === 'absent') return {};
        continue; // somebody else's: the next place counts
      }
      try {
        return understandState(JSON.parse(text));
      } catch {
        return {}; // SyntaxError: half a file from elsewhere; it is rewritten at the next change
      }
    }
    return {};
  }

  /**
   * Keeps what is different from `base` (config.toml and the defaults), so that the user's file stays in force for all else.
   * Written a moment later: holding a key does not write a hundred files.
   */
  remember(settings: Settings, base: Settings): void {
    const own = new Map(Object.entries(base));
    const tables = changedTables(settings.tables, base.tables);
    const others = Object.entries(settings).filter(
      ([key, value]) => key !== 'tables' && JSON.stringify(value) !== JSON.stringify(own.get(key)),
    );
    this.#pending = { ...Object.fromEntries(others), ...(Object.keys(tables).length > 0 && { tables }) };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), 500);
    this.#timer.unref();
  }

  /** Writes what is pending now; a state that cannot be kept is no reason to disturb anybody. */
  flush(): void {
    clearTimeout(this.#timer);
    const settings = this.#pending;
    if (!settings) return;
    this.#pending = undefined;
    // Somebody else's folder, EACCES, EROFS, ENOSPC: the next; without any, settings last for this run only.
    const text = `${JSON.stringify(settings, undefined, 2)}\n`;
    this.#folders.some((folder) => replaceText(folder, 'state.json', text, MOST_FOLDERS) === undefined);
  }
}

const INTERVAL = integer(100, 3_600_000);

/** Pure; exported for its tests. */
export function understandState(value: unknown): Partial<Settings> {
  if (typeof value !== 'object' || value === null) return {};
  const found = new Map(Object.entries(value));
  const settings: { -readonly [Key in keyof Settings]?: Settings[Key] } = {};
  const theme = THEME_NAMES.find((name) => name === found.get('theme'));
  if (theme) settings.theme = theme;
  const intervalMs = INTERVAL(found.get('intervalMs'));
  if (!(intervalMs instanceof Misfit)) settings.intervalMs = intervalMs;
  for (const key of ['isMouseOn', 'isFollowing', 'isHeaderShown', 'isNewestFirst'] as const) {
    const isOn: unknown = found.get(key);
    if (typeof isOn === 'boolean') settings[key] = isOn;
  }
  const tables = understandTables(found);
  if (Object.keys(tables).length > 0) settings.tables = tables;
  if (found.has('load')) settings.load = understandChoices(found.get('load'));
  const groupBy = GROUPINGS.find((name) => name === found.get('groupBy'));
  if (groupBy) settings.groupBy = groupBy;
  const whereBy = SUM_KINDS.find((name) => name === found.get('whereBy'));
  if (whereBy) settings.whereBy = whereBy;
  return settings;
}
