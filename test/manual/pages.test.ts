// The manual pages: valid mdoc(7), and all that the tables have is in them.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { objectRows } from '../../src/cli/schema/page.ts';
import { jsonPage } from '../../src/manual/json-page.ts';
import { text, word } from '../../src/manual/mdoc.ts';
import { programPage } from '../../src/manual/program-page.ts';
import { settingsExample, settingsPage } from '../../src/manual/settings-page.ts';
import { OBJECT_COLUMNS } from '../../src/ui/format/columns.ts';
import { SETTING_FIELDS } from '../../src/ui/format/setting-fields.ts';
import { understandConfig } from '../../src/ui/settings-file.ts';
import { onPath } from '../package/tools.ts';

const DATE = 'November 28, 2026';
const PAGES = {
  'shmtop(1)': programPage(DATE),
  'shmtop.toml(5)': settingsPage(DATE),
  'shmtop-json(7)': jsonPage(DATE),
};
const hasMandoc = onPath('mandoc');

describe.skipIf(!hasMandoc)(`mandoc${hasMandoc ? '' : ' (skipped: there is none)'}`, () => {
  const mandoc = (args: readonly string[], input: string) => spawnSync('mandoc', args, { input, encoding: 'utf8' });

  it.each(Object.entries(PAGES))('finds nothing to complain of in %s', (_, page) => {
    const { stdout, stderr } = mandoc(['-T', 'lint'], page);
    // Of the pages that it refers to, this machine may have none.
    const complaints = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line !== '' && !/mandoc\.db|referenced manual not found/.test(line));
    expect(complaints).toEqual([]);
  });

  it('would find what is wrong', () => {
    expect(mandoc(['-T', 'lint'], '.Dd today\n.Sh x\n.Zz\n').stdout).not.toBe('');
  });

  it('shows what stands in the tables as it stands there', () => {
    const { stdout } = mandoc(['-T', 'utf8', '-O', 'width=400'], PAGES['shmtop(1)']);
    const shown = stdout.replace(/.\x08/g, '').replace(/\s+/g, ' ');
    for (const { name, options } of COMMANDS) {
      expect(shown).toContain(`shmtop ${name}`);
      for (const option of options) expect(shown, name).toContain(`--${option.name}`);
    }
    for (const { id, meaning } of OBJECT_COLUMNS)
      expect(shown.toLowerCase()).toContain(`${id} ${meaning}`.toLowerCase());
  });
});

it('the settings that are described are those that are understood, with examples that are', () => {
  for (const { key } of SETTING_FIELDS)
    expect(understandConfig({ [key]: {} }).problems.join(), key).not.toMatch(/is not known/);
  expect(understandConfig({ nothing: 1 }).problems.join()).toMatch(/is not known/);
  const lines = settingsExample().split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  for (const { example } of SETTING_FIELDS) expect(lines).toContain(`# ${example}`);
});

it('every field of the JSON has its line', () => {
  for (const [mark = ''] of objectRows())
    expect(PAGES['shmtop-json(7)']).toContain(`.It Va "${mark.replace(/[`?]/g, '')}"`);
});

it('what a table says is never taken for a request or a macro', () => {
  expect(text('.Sh x')).toBe('\\&.Sh x');
  expect(text("'a \\f")).toBe("\\&'a \\ef");
  expect(text('One. Two.')).toBe('One.\nTwo.');
  expect(word('Fl')).toBe('"\\&Fl"');
  expect(word('a "b" -c')).toBe('"a \\(dqb\\(dq \\-c"');
  expect(text('a ✗ b')).toBe('a \\[u2717] b');
});
