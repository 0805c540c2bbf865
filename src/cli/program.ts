// From the command line to the command: which one is meant, with what. All but ls load when they are called.
import { version } from '../../package.json';
import { type CommandLine, type CommandSpec, parseCommandLine } from './command-line.ts';
import { COMPLETION, DOCTOR, SCHEMA } from './commands/about.ts';
import { LOAD, RESTORE, RM } from './commands/changing.ts';
import { DIFF, LS, PS, SHOW, SUMMARY } from './commands/looking.ts';
import { CHECK, METRICS } from './commands/monitoring.ts';
import { HELP, VERSION } from './commands/options.ts';
import { HISTORY, REPLAY, WATCH, WITNESS } from './commands/over-time.ts';
import { COMMANDS } from './commands.ts';
import type { CliContext } from './context.ts';
import type { LoadWords } from './load/words.ts';
import { ls } from './ls.ts';
import {
  chosenWords,
  parseByteCount,
  parseKinds,
  parseLast,
  parsePatience,
  parseRepeat,
  parseTime,
} from './options.ts';
import { repeat } from './repeat.ts';
import { reportError } from './report.ts';
import { CHECK_UNKNOWN, EXIT, UsageError } from './usage.ts';
import { noCommand, PROGRAM, whichCommand } from './which-command.ts';

/** Runs one command line (without node and script) and gives the exit code. Throws only what writing throws, and bugs. */
export async function runProgram(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    const command = commandIn(argv);
    if (command === ` ${CHECK.name}`) return (await import('./check.ts')).checkFailed(context, error);
    if (!(error instanceof UsageError)) throw error;
    const stop = error.message.endsWith('?') ? '' : '.';
    reportError(context, `${error.message}${stop} See shmtop${command} --help`);
    return EXIT.usage;
  }
}

async function dispatch(argv: readonly string[], context: CliContext): Promise<number> {
  const { spec, args } = whichCommand(argv);
  if (spec === 'help') {
    const [name] = args.filter((word) => !word.startsWith('-'));
    return printHelp(context, name === undefined ? undefined : findCommand(name));
  }
  const line = parseCommandLine(spec, args);
  // Neither is an answer that whoever runs a check may take for one.
  const told = spec === CHECK ? CHECK_UNKNOWN : EXIT.done;
  if (line.flag(HELP.name)) {
    await printHelp(context, spec === PROGRAM ? undefined : spec);
    return told;
  }
  if (line.flag(VERSION.name)) {
    context.stdout.write(`${version}\n`);
    return told;
  }
  return spec === PROGRAM ? list(line, context, 'interval') : run(spec, line, context);
}

function findCommand(name: string): CommandSpec {
  const spec = COMMANDS.find((command) => command.name === name);
  if (spec) return spec;
  throw noCommand(name);
}

/** ` ls`: for whose help is pointed at. */
function commandIn(argv: readonly string[]): string {
  try {
    const { spec } = whichCommand(argv);
    return spec === 'help' || spec === PROGRAM ? '' : ` ${spec.name}`;
  } catch {
    return ''; // UsageError: the very one that is being told
  }
}

/** `ls`, also without a command. */
function list(line: CommandLine, context: CliContext, every: 'watch' | 'interval'): number {
  const repeated = parseRepeat(line, every);
  const isForProgram = ['json', 'ndjson', 'csv', 'no-header'].some((name) => line.flag(name));
  return repeat(context, repeated, isForProgram, (round) =>
    ls(context, [...line.words, ...chosenWords(line)], {
      ...tableOptions(line),
      header: !line.flag('no-header') && !(line.flag('csv') && round > 0),
      ndjson: line.flag('ndjson'),
      csv: line.flag('csv'),
      kind: parseKinds(line),
      minAge: parsePatience(line),
      isRepeated: repeated !== undefined,
    }),
  );
}

async function printHelp(context: CliContext, spec?: CommandSpec): Promise<number> {
  const { commandHelp, programHelp } = await import('./help.ts');
  context.stdout.write(spec === undefined ? programHelp() : commandHelp(spec));
  return EXIT.done;
}

