// Which command a command line means: options may stand before it, as behind it.
import { looksLikeId } from '../probe/model/object-id.ts';
import { nearest } from '../ui/format/nearest.ts';
import { type CommandSpec, type OptionSpec, parseCommandLine } from './command-line.ts';
import { HELP, PRINTING, VERSION } from './commands/options.ts';
import { REPLAY } from './commands/over-time.ts';
import { COMMANDS } from './commands.ts';
import { DASHBOARD } from './dashboard.ts';
import { commandElsewhere } from './habits.ts';
import { UsageError } from './usage.ts';

/** The program without a command: the dashboard, or what ls prints. */
export const PROGRAM: CommandSpec = { ...DASHBOARD, name: '', options: [...DASHBOARD.options, VERSION] };

export interface Meant {
  /** `PROGRAM`: none was named. `help`: the command that explains the others. */
  readonly spec: CommandSpec | 'help';
  /** All but the command itself. */
  readonly args: readonly string[];
}

/** Throws UsageError for a word in the place of a command that is none. */
export function whichCommand(argv: readonly string[]): Meant {
  const end = argv.indexOf('--');
  for (const [at, word] of argv.slice(0, end < 0 ? undefined : end).entries()) {
    const spec = word === 'help' ? 'help' : COMMANDS.find(({ name }) => name === word);
    if (spec === undefined) continue;
    const before = argv.slice(0, at);
    // The word may be the value of an option in front of it: `--sort ls` names no command.
    if (firstWord(spec === 'help' ? PROGRAM : spec, before) !== undefined) continue;
    return { spec, args: [...before, ...argv.slice(at + 1)] };
  }
  const stray = firstWord(PROGRAM, argv);
  // The word behind an option that nobody knows may be its value: the option is what is wrong.
  const isUnknown = argv.slice(0, stray).some((arg) => arg.startsWith('--') && !isOption(arg.replace(/=.*/s, '')));
  if (stray !== undefined && stray < argv.length && !isUnknown) throw noCommand(argv[stray] ?? '');
  return { spec: PROGRAM, args: argv };
}

const isOption = (arg: string) => arg === '--' || PROGRAM.options.some(({ name }) => arg === `--${name}`);

/** On a terminal: does this command line mean the dashboard, live or over a recording? What makes no sense is for the commands to tell. */
export function isForDashboard(argv: readonly string[]): boolean {
  try {
    const { spec, args } = whichCommand(argv);
    if (spec !== PROGRAM && spec !== REPLAY) return false;
    const line = parseCommandLine(spec, args);
    if (line.flag(HELP.name) || line.flag(VERSION.name)) return false;
    return spec === REPLAY ? !line.flag('json') : !PRINTING.some(({ name }) => line.flag(name));
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** Where the first word stands that is neither an option nor its value; the length where an option still waits for its value. */
function firstWord({ options }: CommandSpec, args: readonly string[]): number | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '-') return at;
    if (arg === '--') return at + 1 < args.length ? at + 1 : undefined;
    const isIt = ({ name, short }: OptionSpec) => arg === (arg.startsWith('--') ? `--${name}` : `-${short}`);
    // One of the dashboard in front of a command that lacks it takes its value along, and is then refused as what it is.
    const option = options.find(isIt) ?? PROGRAM.options.find(isIt);
    if (option?.value === undefined || option.isValueOptional) continue;
    at++;
    if (at >= args.length) return at;
  }
  return undefined;
}

export function noCommand(name: string): UsageError {
  const names = COMMANDS.map(({ name }) => name);
  const near = commandElsewhere(name) ?? nearest(name, names);
  const hint = hintAtWord(name) ?? (near === undefined ? `commands are ${names.join(' ')}` : `did you mean ${near}?`);
  return new UsageError(`there is no command "${name}"; ${hint}`);
}

/** A word that would mean something behind a command. */
function hintAtWord(word: string): string | undefined {
  if (looksLikeId(word) || word.startsWith('/')) return `an object is shown by shmtop show ${word}`;
  if (/^\d+$/.test(word)) return `a process is shmtop ps ${word}, a segment shmtop show sysv:${word}`;
  return /^!?[a-z]+(=|!=|>|<)/i.test(word) ? `to filter: shmtop ls '${word}'` : undefined;
}
