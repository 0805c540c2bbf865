// What documents and comments name exists: files move, and whoever is sent to one that is gone learns to trust neither.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const PLACES = ['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}', 'scripts/**/*.{ts,mjs}', 'docs/**/*.md', 'README.md'];
const files = PLACES.flatMap((pattern) => globSync(pattern, { cwd: root }));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** `verdict-name.ts`, `judge/verdict-name.ts` or `src/probe/model/judge/verdict-name.ts`: the end of a path. */
const isThere = (name: string) => files.some((path) => path === name || path.endsWith(`/${name}`));

/** All of a document; of a program its comments. */
function prose(path: string): string {
  const text = read(path);
  if (path.endsWith('.md')) return text;
  return Array.from(text.matchAll(/(?:^|\s)\/\/ [^\n]*|^\s*\/?\*[^\n]*/gm), ([comment]) => comment).join('\n');
}

/** `name` may have folders before it, relative or from the top; not part of an address or a pattern. */
const namesIn = (text: string) =>
  Array.from(
    text.matchAll(/(?<![\w./*{@:-])(?:\.\.?\/)*([\w-]+(?:[./][\w-]+)*\.(?:ts|tsx|mjs))\b(?![\w/])/g),
    ([, name]) => name,
  );

test('no document and no comment names a file that is not there', () => {
  const lost = files.flatMap((path) =>
    namesIn(prose(path))
      .filter((name) => name !== undefined && !isThere(name))
      .map((name) => `${path}: ${name}`),
  );
  expect(lost).toEqual([]);
});

test('a name that is not there is found', () => {
  expect(
    namesIn('see `territory/nowhere.ts` and (../test/nothing.test.ts), https://x.org/y.ts').filter(
      (name) => name && !isThere(name),
    ),
  ).toEqual(['territory/nowhere.ts', 'test/nothing.test.ts']);
  expect(isThere('judge/verdict-name.ts')).toBe(true);
});

test('folders that documents name in full are there', () => {
  for (const path of files.filter((name) => name.endsWith('.md'))) {
    const named = Array.from(
      read(path).matchAll(/(?<![\w/])((?:src|test|scripts)(?:\/[\w-]+)+)\/?(?![\w.*/{-])/g),
      ([, name = '']) => name,
    );
    expect(
      named.filter((name) => !existsSync(join(root, name))),
      path,
    ).toEqual([]);
  }
});

test('the tests that the page on security calls upon exist', () => {
  const said = Array.from(
    read('docs/security.md').matchAll(/Tests?: ((?:[^.]|\.(?! |\n))*)/g),
    ([, list = '']) => list,
  ).join(' ');
  const named = Array.from(said.matchAll(/`([\w/-]+)`/g), ([, name = '']) => name);
  expect(named.length).toBeGreaterThan(15);
  const tests = files.filter((path) => path.startsWith('test/'));
  const isTested = (name: string) =>
    tests.some((path) => path.endsWith(`/${name}.test.ts`) || path.startsWith(`test/${name}/`));
  expect(named.filter((name) => !isTested(name))).toEqual([]);
});
