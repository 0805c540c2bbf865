// Option values: read from the command line, or refused with what would be understood.
import { KINDS, VERDICT_STATES } from '../probe/model/object.ts';
import { BYTES_WORDS, parseBytes } from '../ui/format/bytes.ts';
import { DURATION_WORDS, parseDuration } from '../ui/format/duration.ts';
import type { CommandLine } from './command-line.ts';

/** Grace time of the verdict where `--min-age` is not given. */
export const DEFAULT_MIN_AGE_SEC = 60;

export function parsePatience(line: CommandLine): number {
  return parseMinAge(line) ?? DEFAULT_MIN_AGE_SEC;
}

/** Seconds; absent where it is not given. */
export function parseMinAge(line: CommandLine): number | undefined {
  return line.read('min-age', parseDuration, `${DURATION_WORDS}; 0 for none`);
}

/** Seconds; absent where it is not given. */
export function parseTime(line: CommandLine, name: string): number | undefined {
  return line.read(name, parseDuration, DURATION_WORDS);
}

export function parseByteCount(line: CommandLine, name: 'offset' | 'length'): number | undefined {
  return line.read(name, parseBytes, BYTES_WORDS);
}

/** Some of the kinds, joined by commas, in lower case. */
export function parseKinds(line: CommandLine): string | undefined {
  return line.read('kind', listOf(KINDS), `one or more of ${KINDS.join(',')}`);
}

export function parseVerdicts(line: CommandLine): string | undefined {
  return line.read('verdict', listOf(VERDICT_STATES), `one or more of ${VERDICT_STATES.join(',')}`);
}

function listOf(allowed: readonly string[]): (text: string) => string | undefined {
  return (text) => {
    const list = text.toLowerCase();
    return list.split(',').every((word) => allowed.includes(word)) ? list : undefined;
  };
}
