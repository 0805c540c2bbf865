// Expressions of config.toml are held against the laws of the built-in ones: those pass, and what could take for ever does not.
import { describe, expect, it } from 'vitest';
import { SOFTWARE_TABLE } from '../../src/probe/model/judge/software-table.ts';
import { objectionTo } from '../../src/rules/expression.ts';

const nowMs = () => performance.now();

describe('an expression of config.toml', () => {
  it.each([
    ['^book-\\d{1,7}$', undefined],
    ['^(?:book|order)-[0-9a-f]{8}$', undefined],
    ['^ledger[\\s\\S]*$', undefined],
    ['^cost\\$$', undefined],
    ['book-\\d{1,7}$', 'begin with ^'],
    ['^book-\\d{1,7}', 'end with $'],
    ['^cost\\$', 'end with $'],
    ['^book|order$', 'parentheses'],
    ['^(?:a+)+$', 'repeats a group'],
    ['^(?:ab){2,}$', 'repeats a group'],
    ['^(?:a?){40}a{40}$', 'repeats a group'],
    ['^(a|aa){1,40}b$', 'repeats a group'],
    [`^${'a?'.repeat(40)}${'a'.repeat(40)}$`, 'more than 16'],
    [`^${'(?:a|aa)'.repeat(40)}$`, 'more than 16'],
    [`^${'a*'.repeat(16)}b$`, 'takes too long'],
    ['^(.)\\1$', 'refers back'],
    ['^a*a*a*a*a*a*b$', 'takes too long'],
    ['^[a$', 'no regular expression'],
    [`^${'a'.repeat(600)}$`, 'longer than'],
  ])('%j: %j', (source, problem) => {
    const objection = objectionTo(source, nowMs);
    if (problem === undefined) expect(objection).toBeUndefined();
    else expect(objection).toContain(problem);
  });

  it('that the built-in table has would be accepted', () => {
    const sources = SOFTWARE_TABLE.flatMap(({ match }) => (match.on === 'posix' ? [match.path.source] : []));
    expect(sources.length).toBeGreaterThan(60);
    // But for those whose groups are repeated a limited number of times: they were looked at by people.
    const objections = sources
      .filter((source) => !/\)\{\d+,\d+\}/.test(source))
      .map((source) => objectionTo(source, nowMs));
    expect(objections.filter((objection) => objection !== undefined)).toEqual([]);
  });

  it('says at once that it could hang', () => {
    const startedMs = performance.now();
    for (const hostile of [
      '^.*.*.*.*.*=$',
      '^.{0,99}.{0,99}.{0,99}.{0,99}.{0,99}=$',
      '^[ab]*[abc]*a*b*a*(?:a|b|c)?a*x$',
    ])
      expect(objectionTo(hostile, nowMs), hostile).toContain('takes too long');
    expect(performance.now() - startedMs).toBeLessThan(6000);
  });
});
