// What config.toml adds: rows with the same laws as the built-in ones, a never-touch list that fails safe, each problem with its line.
import { describe, expect, it } from 'vitest';
import { matchPosix, matchSysv, type SysvTraits } from '../../src/probe/model/judge/software.ts';
import { SOFTWARE_TABLE } from '../../src/probe/model/judge/software-table.ts';
import { SETTING_NAMES, understandRules } from '../../src/rules/config-text.ts';
import { tableWith } from '../../src/rules/rules.ts';
import { understandConfig } from '../../src/ui/settings-file.ts';

const understand = (text: string) => understandRules('/c.toml', text, () => performance.now());
const row = (lines: string) => understand(`theme = "dark"\n\n[[software]]\nname = "Books"\n${lines}\n`);
const PLAIN: SysvTraits = { key: '0x00001111', sizeBytes: 4096, perms: '600', isDest: false, nattch: 0, user: 'joe' };

describe('a row of software', () => {
  it('names what it matches, in the folder of a snap too, and says where it stands', () => {
    const { rows, problems } = row(`path = '^book-(?<pid>\\d{1,7})$'\nrole = "orders"\nleftover = "pid-dead"`);
    expect(problems).toEqual([]);
    const hit = matchPosix(tableWith(rows), 'book-4711');
    expect(hit).toMatchObject({ namePid: 4711, row: { name: 'Books', role: 'orders', source: '/c.toml line 3' } });
    expect(hit?.row).toMatchObject({ leftover: { when: 'name-pid-dead' }, patienceSec: 60 });
    expect(matchPosix(tableWith(rows), 'snap.x/book-1')?.row.name).toBe('Books');
    expect(matchPosix(tableWith(rows), 'book-x')).toBeUndefined();
  });

  it('without a rule of leftovers makes nothing provable, and takes what was away', () => {
    const { rows } = row(`path = '^psm_[0-9a-f]{8}$'`);
    expect(matchPosix(SOFTWARE_TABLE, 'psm_6a16b91e')?.row.leftover.when).toBe('no-process');
    expect(matchPosix(tableWith(rows), 'psm_6a16b91e')?.row.leftover.when).toBe('unknown');
  });

  it('vetoes a built-in row, and is vetoed by those that protect data', () => {
    const veto = row(`path = '^psm_[0-9a-f]{8}$'\nleftover = "never"`);
    expect(matchPosix(tableWith(veto.rows), 'psm_6a16b91e')?.row.leftover.when).toBe('never');
    const greedy = row(`path = '^ledger[\\s\\S]{0,200}$'\nleftover = "unheld"`);
    expect(matchPosix(tableWith(greedy.rows), 'ledger.db-wal')?.row.name).toBe('SQLite');
    expect(matchPosix(tableWith(greedy.rows), 'ledger.db-wal')?.row.leftover.when).toBe('never');
    expect(matchPosix(tableWith(greedy.rows), 'ledger')?.row.leftover.when).toBe('unheld');
  });

  it('of segments names or vetoes by key, owner, command, mode and size, never more', () => {
    const { rows, problems } = row(`key = '^0x5e[0-9a-f]{6}$'\nuser = '^joe$'\nleftover = "never"`);
    expect(problems).toEqual([]);
    const find = (traits: Partial<SysvTraits>) => matchSysv(tableWith(rows), { ...PLAIN, ...traits })?.row.name;
    expect(find({ key: '0x5e000001' })).toBe('Books');
    expect(find({ key: '0x5e000001', user: 'ann' })).toBeUndefined();
    expect(find({})).toBeUndefined();
    for (const rule of ['unheld', 'pid-dead', 'no-process'])
      expect(row(`key = '^0x5e[0-9a-f]{6}$'\nleftover = "${rule}"`).problems[0]).toContain('is for names in /dev/shm');
  });

  it.each([
    ['', 'needs one of path'],
    [`path = '^book$'\nmemfd = '^book$'`, 'needs one of path'],
    [`path = 'book'`, 'has to begin with ^'],
    [`path = '^(?:a+)+$'`, 'repeats a group'],
    [`path = '^a*a*a*a*a*a*b$'`, 'takes too long'],
    [`path = 7`, 'an expression in quotes'],
    [`path = '^book$'\nsince = "1970"`, '"since" is not known'],
    [`path = '^book$'\nleftover = "unheld"\npatience = "10s"`, 'at least 120 seconds'],
    [`path = '^[a-z]{1,99}$'\nleftover = "unheld"`, 'begins with at least 3 letters'],
    [`path = '^book-\\d{1,9}$'\nleftover = "pid-dead"`, 'wants (?<pid>'],
    [`path = '^book-\\d{1,9}$'\nleftover = "no-process"`, 'it needs process'],
    [`path = '^book$'\nprocess = '^bookd$'`, 'process goes with'],
    [`path = '^book$'\nrole = ""`, 'role is text'],
    [`path = '^book$'\noutlives = 1`, 'outlives is true or false'],
    [`size = -1`, 'size is a number'],
  ])('%j is left out with its line: %s', (lines, problem) => {
    const { rows, problems, blocked } = row(lines);
    expect(rows).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^\/c\.toml line 3: this row of software is left out: /);
    expect(problems[0]).toContain(problem);
    expect(blocked).toBeUndefined();
  });

  it('that is wrong leaves the rest in force', () => {
    const text = `[[software]]\nname = "A"\npath = 'a'\n\n[[software]]\nname = "B"\npath = '^bbb$'\n\n[never]\nnames = ["/keep"]\n`;
    const { rows, never, problems } = understand(text);
    expect(rows.map(({ name }) => name)).toEqual(['B']);
    expect(never).toHaveLength(1);
    expect(problems).toEqual([expect.stringContaining('/c.toml line 1: ')]);
  });

  it('that was meant to protect and cannot be understood stops all removal', () => {
    expect(row(`path = 'book'\nleftover = "never"`).blocked).toContain('line 3');
    expect(row(`path = '^book$'\nleftover = "nevr"`).blocked).toContain('leftover is one of');
    expect(row(`path = '^book$'\nleftover = 0`).blocked).toBeDefined();
  });
});

