// The tree of commands: what may be typed, how it is explained, and which file does it. Commands load when they are called.
import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import type { CliContext } from './context.ts';
import { lsHelp, psHelp, showHelp } from './help.ts';
import type { LsOptions } from './ls.ts';
import { bytesOption, DEFAULT_MIN_AGE_SEC, durationOption, kindOption, verdictOption } from './options.ts';
import type { PsOptions } from './ps.ts';
import { reportError } from './report.ts';
import type { ShowOptions } from './show.ts';
import { EXIT, UsageError } from './usage.ts';

/** Runs one command line (without node and script) and gives the exit code. Throws only what writing throws, and bugs. */
export async function runProgram(argv: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = buildProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof UsageError) return refuse(context, argv, error.message);
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    const message = error.message.replace(/^error: /, '').replace(/\n\((.*)\)$/, '. $1');
    return refuse(context, argv, message === '(outputHelp)' ? 'no command given' : message);
  }
}

function refuse(context: CliContext, argv: readonly string[], message: string): number {
  const command = ['ls', 'show', 'ps', 'doctor', 'schema'].find((name) => argv[0] === name);
  const end = /[.?!]$/.test(message) ? '' : '.';
  reportError(context, `${message}${end} See shmtop ${command === undefined ? '' : `${command} `}--help`);
  return EXIT.usage;
}

function buildProgram(context: CliContext, exit: (code: number) => void): Command {
  const program = new Command('shmtop')
    .description('top for Linux shared memory: what there is, who holds it, what it costs, and whether anybody still needs it')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => context.stdout.columns ?? 100,
    })
    .addHelpText('after', '\nWithout a command: the same as ls. Start with: shmtop ls, then shmtop show ID.\n');
  addLs(program, context, exit);
  addShow(program, context, exit);
  addPs(program, context, exit);
  program
    .command('doctor')
    .description('what this kernel, these privileges and this build allow, what is missing, and what to do')
    .option('--json', 'as JSON')
    .action(async (options: { readonly json?: boolean }) => exit((await import('./doctor.ts')).doctor(context, options)));
  program
    .command('schema')
    .description('the JSON Schema of all --json output')
    .action(async () => exit((await import('./schema.ts')).schema(context)));
  return program;
}

function addLs(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command('ls')
    .description('one snapshot of all shared memory as a table')
    .argument('[filter...]', 'words that select objects, explained below')
    .option('--json', 'one JSON object (see shmtop schema)')
    .option('--ndjson', 'one JSON object a line for each object')
    .option('--csv', 'all columns, exact values, RFC 4180')
    .option('--columns <list>', 'columns by name, explained below')
    .option('--sort <column>', 'by a column, upwards; -column downwards')
    .option('--no-header', 'rows only: no header, no totals')
    .option('--bytes', 'sizes in bytes instead of 1.5G')
    .option('--kind <list>', 'only these kinds: sysv,posix,unlinked,memfd,anonymous,file', kindOption)
    .option('--verdict <list>', 'only these verdicts: in-use,abandoned,unheld,unknown', verdictOption)
    .addOption(minAge())
    .option('--all', 'shared mappings of ordinary files too')
    .addHelpText('after', lsHelp)
    .action(async (words: string[], options: LsOptions) => exit((await import('./ls.ts')).ls(context, words, options)));
}

function addShow(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command('show')
    .description('everything about an object: holders, evidence, what removal would do')
    .argument('<id...>', 'as ls prints it')
    .option('--json', 'one JSON object a line for each object')
    .option('--hex', 'its content instead, read without attaching')
    .option('--offset <bytes>', 'where to start (with --hex)', bytesOption)
    .option('--length <bytes>', 'how much to show, 256 by default (with --hex)', bytesOption)
    .option('--bytes', 'sizes in bytes instead of 1.5G')
    .addOption(minAge())
    .addHelpText('after', showHelp)
    .action(async (words: string[], options: ShowOptions) => exit((await import('./show.ts')).show(context, words, options)));
}

function addPs(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command('ps')
    .description('processes and what they hold')
    .argument('[pid...]', 'pids, or words that select processes, explained below')
    .option('--json', 'one JSON object (see shmtop schema)')
    .option('--columns <list>', 'columns by name, explained below')
    .option('--sort <column>', 'by a column, upwards; -column downwards')
    .option('--no-header', 'rows only: no header, no totals')
    .option('--bytes', 'sizes in bytes instead of 1.5G')
    .option('--all', 'shared mappings of ordinary files too')
    .addHelpText('after', psHelp)
    .action(async (words: string[], options: PsOptions) => exit((await import('./ps.ts')).ps(context, words, options)));
}

function minAge(): Option {
  return new Option('--min-age <time>', 'do not call abandoned what was used less than this ago; 0 for none')
    .argParser(durationOption)
    .default(DEFAULT_MIN_AGE_SEC, '60s');
}
