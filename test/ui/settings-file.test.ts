import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig, StateFile, understandConfig, understandState } from '../../src/ui/settings-file.ts';
import { DEFAULT_SETTINGS } from '../../src/ui/state/state.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was chosen comes back, and only what differs from the defaults is written', () => {
  const file = new StateFile({ XDG_STATE_HOME: folder });
  file.remember({ ...DEFAULT_SETTINGS, theme: 'light', columns: ['id', 'size'] }, DEFAULT_SETTINGS);
  file.flush();
  expect(JSON.parse(readFileSync(join(folder, 'shmtop/state.json'), 'utf8'))).toEqual({
    theme: 'light',
    columns: ['id', 'size'],
  });
  expect(file.read()).toEqual({ theme: 'light', columns: ['id', 'size'] });
  expect(readdirSync(join(folder, 'shmtop'))).toEqual(['state.json']);
});

test('a damaged or foreign state file is ignored field by field', () => {
  expect(
    understandState({
      theme: 'pink',
      intervalMs: -4,
      sort: { column: 'nope', descending: true },
      columns: ['size', 7, 'x'],
    }),
  ).toEqual({ columns: ['size'] });
  expect(understandState('text')).toEqual({});
  mkdirSync(join(folder, 'shmtop'));
  writeFileSync(join(folder, 'shmtop/state.json'), '{"theme":');
  expect(new StateFile({ XDG_STATE_HOME: folder }).read()).toEqual({});
});

test('config.toml is read, never written, and says what it did not understand', () => {
  mkdirSync(join(folder, 'shmtop'));
  const path = join(folder, 'shmtop/config.toml');
  writeFileSync(path, 'theme = "mono"\ninterval = "5s"\nread_only = true\ncolour = 1\n');
  const config = readConfig({ XDG_CONFIG_HOME: folder });
  expect(config).toMatchObject({ settings: { theme: 'mono', intervalMs: 5000 }, isReadOnly: true });
  expect(config.problems).toEqual(['config.toml: "colour" is not known']);
  writeFileSync(path, 'theme = ');
  expect(readConfig({ XDG_CONFIG_HOME: folder }).problems[0]).toContain('the file is ignored');
  expect(readConfig({ XDG_CONFIG_HOME: join(folder, 'none') }).problems).toEqual([]);
});

test('each setting that makes no sense is one sentence', () => {
  expect(
    understandConfig({ theme: 'x', interval: 0, columns: [], mouse: 'yes', confirm: 'no', min_age: 'old' }).problems,
  ).toHaveLength(6);
});
