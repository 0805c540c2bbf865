// Splits a command line into words and options by the table of a command; what does not fit is a UsageError.
import { parseArgs } from 'node:util';
import { nearest } from '../ui/format/nearest.ts';
import { hintForOption } from './habits.ts';
import { UsageError } from './usage.ts';

export interface OptionSpec {
  /** Without the dashes: `min-age`. */
  readonly name: string;
  /** One letter, without its dash. */
  readonly short?: string;
  /** What to call its value; absent for a flag. */
  readonly value?: string;
  /** True where the option means something without its value too. */
  readonly isValueOptional?: boolean;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** The words that it takes; absent where it takes none. */
  readonly words?: {
    readonly name: string;
    readonly help: string;
    readonly isRequired?: boolean /** No more than the name says. */;
    readonly isAll?: boolean;
  };
  readonly options: readonly OptionSpec[];
}

/** What was typed. Reading an option that the table lacks gives nothing. */
export class CommandLine {
  readonly words: readonly string[];
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(words: readonly string[], values: ReadonlyMap<string, string | true>) {
    this.words = words;
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === true ? undefined : value;
  }

  /** The value as `parse` understands it; `expected` says what it takes when that is nothing. */
  read<Value>(name: string, parse: (text: string) => Value | undefined, expected: string): Value | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) throw new UsageError(`--${name} takes ${expected}; "${text}" is not understood`);
    return value;
  }
}

/** A negative number is a key as logs have it, and no option. NUL: no argument can begin with it. */
const shield = (arg: string) => (/^-\d{2,}$/.test(arg) ? `\0${arg}` : arg);
const unshield = (word: string) => word.replace('\0', '');

const BOOLEAN = 'boolean' as const;
const STRING = 'string' as const;

/** `--name value`, `--name=value`, `-x`; `--` ends the options. The last of two equal options counts. */
export function parseCommandLine(spec: CommandSpec, args: readonly string[]): CommandLine {
  const words: string[] = [];
  const values = new Map<string, string | true>();
  const options = Object.fromEntries(
    spec.options.map(({ name, short, value, isValueOptional }) => [
      name,
      { type: value === undefined || isValueOptional ? BOOLEAN : STRING, ...(short === undefined ? {} : { short }) },
    ]),
  );
  // Not strict: parseArgs would refuse `--sort -size`, and it does not know what a person may have meant.
  const { tokens } = parseArgs({
    args: args.map(shield),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  let expecting: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (expecting === undefined) words.push(unshield(token.value));
      else values.set(expecting, unshield(token.value));
    }
    expecting = undefined;
    if (token.kind !== 'option') continue;
    const option = spec.options.find(({ name }) => name === token.name);
    if (!option) throw new UsageError(unknownOption(spec, token.rawName));
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`--${option.name} takes no value`);
      values.set(option.name, true);
      continue;
    }
    if (token.value === undefined && option.isValueOptional) {
      values.set(option.name, true);
      expecting = option.name;
      continue;
    }
    if (token.value === undefined) {
      const short = option.short === undefined ? '' : `, or -${option.short} <${option.value}>`;
      throw new UsageError(`--${option.name} needs a value: --${option.name} <${option.value}>${short}`);
    }
    values.set(option.name, unshield(token.value));
  }
  if (words.length > 0 && !spec.words)
    throw new UsageError(`${spec.name} takes no words: "${words[0]}" is one too many`);
  const isHelp = values.has('help');
  if (words.length === 0 && spec.words?.isRequired && !isHelp) {
    throw new UsageError(
      `${spec.name} needs ${spec.words.name}, ${spec.words.name === 'ID' ? 'such as sysv:5 or posix:/name' : `as in shmtop ${spec.name} ${spec.words.name}`}`,
    );
  }
  return new CommandLine(words, values);
}

function unknownOption({ name, options }: CommandSpec, typed: string): string {
  const near = nearest(
    typed,
    options.map(({ name }) => `--${name}`),
  );
  const hint = hintForOption(name, typed) ?? (near === undefined ? undefined : `did you mean ${near}?`);
  return `unknown option "${typed}"${hint === undefined ? '' : `; ${hint}`}`;
}