async function run(spec: CommandSpec, line: CommandLine, context: CliContext): Promise<number> {
  const { words } = line;
  switch (spec) {
    case LS:
      return list(line, context, 'watch');
    case SHOW:
      return (await import('./show.ts')).show(context, words, {
        json: line.flag('json'),
        placement: line.flag('placement'),
        search: line.flag('search'),
        yes: line.flag('yes'),
        hex: line.flag('hex'),
        offset: parseByteCount(line, 'offset'),
        length: parseByteCount(line, 'length'),
        bytes: line.flag('bytes'),
        minAge: parsePatience(line),
      });
    case PS:
      return (await import('./ps.ts')).ps(context, [...words, ...chosenWords(line)], {
        ...tableOptions(line),
        csv: line.flag('csv'),
      });
    case SUMMARY:
      return (await import('./summary.ts')).summary(context, words, {
        by: line.text('by'),
        json: line.flag('json'),
        bytes: line.flag('bytes'),
        minAge: parsePatience(line),
      });
    case LOAD:
      return (await import('./load.ts')).runLoad(loadWords(line), await context.openLoad());
    case RM:
      return (await import('./rm.ts')).rm(context, words, {
        abandoned: line.flag('abandoned'),
        orphaned: line.flag('orphaned'),
        unheld: line.flag('unheld'),
        dryRun: line.flag('dry-run'),
        yes: line.flag('yes'),
        force: line.flag('force'),
        history: line.flag('history'),
        wish: { sinceSec: parseTime(line, 'since'), last: parseLast(line) },
        json: line.flag('json'),
        save: line.text('save'),
        minAge: parsePatience(line),
        isMinAgeGiven: line.text('min-age') !== undefined,
        namespace: line.text('namespace'),
      });
    case RESTORE:
      return (await import('./restore.ts')).restore(context, words, { json: line.flag('json') });
    case WATCH:
      return (await import('./watch.ts')).watch(context, await context.live(), words, {
        json: line.flag('json'),
        exact: line.flag('exact'),
        forSec: parseTime(line, 'for'),
        untilEmpty: line.text('until-empty'),
        record: line.text('record'),
        mayWitness: !line.flag('no-witness'),
      });
    case WITNESS:
      return (await import('./witness.ts')).witness(context, await context.witness(), {
        state: line.text('state'),
        exact: line.flag('exact'),
      });
    case REPLAY:
      return (await import('./replay.ts')).replay(context, words, { json: line.flag('json') });
    case HISTORY:
      return (await import('./history.ts')).history(context, words, {
        json: line.flag('json'),
        sinceSec: parseTime(line, 'since'),
        last: parseLast(line),
        header: !line.flag('no-header'),
      });
    case DIFF:
      return (await import('./diff.ts')).diff(context, words, { json: line.flag('json'), bytes: line.flag('bytes') });
    case CHECK: {
      const { check, measuresIn } = await import('./check.ts');
      return check(context, words, {
        measures: measuresIn((name) => line.flag(name)),
        warning: line.text('warning'),
        critical: line.text('critical'),
        namespace: line.text('namespace'),
        minAge: parsePatience(line),
      });
    }
    case METRICS:
      return (await import('./metrics.ts')).metrics(context, await context.metrics(), {
        minAge: parsePatience(line),
        listen: line.text('listen') ?? (line.flag('listen') ? true : undefined),
        output: line.text('output'),
        objects: line.text('objects'),
      });
    case DOCTOR:
      return (await import('./doctor.ts')).doctor(context, { json: line.flag('json') });
    case SCHEMA:
      return (await import('./schema.ts')).schema(context, words);
    case COMPLETION:
      return (await import('./completion.ts')).completion(context, words, line.text('list'));
    default:
      throw new Error(`the command ${spec.name} is in the table but nothing does it`);
  }
}

function tableOptions(line: CommandLine) {
  return {
    json: line.flag('json'),
    columns: line.text('columns'),
    sort: line.text('sort'),
    header: !line.flag('no-header'),
    bytes: line.flag('bytes'),
    all: line.flag('all'),
  };
}

function loadWords(line: CommandLine): LoadWords {
  const { sync, size, duration, rate, pairs, backing, verify, group, rounds, buffer, most } = Object.fromEntries(
    ['sync', 'size', 'duration', 'rate', 'pairs', 'backing', 'verify', 'group', 'rounds', 'buffer', 'most'].map(
      (name) => [name, line.text(name)],
    ),
  );
  return {
    ...{ sync, size, duration, rate, pairs, backing, verify, group, rounds, buffer, most },
    readerRate: line.text('reader-rate'),
    pin: line.flag('pin'),
    huge: line.flag('huge'),
    tour: line.flag('tour'),
    api: line.text('api'),
    producers: line.text('producers'),
    consumers: line.text('consumers'),
    node: line.text('node'),
    latency: !line.flag('no-latency'),
    compare: line.flag('compare'),
    sweep: line.flag('sweep'),
    modes: line.flag('modes'),
    csv: line.flag('csv'),
    leak: line.text('leak') ?? (line.flag('leak') ? true : undefined),
    clean: line.flag('clean'),
    json: line.flag('json'),
  };
}
