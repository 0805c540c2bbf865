import { expect, test } from 'vitest';
import { type Plan, plan } from '../../../src/remove/model/plan.ts';
import { refuse, refuseChanged } from '../../../src/remove/model/refusal.ts';
import { type Outcome, sumUp } from '../../../src/remove/model/report.ts';
import { reportKind, spellReport, tellings } from '../../../src/ui/state/removal-message.ts';
import { NOW_MS, named, segment } from '../sample-objects.ts';

const plans = (...objects: Parameters<typeof plan>[0]) =>
  plan(objects, { force: true, isNamed: true, listedAtMs: NOW_MS });
const report = (all: readonly Plan[], outcomes: readonly Outcome[], notes: readonly string[] = []) =>
  sumUp(
    all.map((one, at) => ({ plan: one, outcome: outcomes[at] })),
    notes,
    undefined,
  );
const freed: Outcome = { kind: 'removed', how: 'freed-now', freedBytes: 1_048_576 };
const marked: Outcome = { kind: 'removed', how: 'freed-later', freedBytes: 0 };

test.each([
  [segment(5), freed, 'Removed sysv:5, 1.0M freed.', 'good'],
  [segment(5), marked, 'Marked sysv:5 for destruction: its memory goes with its last holder.', 'good'],
  [named('x'), marked, 'Removed the name posix:/x: its memory goes with its last holder.', 'good'],
  [named('x'), { kind: 'removed', how: 'name-only', freedBytes: 0 }, 'Removed posix:/x.', 'good'],
  [segment(5), { kind: 'nothing', reason: 'was gone already' }, 'sysv:5 was gone already.', 'good'],
  [
    segment(5),
    refuseChanged('somebody attached it'),
    'Kept: sysv:5 changed since it was listed (somebody attached it): look at it again first.',
    'bad',
  ],
] as const)('one object: %#', (object, outcome, text, kind) => {
  const told = report(plans(object), [outcome]);
  expect(spellReport(told)).toBe(text);
  expect(reportKind(told)).toBe(kind);
});

test('several: how many went, how much came back, what was gone, and why one stayed', () => {
  const all = plans(segment(1), segment(2), segment(3), segment(4));
  const gone: Outcome = { kind: 'nothing', reason: 'was gone already' };
  const told = report(all, [freed, freed, gone, refuse('permission', 'may be removed only by its owner (EPERM)')]);
  expect(spellReport(told)).toBe(
    'Removed 2 objects, 2.0M freed; 1 was gone already; 1 kept: sysv:4 may be removed only by its owner (EPERM): run as its owner or as root.',
  );
  expect(reportKind(told)).toBe('warning');
  const none = report(all, new Array<Outcome>(4).fill(refuseChanged('x')));
  expect(spellReport(none)).toBe('All 4 kept.');
  expect(reportKind(none)).toBe('bad');
});

test('each refusal is told; of many with the same reason the reason once, and by name as many as can be read', () => {
  const all = plans(...Array.from({ length: 100 }, (_, at) => segment(at)));
  const outcomes = all.map((_, at): Outcome => (at < 2 ? refuseChanged('gone') : refuse('interrupted', 'was left')));
  const told = tellings(report(all, outcomes));
  expect(told).toHaveLength(3);
  expect(told[0].text).toContain('sysv:0 changed since it was listed (gone): look at it again first');
  expect(told[2].text).toMatch(
    /^Of 98 objects each was left: press the key again for what is left: sysv:2 .* and 38 more$/,
  );
});

test('what a refusal and a note quote is escaped', () => {
  const told = report(plans(named('x')), [refuse('failed', 'lies in \x1b[31m')], ['a note \x1b[2J']);
  expect(spellReport(told)).toContain('lies in \\x1b[31m');
  expect(
    tellings(told)
      .map(({ text }) => text)
      .join(),
  ).not.toMatch(/\x1b/);
});

test('what happened in the instant of a removal is told though it succeeded', () => {
  const told = report(plans(segment(1)), [
    { ...marked, warning: 'somebody attached it in the instant of its removal' },
  ]);
  expect(reportKind(told)).toBe('warning');
  expect(tellings(told)).toMatchObject([
    { kind: 'bad', text: expect.stringContaining('sysv:1: somebody attached it') },
  ]);
});
