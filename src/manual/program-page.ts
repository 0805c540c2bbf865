// shmtop(1): from the tables of commands, filter words, columns and keys.
import type { CommandSpec, OptionSpec } from '../cli/command-line.ts';
import { VERSION } from '../cli/commands/options.ts';
import { COMMANDS } from '../cli/commands.ts';
import { DASHBOARD } from '../cli/dashboard.ts';
import { OBJECT_FIELDS } from '../filter/object-filter.ts';
import type { VerdictState } from '../probe/model/object.ts';
import { OBJECT_COLUMNS } from '../ui/format/columns.ts';
import { PROCESS_COLUMNS } from '../ui/format/process-columns.ts';
import { spellKey } from '../ui/state/binding.ts';
import { boundKeys } from '../ui/state/keymap.ts';
import { display, page, terms, text, word } from './mdoc.ts';

/** `date` as mdoc(7) has it. */
export function programPage(date: string): string {
  return page('shmtop', 1, date, 'top for Linux shared memory', [
    ['SYNOPSIS', synopsis()],
    ['DESCRIPTION', `${text(DESCRIPTION)}\n${terms([...DASHBOARD.options, VERSION].map(optionTerm))}`],
    ['COMMANDS', COMMANDS.map(commandPart).join('\n')],
    ['FILTER WORDS', `${text(FILTER)}\n${terms(OBJECT_FIELDS.map(({ id, kind }) => [`Cm ${word(id)}`, KINDS[kind]]))}`],
    [
      'COLUMNS',
      `${text('Of objects:')}\n${columns(OBJECT_COLUMNS)}\n${text('Of processes:')}\n${columns(PROCESS_COLUMNS)}`,
    ],
    ['KEYS', terms(keys())],
    ['VERDICTS', terms(Object.entries(VERDICTS).map(([state, meaning]) => [`Cm ${word(state)}`, meaning]))],
    ['ENVIRONMENT', terms(ENVIRONMENT.map(([name, meaning]) => [`Ev ${word(name)}`, meaning]))],
    ['FILES', terms(FILES.map(([path, meaning]) => [`Pa ${word(path)}`, meaning]))],
    ['EXIT STATUS', text(EXIT_STATUS)],
    ['MONITORING', text(MONITORING)],
    ['EXAMPLES', display(EXAMPLES)],
    ['SEE ALSO', '.Xr ipcrm 1 ,\n.Xr ipcs 1 ,\n.Xr shm_overview 7 ,\n.Xr sysvipc 7 ,\n.Xr lsof 8'],
  ]);
}

function synopsis(): string {
  const commands = COMMANDS.map((command) =>
    `.Nm\n.Cm ${word(command.name)}\n${command.options.length > 0 ? '.Op Ar options\n' : ''}${argument(command)}`.trimEnd(),
  );
  return ['.Nm', '.Op Ar options', ...commands].join('\n');
}

function argument({ words }: CommandSpec): string {
  if (words === undefined) return '';
  if (words.isAll)
    return words.name
      .split(' ')
      .map((each) => `.Ar ${word(each)}`)
      .join('\n');
  return words.isRequired ? `.Ar ${word(words.name)} ...` : `.Op Ar ${word(words.name)} ...`;
}

function commandPart(command: CommandSpec): string {
  const { name, summary, words, options } = command;
  const parts = [`.Ss ${word(name)}`, text(sentence(summary))];
  if (words)
    parts.push(
      `.Pp\n.Ar ${word(words.name)} :\n${text(sentence(words.help.replace(', explained below', ', see below')))}`,
    );
  return [...parts, terms(options.map(optionTerm))].join('\n');
}

function optionTerm({ name, short, value, isValueOptional, help }: OptionSpec): readonly [string, string] {
  const letter = short === undefined ? '' : `Fl ${short} , `;
  const argument = value === undefined ? '' : isValueOptional ? ` Op Ar ${word(value)}` : ` Ar ${word(value)}`;
  return [`${letter}Fl Fl ${word(name)}${argument}`, sentence(help.replace(', explained below', ', see below'))];
}

