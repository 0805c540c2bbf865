// Every regular expression of the program over long texts made of its own pieces: none may take time that grows with the square of
// the text. Names, arguments and maps are as long as their writers like, and words to search for are given by nobody but the user.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const LENGTH = 16_384;
/** Of the processor, of this thread: what else the machine does is not counted. */
const MOST_MS = 40;

/** Applied to text that has a bound of its own, which keeps even the square small. */
const BOUNDED: ReadonlyMap<string, string> = new Map([
  [String.raw`\S*\s*$`, 'what the user has typed at a prompt'],
  [String.raw`(\d+(?:\.\d+)?)([smhdw])`, 'a word of the user that is a duration already'],
  [String.raw`\S*.$`, 'one line of our own hex dump'],
]);

interface Found {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

function literalsOf(file: string): Found[] {
  const found: Found[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('regex' in node && typeof node.regex === 'object' && node.regex !== null) {
      const { pattern, flags } = { pattern: '', flags: '', ...node.regex };
      found.push({ file, source: pattern, flags });
    }
    for (const part of Object.values(node)) visit(part);
  };
  visit(parseAst(readFileSync(`${SRC}/${file}`, 'utf8'), { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
  return found;
}

/** Letters and signs that stand in it, and one char of each class, as what to build texts of. */
function piecesOf(source: string): string[] {
  const plain = source
    .replace(/\(\?(?:<[^>=!]*>|[:=!]|<[=!])/g, '(')
    .replace(/\[\^[^\]]*\]|\\[SWD]|\./g, '\u0001x\u0001')
    .replace(/\\d|\[[^\]]*0-9[^\]]*\]/g, '\u00017\u0001')
    .replace(/\\[sw]|\[[^\]]*\]/g, '\u0001a\u0001')
    .replace(/\\(.)/g, '$1')
    .replace(/\{\d+(?:,\d*)?\}/g, '\u0001');
  const runs = plain.split(/[\u0001()|^$*+?]+/).filter((piece) => piece !== '');
  return [...new Set([...runs, ...runs.map((run) => run.slice(0, 1)), ' ', '/', '0', 'a', '.'])];
}

function slowest({ source, flags }: Found): number {
  const pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
  const pieces = piecesOf(source);
  const texts = pieces.flatMap((first) =>
    pieces.slice(0, 9).flatMap((second) => {
      const unit = first + second;
      const pumped = unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
      return [`${pumped}\n!`, `${first}${second.repeat(Math.ceil(LENGTH / second.length)).slice(0, LENGTH)}\u0002`];
    }),
  );
  let most = 0;
  for (const text of texts) {
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 4 && least > MOST_MS / 2; tries++) {
      const before = process.threadCpuUsage();
      pattern.test(text);
      const { user, system } = process.threadCpuUsage(before);
      least = Math.min(least, (user + system) / 1000);
    }
    most = Math.max(most, least);
    if (most > MOST_MS) break;
  }
  return most;
}

test('each is linear', { timeout: 120_000 }, () => {
  const all = globSync('**/*.{ts,tsx}', { cwd: SRC }).flatMap(literalsOf);
  const each = [...new Map(all.map((one) => [`${one.source} ${one.flags}`, one])).values()];
  expect(each.length).toBeGreaterThan(150);
  const slow = each.flatMap((one) => {
    const took = BOUNDED.has(one.source) ? 0 : slowest(one);
    return took > MOST_MS ? [`${one.file}: /${one.source}/ ${Math.round(took)} ms`] : [];
  });
  expect(slow).toEqual([]);
});

test('would be noticed if it were not', () => {
  expect(slowest({ file: '', source: '^(?:a*)*$'.replace('(?:a*)*', 'a*a*'), flags: '' })).toBeGreaterThan(MOST_MS);
});
