// Option values from the command line: parsed, or refused with what would be understood.
import { InvalidArgumentError } from 'commander';
import { KINDS, VERDICT_STATES } from '../probe/model/object.ts';
import { parseBytes } from '../ui/format/bytes.ts';
import { parseDuration } from '../ui/format/duration.ts';

/** Grace time of the verdict where `--min-age` is not given. */
export const DEFAULT_MIN_AGE_SEC = 60;

export function durationOption(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new InvalidArgumentError('It takes a length of time: 90, 90s, 10m, 2h, 7d; 0 for none.');
  return seconds;
}

export function bytesOption(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined) throw new InvalidArgumentError('It takes bytes: 4096, 512K, 1.5G.');
  return bytes;
}

export const kindOption = wordList(KINDS);
export const verdictOption = wordList(VERDICT_STATES);

/** Words of a list, joined by commas; given back in lower case. */
function wordList(allowed: readonly string[]): (text: string) => string {
  return (text) => {
    const words = text.toLowerCase().split(',');
    if (!words.every((word) => allowed.includes(word))) {
      throw new InvalidArgumentError(`It takes one or more of ${allowed.join(',')}.`);
    }
    return words.join(',');
  };
}
