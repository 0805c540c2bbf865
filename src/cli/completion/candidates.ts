// What may stand at a place of a command line, for all shells: from the tables of commands, columns, kinds and filter words.
import { BACKINGS, SYNC_MODES, VERIFY_LEVELS } from '../../load/model/options.ts';
import { SUM_KINDS } from '../../probe/model/account/sum-by.ts';
import { KINDS, VERDICT_STATES } from '../../probe/model/object.ts';
import { OBJECT_COLUMNS } from '../../ui/format/columns.ts';
import { PROCESS_COLUMNS } from '../../ui/format/process-columns.ts';
import type { CommandSpec, OptionSpec } from '../command-line.ts';
import { PS } from '../commands/looking.ts';
import { THEMES } from '../dashboard.ts';
import { OUTPUTS } from '../schema/outputs.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What is there now, by the words of `completion --list`. */
export const LIVE = ['ids', 'pids', 'users', 'software', 'filter'] as const;
export type Live = (typeof LIVE)[number];

/** `list`: several, joined by commas. Nothing: numbers, sizes, times. */
export type Candidates =
  | { readonly kind: 'words' | 'list'; readonly words: readonly string[] }
  | { readonly kind: 'live'; readonly live: Live }
  | { readonly kind: 'files' | 'folders' | 'nothing' };

const NOTHING: Candidates = { kind: 'nothing' };

/** Of the value of an option. */
export function valueCandidates(command: CommandSpec, { name, value }: OptionSpec): Candidates {
  const columns = (command.name === PS.name ? PROCESS_COLUMNS : OBJECT_COLUMNS).map(({ id }) => id);
  switch (name) {
    case 'columns':
      return { kind: 'list', words: [...columns, 'all'] };
    case 'sort':
      return { kind: 'words', words: [...columns, ...columns.map((id) => `-${id}`)] };
    case 'kind':
      return { kind: 'list', words: KINDS };
    case 'verdict':
      return { kind: 'list', words: VERDICT_STATES };
    case 'pid':
      return { kind: 'live', live: 'pids' };
    case 'user':
      return { kind: 'live', live: 'users' };
    case 'theme':
      return { kind: 'words', words: THEMES };
    case 'by':
      return { kind: 'words', words: SUM_KINDS };
    case 'sync':
      return { kind: 'words', words: SYNC_MODES };
    case 'backing':
      return { kind: 'words', words: BACKINGS };
    case 'verify':
      return { kind: 'words', words: VERIFY_LEVELS };
    case 'list':
      return { kind: 'words', words: LIVE };
  }
  if (value === 'file') return { kind: 'files' };
  if (value === 'dir') return { kind: 'folders' };
  return value === 'id' ? { kind: 'live', live: 'ids' } : NOTHING;
}

/** Of the words of a command. */
export function wordCandidates({ words }: CommandSpec): Candidates {
  switch (words?.name) {
    case 'ID':
      return { kind: 'live', live: 'ids' };
    case 'PID':
      return { kind: 'live', live: 'pids' };
    case 'SHELL':
      return { kind: 'words', words: SHELLS };
    case 'COMMAND':
      return { kind: 'words', words: Object.keys(OUTPUTS) };
    case 'FILE':
    case 'A B':
      return { kind: 'files' };
  }
  return words?.name.includes('FILTER') ? { kind: 'live', live: 'filter' } : NOTHING;
}
