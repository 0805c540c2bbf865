// The places of a command line as all shells see them: which command, which of its options, what may stand there.
import type { CommandSpec, OptionSpec } from '../command-line.ts';
import { COMMANDS } from '../commands.ts';
import { PROGRAM } from '../which-command.ts';

/** The program without a command has no name. */
export const PLACES: readonly CommandSpec[] = [PROGRAM, ...COMMANDS];

/** `--name` and `-x`. */
export function spellings({ name, short }: OptionSpec): readonly string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}

/** Those whose value is the next word. */
export function valuedOptions({ options }: CommandSpec): readonly OptionSpec[] {
  return options.filter(({ value, isValueOptional }) => value !== undefined && !isValueOptional);
}
