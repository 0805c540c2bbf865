// The [never] section of config.toml: names, keys and users that are not to be touched. What is not understood protects nobody, so
// it is an error of the whole list.
import { unescapeBytes } from '../probe/model/bytes.ts';
import { keyText } from '../probe/model/identity.ts';
import type { NeverEntry } from '../probe/model/judge/never-touch.ts';

const SECTIONS = { names: 'name', keys: 'key', users: 'user' } as const;
const MOST_ENTRIES = 1000;
const MOST_CHARS = 1024;

/** `placeOf` says in words where an entry stands. A string: what is wrong, as a sentence without its end. */
export function understandNever(value: unknown, placeOf: (entry?: string) => string): readonly NeverEntry[] | string {
  if (!isTable(value)) return `${placeOf()}: never is a section, [never], with names, keys and users`;
  const entries: NeverEntry[] = [];
  for (const [section, list] of Object.entries(value)) {
    const of = Object.entries(SECTIONS).find(([name]) => name === section)?.[1];
    if (of === undefined)
      return `${placeOf(section)}: "${section}" is not known in [never]; it has names, keys and users`;
    if (!Array.isArray(list) || list.length > MOST_ENTRIES)
      return `${placeOf(section)}: ${section} is a list of at most ${MOST_ENTRIES}, such as ${section} = ["${EXAMPLES[of]}"]`;
    for (const given of list) {
      const pattern = patternOf(of, given);
      if (pattern === undefined) return `${placeOf(String(given))}: ${section} has an entry that is none: ${FORMS[of]}`;
      entries.push({ of, pattern, place: placeOf(String(given)) });
    }
  }
  return entries;
}

const EXAMPLES = { name: '/ledger-*', key: '0x4e5450*', user: 'postgres' } as const;
const FORMS = {
  name: 'names are text, such as "/ledger-*"',
  key: 'keys are 0x and up to eight hexadecimal digits, with * and ?, or a number',
  user: 'users are names with * and ?, or numbers',
} as const;

function patternOf(of: NeverEntry['of'], given: unknown): string | undefined {
  if (typeof given === 'number' || typeof given === 'bigint') return numberPattern(of, Number(given));
  if (typeof given !== 'string' || given === '' || given.length > MOST_CHARS) return undefined;
  switch (of) {
    case 'name': {
      const bytes = unescapeBytes(given);
      return bytes.startsWith('/') || bytes.startsWith('*') ? bytes : `/${bytes}`;
    }
    case 'key':
      return keyPattern(given.toLowerCase());
    case 'user':
      return given;
  }
}

function numberPattern(of: NeverEntry['of'], number: number): string | undefined {
  if (!Number.isInteger(number)) return undefined;
  if (of === 'user') return number >= 0 && number < 2 ** 32 ? String(number) : undefined;
  // Logs print keys signed: -559038737 is 0xdeadbeef.
  if (of === 'key' && number >= -(2 ** 31) && number < 2 ** 32) return keyText(number >>> 0);
  return undefined;
}

/** As ipcs prints it, eight digits; with wildcards as it is. */
function keyPattern(text: string): string | undefined {
  const digits = /^0x([0-9a-f*?]{1,16})$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  if (/[*?]/.test(digits)) return `0x${digits}`;
  return digits.length > 8 ? undefined : `0x${digits.padStart(8, '0')}`;
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