describe('the never-touch list', () => {
  it('knows names, keys and users, each with its line', () => {
    const text = `[never]\nnames = ["/keep-*", "caf\\u00e9"]\nkeys = [\n  "0x5301",\n  "0x4e5450*",\n  -559038737,\n]\nusers = ["postgres", 26]\n`;
    const { never, problems, blocked } = understand(text);
    expect({ problems, blocked }).toEqual({ problems: [], blocked: undefined });
    expect(never).toEqual([
      { of: 'name', pattern: '/keep-*', place: '/c.toml line 2' },
      { of: 'name', pattern: '/caf\xc3\xa9', place: expect.any(String) },
      { of: 'key', pattern: '0x00005301', place: '/c.toml line 4' },
      { of: 'key', pattern: '0x4e5450*', place: '/c.toml line 5' },
      { of: 'key', pattern: '0xdeadbeef', place: '/c.toml line 6' },
      { of: 'user', pattern: 'postgres', place: '/c.toml line 8' },
      { of: 'user', pattern: '26', place: '/c.toml line 8' },
    ]);
  });

  it.each([
    ['never = 1'],
    ['never = ["/keep"]'],
    ['[never]\nname = ["/keep"]'],
    ['[never]\nnames = "/keep"'],
    ['[never]\nnames = [7]'],
    ['[never]\nnames = [""]'],
    ['[never]\nkeys = ["5301"]'],
    ['[never]\nkeys = ["0x123456789"]'],
    ['[never]\nkeys = [1e99]'],
    ['[never]\nusers = [-1]'],
    ['[nevr]\nnames = ["/keep"]'],
    ['[[never]]\nnames = ["/keep"]'],
    ['nevr.names = ["/keep"]'],
    ['keep = ["/keep"]'],
    ['[never]\nnames = ["/keep"'],
    ['= = ='],
    ['software = 5'],
  ])('%j stops all removal, and says where', (text) => {
    const { blocked, problems } = understand(`theme = "dark"\n${text}\n`);
    expect(blocked).toMatch(/^\/c\.toml/);
    expect(problems).toContain(blocked);
  });

  it('is not stopped by settings, known or not', () => {
    for (const text of ['', 'theme = "dark"', 'colour = "red"', 'columns = ["id"]', 'interval = 2.5'])
      expect(understand(text), text).toEqual({ rows: [], never: [], problems: [], mayRecord: true });
  });
});

it('witness = false forbids to record, and so does what is neither true nor false, which is told', () => {
  expect(understand('witness = false')).toEqual({ rows: [], never: [], problems: [], mayRecord: false });
  expect(understand('witness = true').mayRecord).toBe(true);
  const wrong = understand('witness = "no"');
  expect(wrong.mayRecord).toBe(false);
  expect(wrong.problems[0]).toContain('witness is true or false');
});

it('settings of the dashboard are known here by the same names as there', () => {
  for (const name of SETTING_NAMES)
    expect(understandConfig({ [name]: Symbol('wrong') }).problems[0], name).not.toContain('is not known');
  expect(understandConfig({ never: {}, software: [], witness: false }).problems).toEqual([]);
  expect(understandConfig({ colour: 1 }).problems[0]).toContain('is not known');
});
