// Option values: read from the command line, or refused with what would be understood.
import { KINDS, VERDICT_STATES } from '../probe/model/object.ts';
import { BYTES_WORDS, parseBytes } from '../ui/format/bytes.ts';
import { DURATION_WORDS, parseDuration } from '../ui/format/duration.ts';
import type { CommandLine } from './command-line.ts';
import { UsageError } from './usage.ts';

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

function parseVerdicts(line: CommandLine): string | undefined {
  return line.read('verdict', listOf(VERDICT_STATES), `one or more of ${VERDICT_STATES.join(',')}`);
}

/** What `-p`, `-u`, `--kind` and `--verdict` choose, as FILTER words. Throws UsageError. */
export function chosenWords(line: CommandLine): readonly string[] {
  const pids = line.read('pid', wordIf(/^\d+(,\d+)*$/), 'pids, such as 1234 or 1234,5678');
  const users = line.read('user', wordIf(/^[^\s,]+(,[^\s,]+)*$/), 'names or numbers of users, such as alice or 0,1000');
  const kinds = parseKinds(line);
  const verdicts = parseVerdicts(line);
  const words = [
    ['pid', pids],
    ['user', users],
    ['kind', kinds],
    ['verdict', verdicts],
  ] as const;
  return words.flatMap(([field, value]) => (value === undefined ? [] : [`${field}=${value}`]));
}

const wordIf = (form: RegExp) => (text: string) => (form.test(text) ? text : undefined);

const countFrom1 = (text: string) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined);
const FROM_1 = 'a number from 1 on';

/** How many of a list, the newest; absent where it is not given. */
export function parseLast(line: CommandLine): number | undefined {
  return line.read('last', countFrom1, FROM_1);
}

const SHORTEST_SEC = 0.1;

/** How often a table is printed; undefined: once. `every`: the option that says how far apart. Throws UsageError. */
export function parseRepeat(line: CommandLine, every: 'watch' | 'interval'): Repeat | undefined {
  const seconds = line.read(
    every,
    (text) => {
      const read = parseDuration(text);
      return read !== undefined && read >= SHORTEST_SEC ? read : undefined;
    },
    `${DURATION_WORDS}; ${SHORTEST_SEC} at least`,
  );
  const count = line.read('count', countFrom1, FROM_1);
  if (line.flag('once')) {
    if (count !== undefined && count > 1)
      throw new UsageError('--once and --count exclude each other: give one of them');
    return undefined;
  }
  if (count === 1 || (seconds === undefined && count === undefined && !line.flag('batch'))) return undefined;
  return { everyMs: (seconds ?? 1) * 1000, count: count ?? Number.POSITIVE_INFINITY, isBatch: line.flag('batch') };
}

export interface Repeat {
  readonly everyMs: number;
  readonly count: number;
  /** On a terminal too each table stands below the one before. */
  readonly isBatch: boolean;
}

function listOf(allowed: readonly string[]): (text: string) => string | undefined {
  return (text) => {
    const list = text.toLowerCase();
    return list.split(',').every((word) => allowed.includes(word)) ? list : undefined;
  };
}
