// README and docs/reference.md against the program, both ways: what is generated is up to date, and what is named exists.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REFERENCE_PARTS } from '../src/cli/reference.ts';
import { objectRows, outputRows, partRows } from '../src/cli/schema/page.ts';
import { EXIT } from '../src/cli/usage.ts';
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

test('the reference names the environment that the program reads', () => {
  const [, section = ''] = /## Environment\n([\s\S]*)$/.exec(read('docs/reference.md')) ?? [];
  for (const name of ['SHMTOP_PROC', 'SHMTOP_SHM', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'NO_COLOR']) {
    expect(section).toContain(`\`${name}\``);
  }
});
