// What is read off an expression about the beginning of its matches holds, and a table is searched by it without losing a row.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  countTopLevelAlternatives,
  firstLetter,
  literalStart,
} from '../../../../src/probe/model/judge/expression-start.ts';
import { matchPosix } from '../../../../src/probe/model/judge/software.ts';
import { SOFTWARE_TABLE } from '../../../../src/probe/model/judge/software-table.ts';
import { HOSTILE_FILLERS, HOSTILE_STARTS, NAMES, NEAR_MISSES } from './software-samples.ts';

it('what all its matches begin with is what certainly stands there', () => {
  expect(literalStart('^book-\\d{1,7}$')).toBe('book-');
  expect(literalStart('^a\\.b(?:c)$')).toBe('a.b');
  expect(literalStart('^books?$')).toBe('book');
  expect(literalStart('^book{0,3}$')).toBe('boo');
  expect(literalStart('^[a-z]{1,9}$')).toBe('');
  expect(literalStart('^(?:a|b)c$')).toBe('');
});

it('alternatives count outside groups and classes only', () => {
  expect(countTopLevelAlternatives('^a(?:b|c)[|]\\|$')).toBe(1);
  expect(countTopLevelAlternatives('^a|b$')).toBe(2);
});

it('the first letter is told only where every match begins with it', () => {
  expect(firstLetter(/^book$/)).toBe('b');
  expect(firstLetter(/^\.org$/)).toBe('.');
  expect(firstLetter(/^b+ook$/)).toBe('b');
  for (const none of [
    /^b?ook$/,
    /^b*ook$/,
    /^b{0,1}ook$/,
    /^book|read$/,
    /^book$/i,
    /^\d$/,
    /^[ab]$/,
    /^(?:a|b)$/,
    /ook/,
    /^(?:)a?$/,
  ])
    expect(firstLetter(none), String(none)).toBeUndefined();
});

it('a name is given to the same row as by holding it against the whole table', () => {
  const rows = SOFTWARE_TABLE.flatMap((row) => (row.match.on === 'posix' ? [{ row, path: row.match.path }] : []));
  const slowly = (path: string) => rows.find((one) => one.path.test(path))?.row;
  const real = NAMES.map(([path]) => path).filter((path) => !/^(?:sem\.)?snap\.|^flatpak-/.test(path));
  for (const path of [...real, ...NEAR_MISSES, ...HOSTILE_STARTS.map((start) => start + HOSTILE_FILLERS[0]), ''])
    if (!/^(?:sem\.)?snap\.|^flatpak-/.test(path))
      expect(matchPosix(SOFTWARE_TABLE, path)?.row, path).toBe(slowly(path));
  const cut = fc
    .tuple(fc.constantFrom(...real), fc.nat(40), fc.string({ maxLength: 3 }))
    .map(([path, at, more]) => path.slice(0, at) + more + path.slice(at))
    .filter((path) => !/^(?:sem\.)?snap\.|^flatpak-/.test(path));
  fc.assert(
    fc.property(cut, (path) => matchPosix(SOFTWARE_TABLE, path)?.row === slowly(path)),
    { numRuns: 3000 },
  );
});
