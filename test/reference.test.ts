// README and docs/reference.md against the program, both ways: what is generated is up to date, and what is named exists.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_MIN_AGE_SEC } from '../src/cli/options.ts';
import { REFERENCE_PARTS } from '../src/cli/reference.ts';
import { objectRows, outputRows, partRows } from '../src/cli/schema/page.ts';
import { EXIT } from '../src/cli/usage.ts';
import { MOST_OBJECTS } from '../src/probe/model/assemble/ceiling.ts';
import { SOFTWARE_TABLE } from '../src/probe/model/judge/software-table.ts';
import { OWN_PLACE } from '../src/probe/territory/places/limits.ts';
import { keysMarkdown } from '../src/ui/state/keymap-doc.ts';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const keys = () => keysMarkdown({ isReadOnly: false, remove: true, load: true });

test.each([
  ['README.md', { keys }],
  ['docs/reference.md', { keys, ...REFERENCE_PARTS }],
] as const)('%s says what the tables of the program say (npm run doc writes it)', (page, parts) => {
  const text = read(page);
  for (const [mark, print] of Object.entries(parts)) {
    expect(text, mark).toContain(`<!-- ${mark} -->\n${print()}\n<!-- /${mark} -->`);
  }
});

test('every field of an object and every form of the JSON has a meaning', () => {
  expect(objectRows().length).toBeGreaterThan(40);
  for (const row of [...objectRows(), ...outputRows()]) for (const cell of row) expect(cell, row[0]).not.toBe('');
  expect(partRows().map(([part]) => part)).toContain('`holders[].mappings[]`');
});

test('the reference has every exit code, and no other', () => {
  const [, section = ''] = /## Exit codes\n([\s\S]*?)\n## /.exec(read('docs/reference.md')) ?? [];
  const codes = Array.from(section.matchAll(/^\| (\d+) \|/gm), ([, code]) => Number(code));
  expect(codes.sort()).toEqual(Object.values(EXIT).sort());
});

const ENVIRONMENT = [
  'SHMTOP_PROC',
  'SHMTOP_SHM',
  'SHMTOP_NATIVE',
  'XDG_STATE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'HOME',
  'NO_COLOR',
  'FORCE_COLOR',
  'COLUMNS',
];

test('the numbers in the README are those of the program', () => {
  const text = read('README.md');
  const number = (words: RegExp) => Number(words.exec(text)?.[1]?.replaceAll(',', ''));
  expect(number(/What (\d+) kinds of known objects mean/)).toBe(SOFTWARE_TABLE.length);
  expect(number(/table of `ls` hold ([\d,]+) objects/)).toBe(MOST_OBJECTS);
  expect(number(/its largest ([\d,]+) names/)).toBe(OWN_PLACE.names);
  const engine = JSON.parse(read('package.json')).engines.node.replace('>=', '');
  expect(text).toContain(`Node >= ${engine}`);
  expect(text).toContain(`used within \`--min-age\` (${DEFAULT_MIN_AGE_SEC} s)`);
});

test('the reference names the environment that the program reads', () => {
  const [, section = ''] = /## Environment\n([\s\S]*)$/.exec(read('docs/reference.md')) ?? [];
  for (const name of ENVIRONMENT) {
    expect(section).toContain(`\`${name}\``);
  }
});
