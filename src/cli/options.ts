// Option values: read from the command line, or refused with what would be understood.
import { KINDS, VERDICT_STATES } from '../probe/model/object.ts';
import { parseBytes } from '../ui/format/bytes.ts';
import { parseDuration } from '../ui/format/duration.ts';
import type { CommandLine } from './command-line.ts';

/** Grace time of the verdict where `--min-age` is not given. */
export const DEFAULT_MIN_AGE_SEC = 60;

export function parsePatience(line: CommandLine): number {
  return (
    line.read('min-age', parseDuration, 'a length of time (90, 90s, 10m, 2h, 7d; 0 for none)') ?? DEFAULT_MIN_AGE_SEC
  );
}

export function parseByteCount(line: CommandLine, name: 'offset' | 'length'): number | undefined {
  return line.read(name, parseBytes, 'bytes (4096, 512K, 1.5G)');
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
