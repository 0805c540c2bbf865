// What `--help` says: printed from the tables of commands, filter words and columns.

import { DEED_FIELDS } from '../filter/deed-filter.ts';
import { OBJECT_FIELDS } from '../filter/object-filter.ts';
import type { Column } from '../ui/format/column.ts';
import { OBJECT_COLUMNS } from '../ui/format/columns.ts';
import { PROCESS_COLUMNS } from '../ui/format/process-columns.ts';
import { wrapText } from '../ui/format/wrap.ts';
import type { CommandSpec, OptionSpec } from './command-line.ts';
import { COMPLETION } from './commands/about.ts';
import { RM } from './commands/changing.ts';
import { LS, PS, SHOW, SUMMARY } from './commands/looking.ts';
import { CHECK, METRICS } from './commands/monitoring.ts';
import { VERSION } from './commands/options.ts';
import { HISTORY } from './commands/over-time.ts';
import { COMMANDS } from './commands.ts';
import { DASHBOARD } from './dashboard.ts';

const WIDTH = 80;

/** Help of the program: what it is, its commands, and the options of the dashboard. */
export function programHelp(): string {
  const widest = Math.max(...COMMANDS.map((command) => usageOf(command).length));
  const commands = COMMANDS.flatMap((command) => entry(usageOf(command), command.summary, widest));
  return `shmtop: top for Linux shared memory. What there is, who holds it, what it costs,
and whether anybody still needs it.

Usage: shmtop [OPTIONS]      the dashboard; without a terminal the same as ls
       shmtop COMMAND [...]  shmtop COMMAND --help explains each

Commands:
${commands.join('\n')}

Options:
${optionLines([VERSION, ...DASHBOARD.options]).join('\n')}

NO_COLOR and FORCE_COLOR are heeded. Other roots: SHMTOP_PROC, SHMTOP_SHM.
Where a witness keeps what it saw, and others look for it: SHMTOP_WITNESS.
SHMTOP_NO_WITNESS=1 is --no-witness everywhere, as witness = false in a file.
Settings of the dashboard: ~/.config/shmtop/config.toml; files that somebody
else may have written are not used.

Exit codes: 0 done, 1 something asked for was not done, 2 usage, 130 SIGINT.
SIGTERM and SIGHUP: a good end, then death by the signal (143, 129 in a shell).
`;
}

const DETAILS = new Map<CommandSpec, () => string>([
  [LS, lsHelp],
  [SHOW, showHelp],
  [PS, psHelp],
  [SUMMARY, summaryHelp],
  [COMPLETION, completionHelp],
  [RM, rmHelp],
  [HISTORY, historyHelp],
  [CHECK, checkHelp],
  [METRICS, metricsHelp],
]);

export function commandHelp(command: CommandSpec): string {
  const details = DETAILS.get(command)?.() ?? '';
  const { words } = command;
  const about = words === undefined ? '' : `\n${entry(words.name, words.help, words.name.length).join('\n')}\n`;
  return `Usage: shmtop ${usageOf(command)} [OPTIONS]

${wrapText(command.summary, WIDTH).join('\n')}
${about}
Options:
${optionLines(command.options).join('\n')}
${details}`;
}

/** `show ID...`, `ls [FILTER...]` */
function usageOf({ name, words }: CommandSpec): string {
  if (words === undefined) return name;
  if (words.isAll) return `${name} ${words.name}`;
  return words.isRequired ? `${name} ${words.name}...` : `${name} [${words.name}...]`;
}

function optionLines(options: readonly OptionSpec[]): string[] {
  const titles = options.map(
    ({ name, short, value }) =>
      `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` <${value}>`}`,
  );
  const widest = Math.max(...titles.map((title) => title.length));
  return options.flatMap(({ help }, at) => entry(titles[at], help, widest));
}

function entry(title: string, help: string, widest: number): string[] {
  return wrapText(`  ${title.padEnd(widest)}  ${help}`, WIDTH, widest + 4);
}

function lsHelp(): string {
  const numbers = OBJECT_FIELDS.filter(({ kind }) => kind === 'number').map(({ id }) => id);
  const texts = OBJECT_FIELDS.filter(({ kind }) => kind !== 'number').map(({ id }) => id);
  return `
Filter words (all have to hold; quote those with < > or !):
  psm_                    text in name, key, command or owner
  sysv:5 posix:/x 0x5301  these objects, whatever else is there
  user=postgres           ${paragraph(texts.join(' '))}
  'size>1G' 'idle>=2h'    ${paragraph(numbers.join(' '))}
  '!kind=memfd'           not

Columns (--columns a,b,c; +a,b adds to the default; all):
${columnLines(OBJECT_COLUMNS)}

Verdicts:
  in-use     somebody holds it
  abandoned  nobody holds it, and it is proven that nobody will come back
  orphaned   nobody holds it and all that is known says that its makers are
             gone, but nothing proves that nobody will come back
  unheld     nobody holds it now, but somebody may come back for it
  unknown    something that could hold it could not be looked into

Examples:
  shmtop ls verdict=abandoned              what can be cleaned up
  shmtop ls verdict=orphaned 'age>1d'      what is probably left over
  shmtop ls --sort -mem --columns +perms   what costs most
  shmtop ls --json | jq '.objects[].id'
`;
}

