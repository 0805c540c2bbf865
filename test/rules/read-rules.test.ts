// Whose config.toml counts: the machine's and one's own; a file that somebody else could have written stops removal instead.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mayHaveRules } from '../../src/rules/places.ts';
import { readRules } from '../../src/rules/read-rules.ts';
import { NO_RULES } from '../../src/rules/rules.ts';

const isRoot = process.getuid?.() === 0;
const OTHER = 65534;
let folder = '';
let system = '';
let own = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-rules-'));
  system = join(folder, 'etc');
  own = join(folder, 'home/shmtop');
  mkdirSync(system);
  mkdirSync(own, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = () => ({ XDG_CONFIG_HOME: join(folder, 'home'), HOME: folder });
const read = () => readRules(env(), system);
const never = (name: string) => `[never]\nnames = ["${name}"]\n`;

function exchange(path: string, make: () => void): void {
  rmSync(path);
  make();
}

describe('rules', () => {
  it('are none where there is no file, at the cost of two lookups', () => {
    expect(mayHaveRules(env(), system)).toBe(false);
    expect(read()).toBe(NO_RULES);
  });

  it('of the machine and of the user hold beside each other, with rows of both', () => {
    writeFileSync(join(system, 'config.toml'), `${never('/a')}[[software]]\nname = "S"\npath = '^sss$'\n`);
    writeFileSync(join(own, 'config.toml'), `${never('/b')}[[software]]\nname = "U"\npath = '^uuu$'\n`);
    const { never: list, table, problems, blocked } = read();
    expect({ problems, blocked }).toEqual({ problems: [], blocked: undefined });
    expect(list.map(({ pattern, place }) => `${pattern} ${place.slice(folder.length)}`)).toEqual([
      '/a /etc/config.toml line 2',
      '/b /home/shmtop/config.toml line 2',
    ]);
    expect(table.filter(({ name }) => name === 'S' || name === 'U')).toHaveLength(2);
  });

  it('that are broken in one file stop removal, and those of the other are still read', () => {
    writeFileSync(join(system, 'config.toml'), '[never\n');
    writeFileSync(join(own, 'config.toml'), never('/b'));
    const { never: list, blocked } = read();
    expect(blocked).toContain('/etc/config.toml line 1');
    expect(list).toHaveLength(1);
  });

  it.each([
    ['a file that others can write', (path: string) => chmodSync(path, 0o666), 'can be written by others'],
    ['a folder that others can write', () => chmodSync(own, 0o777), 'can be written by others'],
    ['a file of more than 1 MiB', (path: string) => writeFileSync(path, '#'.repeat(1 << 21)), 'is larger than'],
    ['a folder in its place', (path: string) => exchange(path, () => mkdirSync(path)), 'is not a regular file'],
    ['a link in a circle', (path: string) => exchange(path, () => symlinkSync(path, path)), 'ELOOP'],
  ])('in %s stop removal', (_, spoil, words) => {
    const path = join(own, 'config.toml');
    writeFileSync(path, never('/b'));
    expect(read().blocked).toBeUndefined();
    spoil(path);
    const { blocked, problems, never: list } = read();
    expect(blocked).toContain(words);
    expect(problems[0]).toBe(blocked);
    expect(list).toEqual([]);
  });

  it.skipIf(!isRoot)('of another user are not read by root, whether the file or the folder is his', () => {
    const path = join(own, 'config.toml');
    writeFileSync(path, never('/b'));
    chownSync(path, OTHER, OTHER);
    expect(read().blocked).toContain(`belongs to user ${OTHER}`);
    chownSync(path, 0, 0);
    expect(read().blocked).toBeUndefined();
    chownSync(own, OTHER, OTHER);
    expect(read().blocked).toContain(`belongs to user ${OTHER}`);
    chownSync(own, 0, 0);
    writeFileSync(join(system, 'config.toml'), never('/a'));
    chownSync(join(system, 'config.toml'), OTHER, OTHER);
    expect(read().blocked).toContain(`belongs to user ${OTHER}`);
  });

  it.skipIf(!isRoot)(
    "of a home that may not even be looked into are nobody's, those of the machine stop removal then",
    () => {
      writeFileSync(join(own, 'config.toml'), never('/b'));
      chmodSync(folder, 0o755);
      const asOther = <Value>(use: () => Value): Value => {
        process.seteuid?.(OTHER);
        try {
          return use();
        } finally {
          process.seteuid?.(0);
        }
      };
      chmodSync(join(folder, 'home'), 0o700);
      expect(asOther(() => mayHaveRules(env(), system))).toBe(false);
      expect(asOther(read)).toBe(NO_RULES);
      writeFileSync(join(system, 'config.toml'), never('/a'));
      chmodSync(system, 0o700);
      expect(asOther(() => mayHaveRules(env(), system))).toBe(true);
      expect(asOther(read).blocked).toContain('EACCES');
    },
  );

  it('cannot be where HOME is no folder', () => {
    writeFileSync(join(folder, 'null'), '');
    expect(readRules({ HOME: join(folder, 'null') }, system)).toEqual(NO_RULES);
  });
});
