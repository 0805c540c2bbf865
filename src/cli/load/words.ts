// The options of `shmtop load` as typed on the command line, and as the values that the engine takes.
import { APIS, BACKINGS, BUFFERINGS, type LoadOptions, SYNC_MODES, VERIFY_LEVELS } from '../../load/model/options.ts';
import { type LoadProblem, problem } from '../../load/model/problem.ts';
import { parseRate } from '../../load/model/size.ts';
import { parseBytes } from '../../ui/format/bytes.ts';
import { parseDuration } from '../../ui/format/duration.ts';

/** As the command line has them: text, or true for an option without its value. */
export interface LoadWords {
  readonly sync?: string;
  readonly size?: string;
  readonly duration?: string;
  readonly rate?: string;
  readonly pairs?: string;
  readonly backing?: string;
  readonly buffer?: string;
  readonly most?: string;
  readonly readerRate?: string;
  readonly verify?: string;
  readonly group?: string;
  /** One of APIS, or `all`: then it is not among the options. */
  readonly api?: string;
  readonly producers?: string;
  readonly consumers?: string;
  readonly huge?: boolean;
  readonly node?: string;
  readonly tour?: boolean;
  readonly pin?: boolean;
  readonly latency?: boolean;
  readonly compare?: boolean;
  readonly rounds?: string;
  readonly sweep?: boolean;
  readonly modes?: boolean;
  readonly csv?: boolean;
  readonly leak?: string | true;
  readonly clean?: boolean;
  readonly json?: boolean;
}

/** `--api all`: a comparison of them. */
export const ALL_APIS = 'all';

const usage = (message: string) => problem('usage', message);

function oneOf<T extends string>(values: readonly T[], word: string, option: string): T | LoadProblem {
  const found = values.find((value) => value === word);
  return found ?? usage(`${option} does not know "${word}": choose one of ${values.join(', ')}.`);
}

/** A whole number of at least 1; undefined for anything else. */
export function parseWhole(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** The options that were given; what was not is left to the defaults. What cannot be understood is a `usage` problem. */
export function readWords(words: LoadWords): Partial<LoadOptions> | LoadProblem {
  const options: { -readonly [K in keyof LoadOptions]?: LoadOptions[K] } = {};
  if (words.sync !== undefined) {
    const sync = oneOf(SYNC_MODES, words.sync, '--sync');
    if (typeof sync !== 'string') return sync;
    options.sync = sync;
  }
  if (words.backing !== undefined) {
    const backing = oneOf(BACKINGS, words.backing, '--backing');
    if (typeof backing !== 'string') return backing;
    options.backing = backing;
  }
  if (words.buffer !== undefined) {
    const buffer = oneOf(BUFFERINGS, words.buffer, '--buffer');
    if (typeof buffer !== 'string') return buffer;
    options.buffer = buffer;
  }
  if (words.api !== undefined && words.api !== ALL_APIS) {
    const api = oneOf([...APIS, ALL_APIS], words.api, '--api');
    if (typeof api !== 'string') return api;
    if (api !== ALL_APIS) options.api = api;
  }
  if (words.node !== undefined) {
    if (!/^\d{1,4}(,\d{1,4})?$/.test(words.node))
      return usage(`--node cannot be "${words.node}": give a number, or two: 0,1 (producers, consumers).`);
    options.nodes = words.node.split(',').map(Number);
  }
  if (words.most !== undefined && words.buffer !== 'unbounded') return usage('--most goes with --buffer unbounded.');
  if (words.verify !== undefined) {
    const verify = oneOf(VERIFY_LEVELS, words.verify, '--verify');
    if (typeof verify !== 'string') return verify;
    options.verify = verify;
  }
  const numbers = [
    ['sizeBytes', '--size', words.size, parseBytes, '64, 4K or 16M'],
    ['durationSec', '--duration', words.duration, parseDuration, '10s, 500ms or 2m'],
    ['mostBytes', '--most', words.most, parseBytes, '64M or 1G'],
    ['readerRate', '--reader-rate', words.readerRate, parseRate, '100000, 100k or 1M (messages a second)'],
    ['rate', '--rate', words.rate, parseRate, '100000, 100k or 1M (messages a second)'],
    ['pairs', '--pairs', words.pairs, parseNumber, 'a whole number'],
    ['group', '--group', words.group, parseNumber, 'a power of two'],
    ['producers', '--producers', words.producers, parseNumber, 'a whole number'],
    ['consumers', '--consumers', words.consumers, parseNumber, 'a whole number'],
  ] as const;
  for (const [name, option, word, parse, example] of numbers) {
    if (word === undefined) continue;
    const value = parse(word);
    if (value === undefined) return usage(`${option} cannot be "${word}": give ${example}.`);
    options[name] = value;
  }
  if (words.pin) options.pin = true;
  if (words.huge) options.huge = true;
  return options;
}

/** A number that the plan will judge (0 and 1.5 are understood, and then refused with the limits). */
function parseNumber(text: string): number | undefined {
  return /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
