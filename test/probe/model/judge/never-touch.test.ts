// The never-touch list takes "abandoned" away from whatever it names, and gives nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  matchesPattern,
  type NeverEntry,
  protectingEntry,
  spare,
} from '../../../../src/probe/model/judge/never-touch.ts';
import { type ShmObject, VERDICT_STATES, type Verdict } from '../../../../src/probe/model/object.ts';
import { posix, segment } from '../../../cli/examples.ts';

const entry = (of: NeverEntry['of'], pattern: string): NeverEntry => ({ of, pattern, place: 'c.toml line 1' });
const keeps = (one: NeverEntry, object: ShmObject) => protectingEntry([one], object) !== undefined;

describe('an entry', () => {
  it('of a name keeps it, its other names, and all below it', () => {
    expect(keeps(entry('name', '/keep-*'), posix('/keep-1', 1))).toBe(true);
    expect(keeps(entry('name', '/keep-*'), posix('/kept', 1))).toBe(false);
    expect(keeps(entry('name', '/cache'), posix('/cache/a/b', 1))).toBe(true);
    expect(keeps(entry('name', '/cache'), posix('/cache2', 1))).toBe(false);
    expect(keeps(entry('name', '/keep'), posix('/x', 1, { otherRawNames: ['/keep'] }))).toBe(true);
    expect(keeps(entry('name', '*'), segment(1))).toBe(false);
  });

  it('of a key or a user keeps segments, and names of the user', () => {
    expect(keeps(entry('key', '0x4e5450*'), segment(1, { key: '0x4e545031' }))).toBe(true);
    expect(keeps(entry('key', '0x4e5450*'), segment(1, { key: '0x5e545031' }))).toBe(false);
    for (const pattern of ['26', 'post*']) {
      expect(keeps(entry('user', pattern), segment(1, { uid: 26, user: 'postgres' }))).toBe(true);
      expect(keeps(entry('user', pattern), posix('/x', 1, { uid: 26, user: 'postgres' }))).toBe(true);
      expect(keeps(entry('user', pattern), posix('/x', 1, { uid: 27, user: 'mysql' }))).toBe(false);
    }
    // A user without an entry in passwd(5) has no name; 2* is no number.
    expect(keeps(entry('user', '2*'), segment(1, { uid: 26, user: undefined }))).toBe(false);
  });
});

describe('what is kept', () => {
  it('is never abandoned, and what is held or unknown stays so', () => {
    for (const state of VERDICT_STATES) {
      const verdict: Verdict = { state, evidence: [{ code: 'nobody-attached' }] };
      const list = [entry('key', '*')];
      const spared = spare(verdict, segment(1), list);
      expect(spared.state).toBe(state === 'in-use' || state === 'unknown' ? state : 'unheld');
      expect(spared.evidence.at(-1)).toEqual({ code: 'never-touch', detail: 'keys "*" in c.toml line 1' });
      expect(spare(verdict, segment(2), list)).toBe(spared);
    }
  });

  it('is as it was where no entry names it', () => {
    const verdict: Verdict = { state: 'abandoned', evidence: [] };
    expect(spare(verdict, segment(1), [entry('name', '/x')])).toBe(verdict);
    expect(spare(verdict, segment(1), undefined)).toBe(verdict);
  });
});

describe('a pattern', () => {
  it('matches as an expression of the same meaning does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (wild, name) => {
        const source = wild.replace(/[./]/g, '\\$&').replaceAll('*', '[^]*').replaceAll('?', '[^]');
        expect(matchesPattern(wild, name)).toBe(new RegExp(`^${source}$`).test(name));
      }),
      { numRuns: 2000 },
    );
  });

  it('with many stars is answered at once, whatever the name', () => {
    const startedMs = performance.now();
    expect(matchesPattern(`${'*a'.repeat(200)}b`, 'a'.repeat(4096))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(200);
  });
});
