// Fuzzing: many cases, each within a time, from what is valid and then damaged. `SHMTOP_FUZZ_RUNS` sets how many (npm run fuzz: 10^5).
import fc from 'fast-check';
import { expect } from 'vitest';

export const RUNS = Number(process.env.SHMTOP_FUZZ_RUNS ?? 1000);
/** Time for one test: it stops there and says nothing of the cases that were left. */
const MOST_TEST_MS = RUNS > 1000 ? 600_000 : 15_000;
export const FUZZ_TIMEOUT_MS = 2 * MOST_TEST_MS;
/** What one case may take. Other work of the machine is taken off by trying again. */
const MOST_CASE_MS = 250;

/** `share`: of the runs, for what is slow. */
export function fuzz<Case>(cases: fc.Arbitrary<Case>, check: (one: Case) => void, share = 1): void {
  const property = fc.property(cases, (one) => {
    for (let tries = 0; ; tries++) {
      const start = performance.now();
      check(one);
      const tookMs = performance.now() - start;
      if (tookMs < MOST_CASE_MS) return;
      if (tries === 2) throw new Error(`one case took ${Math.round(tookMs)} ms three times`);
    }
  });
  fc.assert(property, {
    numRuns: Math.max(20, Math.ceil(RUNS * share)),
    interruptAfterTimeLimit: MOST_TEST_MS,
    markInterruptAsFailure: false,
  });
}

/** The same for what answers later. */
export async function fuzzAsync<Case>(
  cases: fc.Arbitrary<Case>,
  check: (one: Case) => Promise<void>,
  share = 1,
): Promise<void> {
  await fc.assert(fc.asyncProperty(cases, check), {
    numRuns: Math.max(20, Math.ceil(RUNS * share)),
    interruptAfterTimeLimit: MOST_TEST_MS,
    markInterruptAsFailure: false,
    timeout: 10 * MOST_CASE_MS,
  });
}

/** Pieces that parsers stumble over, as bytes. */
const TOKENS = [
  '',
  '\n',
  '\r',
  '\0',
  '\t',
  ' ',
  '\x0b',
  '\x85',
  '\xa0',
  '\xb5',
  '\xff',
  '\x1b[31m',
  '\x9b31m',
  '\x1b]52;c;QQ==\x07',
  '\x7f',
  '(',
  ')',
  ') R ',
  ':',
  '-',
  '/',
  '//',
  '\\',
  '\\012',
  '\\040',
  '\\x1b',
  ' (deleted)',
  '/SYSV00000000 (deleted)',
  '/memfd:',
  '..',
  '\xc3\xa9',
  '\xe2\x80\xae',
  '\xf0\x9f\x98\x80',
  '\u00ed\xa0\x80',
  '9'.repeat(40),
  '-1',
  '0x',
  '1e999',
  'NaN',
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  'null',
];

export const anyBytes: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TOKENS),
  fc.uint8Array({ maxLength: 24 }).map((bytes) => String.fromCharCode(...bytes)),
  fc.tuple(fc.constantFrom(...TOKENS), fc.integer({ min: 1, max: 3000 })).map(([token, times]) => token.repeat(times)),
);

/** A text with up to four pieces of it replaced by others, or one of its own pieces repeated. */
export function damaged(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(12),
    by: anyBytes,
    again: fc.nat(3),
  });
  return fc.tuple(text, fc.array(edit, { maxLength: 4 })).map(([whole, edits]) =>
    edits.reduce((now, { at, length, by, again }) => {
      const start = Math.floor(at * now.length);
      return now.slice(0, start) + by + now.slice(start, start + length).repeat(again) + now.slice(start + length);
    }, whole),
  );
}

/** What a field of JSON may be in the hands of an enemy. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.5,
    1e308,
    2 ** 53,
    2 ** 60,
    -0,
    '',
    '\x1b]0;x\x07',
    '\x9b31m',
    '\u202e',
    '\ud800',
    '__proto__',
    [],
    {},
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** A JSON value with up to three of its parts, at any depth, replaced by junk, gone or doubled. */
export function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.record({ path: fc.array(fc.nat(60), { minLength: 1, maxLength: 7 }), by: junk, how: fc.nat(3) });
  return fc
    .tuple(value, fc.array(change, { maxLength: 3 }))
    .map(([whole, changes]) =>
      changes.reduce<unknown>(
        (now, { path, by, how }) => changed(now, path, by, how),
        JSON.parse(JSON.stringify(whole)),
      ),
    );
}

function changed(value: unknown, [step = 0, ...path]: readonly number[], by: unknown, how: number): unknown {
  if (typeof value !== 'object' || value === null) return by;
  const names = Object.keys(value);
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined) return by;
  const part: unknown = Reflect.get(value, name);
  if (path.length > 0 && typeof part === 'object' && part !== null) {
    const inside = changed(part, path, by, how);
    return Array.isArray(value)
      ? value.map((one, at) => (String(at) === name ? inside : one))
      : { ...value, [name]: inside };
  }
  if (Array.isArray(value)) return how === 0 ? value.slice(1) : how === 1 ? [...value, ...value] : [...value, by];
  if (how === 0) return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  return { ...value, [name]: by };
}

/** Nothing that a terminal could take for an order, and nothing that is there without being seen. SGR colours are ours. */
export function expectHarmless(text: string): void {
  const found = /(?![\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.exec(text.replace(/\x1b\[[0-9;]*m/g, ''));
  if (found)
    expect({
      at: found.index,
      around: JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 20)),
    }).toBe('harmless');
}