function showHelp(): string {
  return `
An ID is what ls prints: sysv:5, sysv:5@4026531839 (another IPC namespace),
posix:/name; also 0x5301 (a key), /dev/shm/name, or the full id of the JSON.

Examples:
  shmtop show sysv:5
  shmtop show posix:/psm_6a16b91e --hex --length 4K
`;
}

function summaryHelp(): string {
  return `
Without FILTER it is the account of what the kernel counts as Shmem (free(1)
calls it shared): System V segments of each IPC namespace, every tmpfs wherever
it is mounted, memfds, anonymous mappings, and a remainder that nobody who could
be asked accounts for. No byte is counted twice. Huge pages stand beside it.
With FILTER words, as for ls, it is the sum of the objects that they select.
What several processes hold is shared out equally with --by process.

Examples:
  shmtop summary
  shmtop summary --by user
  shmtop summary --by process software=PyTorch
  shmtop summary --json | jq '.ceilings[] | select(.share > 0.9)'
`;
}

function rmHelp(): string {
  return `
How sure it is: what is abandoned is proven to be. What is orphaned only looks
so: its makers are gone, but a program may come back for it by its key or name,
such as the next run of a cron job. --orphaned asks; --orphaned --yes wants to
be told how long nobody must have used it: --min-age 1d.

How far it reaches: --abandoned, --orphaned and --unheld stay in our own IPC and
mount namespaces. What is in others (containers, and whatever any user makes
with unshare) goes only where its namespace is named: --namespace 4026532201 or
the filter word ns=4026532201 (the numbers of ls --columns +ns), or --namespace
all. How many stayed is told. An ID names one object, wherever it is.
What goes are System V segments and names on a tmpfs, nothing else. Where
/dev/shm is a folder of a larger tmpfs, or is mounted at another place too, such
as /tmp, what lies in it may be anything, and is never called abandoned.

Examples:
  shmtop rm --abandoned --dry-run
  shmtop rm --abandoned --yes --min-age 1h user=alice
  shmtop rm --abandoned ns=4026532201
  shmtop rm --abandoned --orphaned --yes --min-age 1d
`;
}

function historyHelp(): string {
  return `
What is told was seen by a witness: shmtop witness, or a dashboard or watch
that ran then. What happened before it, or in a gap of it, nobody knows; both
are said.

Filter words (all have to hold; bare text is in a name or a command):
  ${DEED_FIELDS.map(({ id }) => id).join(' ')}

Examples:
  shmtop history posix:/psm_6a16b91e     who made it, who removed it
  shmtop history --since 1h what=removed
  shmtop history comm=python unit=train
`;
}

function checkHelp(): string {
  return `
RANGE, as for every monitoring plug-in: from when on it alerts.
  10      below 0 or above 10        ~:10    above 10
  10:     below 10                   10:20   below 10 or above 20
  @10:20  from 10 to 20              both ends count as inside
Bytes also as 100M, percent also as 80%. Where neither is given, one abandoned
or orphaned object is a warning, and 80 and 90 % are the limits of the others.

What cannot be seen is not called fine: where a number is only known to be at
least so much (an ordinary user cannot ask who has the files of others open),
and more would alert, the answer is UNKNOWN (3), as it is for a usage error.
--help and --version exit with 3 too, as the guidelines for plug-ins have it.

Examples:
  shmtop check --abandoned -w 0 -c 10
  shmtop check --shm-used -w 80% -c 95%
  shmtop check --orphaned --min-age 1d user=www-data
`;
}

function metricsHelp(): string {
  return `
Names begin with shmtop_; all are gauges, so that what reads OpenMetrics and
what reads the older text of Prometheus (node_exporter's textfile collector)
understand it alike. However many mounts and namespaces others make, each
family has at most some twenty series.

Examples:
  shmtop metrics
  shmtop metrics --output /run/shmtop-textfile/shmtop.prom
  shmtop metrics --listen 127.0.0.1:9779
`;
}

function psHelp(): string {
  return `
Numbers are pids; other words are filter words as for ls, such as user=alice,
comm=python, kind=sysv or 'mem>1G'; one object that fits is enough.

Columns (--columns a,b,c; +a,b adds to the default; all):
${columnLines(PROCESS_COLUMNS)}
`;
}

function completionHelp(): string {
  return `
Examples:
  source <(shmtop completion bash)    bash, in ~/.bashrc
  shmtop completion zsh > _shmtop     zsh, in a folder of $fpath
  shmtop completion fish | source     fish, in ~/.config/fish/config.fish
`;
}

/** Column ids of the default table first. */
function columnLines<Row>(columns: readonly Column<Row>[]): string {
  const widest = Math.max(...columns.map(({ id }) => id.length));
  const byDefault = [...columns].sort((a, b) => Number(a.priority === undefined) - Number(b.priority === undefined));
  return byDefault.flatMap(({ id, meaning }) => entry(id, meaning, widest)).join('\n');
}

function paragraph(text: string): string {
  const indent = 26;
  return wrapText(' '.repeat(indent) + text, WIDTH, indent)
    .join('\n')
    .trimStart();
}
