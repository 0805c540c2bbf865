import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig, StateFile, understandConfig, understandState } from '../../src/ui/settings-file.ts';
import { mergeTables } from '../../src/ui/state/remembered-tables.ts';
import { DEFAULT_SETTINGS } from '../../src/ui/state/state.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was chosen comes back, and only what differs from the defaults is written', () => {
  const file = new StateFile({ XDG_STATE_HOME: folder });
  file.remember(
    { ...DEFAULT_SETTINGS, theme: 'light', tables: { objects: { columns: ['id', 'size'] } } },
    DEFAULT_SETTINGS,
  );
  file.flush();
  expect(JSON.parse(readFileSync(join(folder, 'shmtop/state.json'), 'utf8'))).toEqual({
    theme: 'light',
    tables: { objects: { columns: ['id', 'size'] } },
  });
  expect(file.read()).toEqual({ theme: 'light', tables: { objects: { columns: ['id', 'size'] } } });
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
  ).toEqual({ tables: { objects: { columns: ['size'] } } });
  expect(understandState('text')).toEqual({});
  mkdirSync(join(folder, 'shmtop'));
  writeFileSync(join(folder, 'shmtop/state.json'), '{"theme":');
  expect(new StateFile({ XDG_STATE_HOME: folder }).read()).toEqual({});
});

test('what was remembered by a version with one set of columns and two orders is still understood', () => {
  const byProcess = { column: 'user', descending: false };
  expect(
    understandState({ sort: { column: 'size', descending: true }, columns: ['id'], processSort: byProcess }),
  ).toEqual({
    tables: {
      objects: { sort: { column: 'size', descending: true }, columns: ['id'] },
      processes: { sort: byProcess },
    },
  });
});

test('each table has a choice of its own, and what config.toml says of one stays in force when another is changed', () => {
  const base = { ...DEFAULT_SETTINGS, ...understandConfig({ columns: ['id', 'mem'] }).settings };
  const file = new StateFile({ XDG_STATE_HOME: folder });
  const sort = { column: 'user', descending: false };
  file.remember({ ...base, tables: mergeTables(base.tables, { processes: { sort } }) }, base);
  file.flush();
  const kept = file.read();
  expect(kept).toEqual({ tables: { processes: { sort } } });
  expect(mergeTables(base.tables, kept.tables)).toEqual({ objects: { columns: ['id', 'mem'] }, processes: { sort } });
});

test('no order is believed for a table that has one of its own, and no column of another table', () => {
  const tables = { events: { sort: { column: 'time', descending: true } }, processes: { columns: ['verdict', 'pid'] } };
  expect(understandState({ tables })).toEqual({ tables: { processes: { columns: ['pid'] } } });
  expect(understandState({ tables: { nowhere: { columns: ['id'] }, objects: 7 } })).toEqual({});
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
