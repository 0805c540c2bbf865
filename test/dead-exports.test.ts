// What is exported is for somebody: of the other source files, of the tests, or of the scripts. A type may also be what an export
// of its own file takes or gives.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const DECLARED =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) ([A-Za-z_$][\w$]*)/gm;
const LISTED = /^export (?:type )?\{([^}]*)\}/gm;
const DESTRUCTURED = /^export const \{([^}]*)\}/gm;
const IMPORTED = /\b(?:import|export)(?: type)?\s*\{([^}]*)\}\s*from\s*'([^']+)'/g;
const WHOLE = /\bimport \* as ([\w$]+) from '([^']+)'/g;
const LATE = /(?:\{([^{}]*)\}\s*=\s*(?:await )?)?\bimport\(\s*'([^']+)'\s*\)/g;

const namesIn = (list: string) =>
  list
    .replace(/\/\/.*$/gm, '')
    .split(',')
    .map((each) => each.trim().replace(/^type /, ''))
    .filter((each) => each !== '');

/** Names that a file gives to others. */
function exportsOf(text: string): string[] {
  return [
    ...Array.from(text.matchAll(DECLARED), ([, name = '']) => name),
    ...Array.from(text.matchAll(LISTED), ([, list = '']) =>
      namesIn(list).map((each) => each.split(' as ').at(-1) ?? each),
    ).flat(),
    ...Array.from(text.matchAll(DESTRUCTURED), ([, list = '']) =>
      namesIn(list).map((each) => each.split(':').at(-1)?.trim() ?? each),
    ).flat(),
  ];
}

/** What a file takes from others, as `path name`; `path *` where it may take anything. */
function importsOf(file: string, text: string): string[] {
  const at = (to: string) => normalize(join(dirname(file), to));
  const taken: string[] = [];
  for (const [, list = '', to = ''] of text.matchAll(IMPORTED))
    for (const each of namesIn(list)) taken.push(`${at(to)} ${each.split(' as ')[0]?.trim()}`);
  for (const [, name = '', to = ''] of text.matchAll(WHOLE))
    for (const [, member = ''] of text.matchAll(new RegExp(`(?<!/)\\b${name}\\.([\\w$]+)`, 'g')))
      taken.push(`${at(to)} ${member}`);
  for (const [, list, to = ''] of text.matchAll(LATE)) {
    if (list === undefined) taken.push(`${at(to)} *`);
    else for (const each of namesIn(list)) taken.push(`${at(to)} ${each.split(':')[0]?.trim()}`);
  }
  return taken;
}

/** Is a type named again in its own file? */
function isSignature(text: string, name: string): boolean {
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, '');
  const isType = new RegExp(`^export (interface|type) ${name}\\b`, 'm').test(code);
  return isType && Array.from(code.matchAll(new RegExp(`\\b${name}\\b`, 'g'))).length > 1;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const users = globSync(['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx,mjs}', 'scripts/**/*.{ts,mjs}'], { cwd: root });
const taken = new Set(users.flatMap((file) => importsOf(file, read(file))));

describe('exports', () => {
  it('are all imported by somebody', () => {
    const dead = users
      .filter((file) => file.startsWith('src/'))
      .flatMap((file) => exportsOf(read(file)).map((name) => ({ file, name })))
      .filter(
        ({ file, name }) => !taken.has(`${file} ${name}`) && !taken.has(`${file} *`) && !isSignature(read(file), name),
      )
      .map(({ file, name }) => `${file}: ${name}`);
    expect(dead).toEqual([]);
  });

  it('would be found if nobody wanted them, in whatever way they are exported', () => {
    const text = `export const a = 1;\nexport async function b() {}\nexport type C = D;\nexport { d as e };\nexport const {\n  F,\n  G: H,\n} = x;\n`;
    expect(exportsOf(text)).toEqual(['a', 'b', 'C', 'e', 'F', 'H']);
    expect(
      importsOf('src/x/y.ts', "import { type A, b as c } from '../z.ts';\nimport * as n from './n.ts';\nn.open();"),
    ).toEqual(['src/z.ts A', 'src/z.ts b', 'src/x/n.ts open']);
    expect(importsOf('src/x/y.ts', "const { q } = await import('./q.ts'); import('./r.ts').then(go)")).toEqual([
      'src/x/q.ts q',
      'src/x/r.ts *',
    ]);
    expect(isSignature('// A\nexport interface A {}\n', 'A')).toBe(false);
    expect(isSignature('export type A = 1;\nexport const a: A = 1;\n', 'A')).toBe(true);
    expect(isSignature('export const a = 1;\nconst b = a;\n', 'a')).toBe(false);
    expect(taken.size).toBeGreaterThan(500);
  });
});
