// The sentence for every code: complete with all values, sensible without them, and in the right number.
import { describe, expect, test } from 'vitest';
import {
  EVIDENCE_CODES,
  EVIDENCE_SIDES,
  evidenceSide,
  evidenceText,
} from '../../../../src/probe/model/judge/evidence.ts';

describe('evidence in words', () => {
  test.each(EVIDENCE_CODES)('%s is a sentence without a full stop, the same each time', (code) => {
    const all = { code, pid: 12, comm: 'postgres', count: 2, seconds: 3, limitSeconds: 60, software: 'X', detail: 'y' };
    const text = evidenceText(all);
    expect(text).toMatch(/^[\x20-\x7e]+[^.]$/);
    expect(text).not.toMatch(/undefined|NaN|null/);
    expect(evidenceText(all)).toBe(text);
  });

  test.each(EVIDENCE_CODES)('%s shows a command name escaped', (code) => {
    const text = evidenceText({ code, pid: 12, comm: '\x1b[2J\xff\xe2\x80\xae', count: 1 });
    expect(text).toMatch(/^[\x20-\x7e]+$/);
  });

  test('each points one way: for a leak, against it, or neither', () => {
    const sides = EVIDENCE_CODES.map((code) => evidenceSide({ code }));
    expect(new Set(sides)).toEqual(new Set(EVIDENCE_SIDES));
    expect(evidenceSide({ code: 'creator-dead' })).toBe('for');
    expect(evidenceSide({ code: 'creator-invisible' })).toBe('against');
    expect(evidenceSide({ code: 'maker-unknown' })).toBe('fact');
  });

  test('one thing and several things are told apart', () => {
    expect(evidenceText({ code: 'held', count: 1 })).toBe('held by 1 process');
    expect(evidenceText({ code: 'held', count: 2 })).toBe('held by 2 processes');
    expect(evidenceText({ code: 'children-held', count: 1 })).toBe('1 object inside is in use');
    expect(evidenceText({ code: 'children-held', count: 2 })).toBe('2 objects inside are in use');
    expect(evidenceText({ code: 'too-young', seconds: 1, limitSeconds: 60 })).toBe(
      'used 1 second ago; patience is 60 seconds',
    );
  });
});