const columns = (all: readonly { readonly id: string; readonly meaning: string }[]) =>
  terms(all.map(({ id, meaning }) => [`Cm ${word(id)}`, sentence(meaning)]));

function keys(): readonly (readonly [string, string])[] {
  return boundKeys({ isReadOnly: false, remove: true, load: true })
    .filter(({ modes }) => modes.includes('table'))
    .map(({ keys, does }) => [`Ic ${word(keys.map((key) => spellKey(key)).join(', '))}`, sentence(does)]);
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

const KINDS = {
  number: 'A number: = > >= < <= compare.',
  whole: 'The whole text.',
  part: 'A part of the text.',
  closed: 'One of the words of its column.',
} as const;

const DESCRIPTION = `shmtop shows every System V segment, every POSIX object in /dev/shm and every shared mapping of the machine, who holds each, what it costs, and whether anybody still needs it. Without a command it is a dashboard on a terminal, and ls into a pipe or a file. Root sees everything; an ordinary user sees every segment and name, its own processes, and a line on what stays hidden. The options of the dashboard:`;

const FILTER = `Words that select objects; all have to hold. Bare text is part of the name, key, command or owner; an ID selects that object; ! in front negates. Quote words with < > or ! for the shell.`;

const VERDICTS: Readonly<Record<VerdictState, string>> = {
  'in-use': 'Somebody holds it.',
  abandoned: 'Nobody holds it, and it is proven that nobody is left who would come back for it.',
  orphaned: 'Nobody holds it and nothing speaks for a return, but nothing proves that nobody will come back.',
  unheld: 'Nobody holds it now, but somebody may come back for it.',
  unknown: 'Something that could hold it could not be looked into.',
};

const ENVIRONMENT = [
  ['NO_COLOR', 'No colours.'],
  ['FORCE_COLOR', 'Colours into a pipe too.'],
  ['SHMTOP_PROC', 'Another root for /proc.'],
  ['SHMTOP_SHM', 'Another root for /dev/shm.'],
  ['XDG_CONFIG_HOME', 'Where shmtop/config.toml lies; ~/.config unless given.'],
  ['XDG_STATE_HOME', 'Where state and the journal of removals lie; ~/.local/state unless given.'],
] as const;

const FILES = [
  [
    '~/.config/shmtop/config.toml',
    'Settings of the dashboard, see shmtop.toml(5); files that somebody else may have written are not used.',
  ],
  ['~/.local/state/shmtop/state.json', 'What was chosen in the dashboard.'],
  ['~/.local/state/shmtop/removals.jsonl', 'The journal of removals; /var/log/shmtop for root.'],
] as const;

const EXIT_STATUS = `0: done. 1: something that was asked for was not done, and each is named on standard error. 2: the command line makes no sense. 130: interrupted. SIGTERM and SIGHUP end watch, load and the dashboard in good order; the process then dies of the signal. The command check has codes of its own: 0 fine, 1 warning, 2 critical, 3 not known.`;

const MONITORING = `A range of check, as for every monitoring plug-in, says when it alerts: 10 below 0 or above 10, 10: below 10, ~:10 above 10, 10:20 below 10 or above 20, @10:20 from 10 to 20. Bytes may be written as 100M, percent as 80%. Where neither --warning nor --critical is given, one abandoned or orphaned object is a warning, and 80 and 90 percent are the limits of the others. Where a number is only known to be at least so much, and more would alert, the answer is 3: what cannot be seen is not called fine. The help and the version of check exit with 3, too. What metrics prints are gauges, so that readers of OpenMetrics and of the older text of Prometheus understand it alike; each family has at most some twenty series, however many mounts and namespaces others make.`;

const EXAMPLES = [
  "shmtop ls verdict=abandoned 'age>1d'",
  'shmtop show sysv:5',
  'shmtop rm --abandoned --dry-run',
  'shmtop check --shm-used -w 80% -c 95%',
  'shmtop metrics --listen 127.0.0.1:9779',
  "shmtop ls --json | jq '.objects[].id'",
];
