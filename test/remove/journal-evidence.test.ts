// Evidence in the journal: what was known then is said in the same words later, and old or foreign lines say nothing false.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVIDENCE_CODES, type Evidence, evidenceText } from '../../src/probe/model/judge/evidence.ts';
import { codeOfKept, keepEvidence, spellKept } from '../../src/remove/model/journal-evidence.ts';

/** Names of commands are bytes; the others are text. */
const bytes = fc.string({ unit: fc.constantFrom('a', ' ', '\\', '\xe9', '\x1b', '\n'), minLength: 1, maxLength: 12 });
const word = fc.string({
  unit: fc.constantFrom('a', 'Z', ' ', '/', '0', '"', '{', '}', '\\', '\xe9', '\x1b', '\n', '\ud83d\ude00', '\u202e'),
  minLength: 1,
  maxLength: 12,
});
const evidence: fc.Arbitrary<Evidence> = fc.record(
  {
    code: fc.constantFrom(...EVIDENCE_CODES),
    pid: fc.integer({ min: 1, max: 4_194_304 }),
    comm: bytes,
    count: fc.nat(),
    seconds: fc.nat(),
    limitSeconds: fc.nat(),
    software: word,
    detail: word,
  },
  { requiredKeys: ['code'] },
);

describe('evidence in the journal', () => {
  it('is told in the words of then', () => {
    fc.assert(
      fc.property(evidence, (one) => {
        expect(keepEvidence(one)).toMatch(/^[\x20-\x7e]*$/);
        const hasValues = Object.keys(one).some((key) => key !== 'code' && key !== 'pid');
        if (hasValues) expect(spellKept(keepEvidence(one))).toBe(evidenceText(one));
        expect(codeOfKept(keepEvidence(one))).toBe(one.pid === undefined ? one.code : `${one.code} ${one.pid}`);
      }),
    );
    expect(spellKept('creator-dead 4711')).toBe('creator 4711 is gone');
    expect(spellKept('nobody-attached')).toBe(evidenceText({ code: 'nobody-attached' }));
  });

  it('is no longer than a line may be', () => {
    expect(keepEvidence({ code: 'never-touch', detail: 'x'.repeat(5000) })).toBe('never-touch');
  });

  it('of a line without the values that its sentence needs says the code, and no number that nobody wrote', () => {
    expect(spellKept('held')).toBe('held');
    expect(spellKept('too-young')).toBe('too young');
    expect(spellKept('software-leftover')).toBe('software leftover');
  });

  it.each([
    ['no-such-code 5', 'no such code 5'],
    ['held {"count":"x"}', 'held'],
    ['held {"count":-1}', 'held'],
    ['held {"count":1', 'held'],
    ['held {"count":1}x', 'held'],
    ['', ''],
  ])('%j, which somebody else wrote, is %j', (kept, said) => expect(spellKept(kept)).toBe(said));
});
