// The ceiling: who is kept of a crowd, that everybody is counted, and that one user's crowd hides nobody else's objects.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepMost, shareOut, sumLeftOut } from '../../../../src/probe/model/assemble/ceiling.ts';
import { costBytes, KINDS, type ShmObject, VERDICT_STATES } from '../../../../src/probe/model/object.ts';
import { addLeftOut, sumTotals } from '../../../../src/probe/model/totals.ts';

const UNHELD = { state: 'unheld', evidence: [{ code: 'lease-free' }] } as const;
const ABANDONED = { state: 'abandoned', evidence: [{ code: 'nobody-attached' }] } as const;

function name(inode: number, more: Partial<ShmObject> = {}): ShmObject {
  const id = `posix:0:27:${inode}`;
  const times = { ctimeSec: 1000, mtimeSec: 1000 };
  return {
    id,
    shortId: id,
    kind: 'posix',
    rawName: `/${inode}`,
    status: [],
    holders: [],
    uid: 1000,
    allocatedBytes: 0,
    verdict: UNHELD,
    ...times,
    ...more,
  };
}
const crowd = (count: number, more: Partial<ShmObject> = {}, from = 0) =>
  Array.from({ length: count }, (_, at) => name(from + at, more));
const idsOf = (objects: readonly ShmObject[]) => objects.map(({ id }) => id);

const someObject = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    uid: fc.option(fc.nat(5), { nil: undefined }),
    state: fc.constantFrom(...VERDICT_STATES),
    allocatedBytes: fc.option(fc.nat(100), { nil: undefined }),
    sizeBytes: fc.option(fc.nat(1000), { nil: undefined }),
    mtimeSec: fc.nat(50),
  })
  .map(({ state, ...more }) => ({ ...more, verdict: { state, evidence: UNHELD.evidence } }));
const someObjects = fc
  .array(someObject, { maxLength: 60 })
  .map((all) => all.map((more, at) => name(at, more as Partial<ShmObject>)));

describe('the laws', () => {
  test('never more than asked for, in the order given, and everything is counted once', () => {
    fc.assert(
      fc.property(someObjects, fc.integer({ min: 0, max: 70 }), (objects, most) => {
        const { objects: kept, leftOut } = keepMost(objects, most);
        expect(kept.length).toBe(Math.min(most, objects.length));
        expect(idsOf(kept)).toEqual(idsOf(objects.filter((object) => kept.includes(object))));
        expect(addLeftOut(sumTotals(kept), leftOut)).toEqual(sumTotals(objects));
        const rest = objects.filter((object) => !kept.includes(object));
        expect(leftOut?.objects ?? 0).toBe(rest.length);
        for (const kind of KINDS) {
          const ofKind = rest.filter((object) => object.kind === kind);
          expect(leftOut?.byKind[kind].objects ?? 0).toBe(ofKind.length);
          expect(leftOut?.byKind[kind].costBytes ?? 0).toBe(
            ofKind.reduce((sum, one) => sum + (costBytes(one) ?? 0), 0),
          );
        }
      }),
    );
  });

  test('of one kind and owner nobody is left out who is more urgent, larger or newer than somebody who is kept', () => {
    const rank = (object: ShmObject) => [
      ['abandoned', 'orphaned', 'in-use'].includes(object.verdict.state) ? 1 : 0,
      costBytes(object) ?? 0,
      object.mtimeSec ?? 0,
    ];
    const isBefore = (a: ShmObject, b: ShmObject) => {
      const [x, y] = [rank(a), rank(b)];
      const at = x.findIndex((value, index) => value !== y[index]);
      return at >= 0 && x[at] > y[at];
    };
    fc.assert(
      fc.property(someObjects, fc.integer({ min: 1, max: 40 }), (all, most) => {
        const objects = all.map((object) => ({ ...object, ctimeSec: 0 }));
        const { objects: kept } = keepMost(objects, most);
        for (const out of objects.filter((object) => !kept.includes(object)))
          for (const one of kept)
            if (one.kind === out.kind && one.uid === out.uid) expect(isBefore(out, one)).toBe(false);
      }),
    );
  });

  test('shares add up to the room, and nobody has less than another who needed no more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.nat(200), (lengths, room) => {
        const shares = shareOut(
          lengths.map((length) => ({ length })),
          room,
        ).map(([, places]) => places);
        expect(shares.reduce((sum, places) => sum + places, 0)).toBe(
          Math.min(
            room,
            lengths.reduce((sum, length) => sum + length, 0),
          ),
        );
        for (let a = 0; a < shares.length; a++) {
          expect(shares[a]).toBeLessThanOrEqual(lengths[a]);
          for (let b = 0; b < shares.length; b++)
            if (shares[a] < lengths[a]) expect(shares[b]).toBeLessThanOrEqual(shares[a] + 1);
        }
      }),
    );
  });
});

describe('the attacks', () => {
  test('a user who makes a hundred thousand large names hides no object of anybody else', () => {
    const others = [name(900_001, { uid: 0 }), name(900_002, { uid: 33 }), name(900_003, { uid: undefined })];
    const flood = crowd(100_000, {
      uid: 4000,
      allocatedBytes: 1 << 20,
      verdict: { state: 'in-use', evidence: [{ code: 'held', count: 1 }] },
    });
    const { objects, leftOut } = keepMost([...flood, ...others], 1000);
    expect(objects).toEqual(expect.arrayContaining(others));
    expect(leftOut?.objects).toBe(99_003);
    expect(leftOut?.costBytes).toBe(99_003 * (1 << 20));
  });

  test('names hide no segments, and segments of many namespaces no names', () => {
    const segments = crowd(500, { kind: 'sysv', allocatedBytes: undefined, rssBytes: 0 }, 1_000_000);
    const names = crowd(5000, { allocatedBytes: 4096 });
    const ofKind = (objects: readonly ShmObject[], kind: string) =>
      objects.filter((object) => object.kind === kind).length;
    expect(ofKind(keepMost([...names, ...segments], 2000).objects, 'sysv')).toBe(500);
    const many = crowd(9000, { kind: 'sysv' }, 1_000_000);
    expect(ofKind(keepMost([...names.slice(0, 300), ...many], 2000).objects, 'posix')).toBe(300);
  });

  test('with more owners than places (a range of subordinate ids) the ordinary users are still there', () => {
    const ranged = Array.from({ length: 3000 }, (_, at) => name(at, { uid: 100_000 + at, allocatedBytes: 4096 }));
    const root = name(900_000, { uid: 0 });
    const anna = name(900_001, { uid: 1000 });
    const { objects } = keepMost([...ranged, root, anna], 100);
    expect(objects).toEqual(expect.arrayContaining([root, anna]));
    expect(objects).toHaveLength(100);
  });

  test('what is abandoned or held is shown before what nobody holds and no rule knows, however large that is', () => {
    const leak = name(900_000, { verdict: ABANDONED });
    const { objects, leftOut } = keepMost([...crowd(5000, { allocatedBytes: 1 << 30 }), leak], 10);
    expect(objects).toContain(leak);
    expect(leftOut?.byVerdict.abandoned.objects).toBe(0);
  });
});

test('what was shown stays, unless something else is twice as large: rows do not come and go', () => {
  const before = crowd(10, { allocatedBytes: 100 });
  const shown = new Set(idsOf(before));
  const rivals = crowd(10, { allocatedBytes: 150 }, 100);
  expect(idsOf(keepMost([...rivals, ...before], 10, shown).objects)).toEqual(idsOf(before));
  const giants = crowd(10, { allocatedBytes: 201 }, 100);
  expect(idsOf(keepMost([...giants, ...before], 10, shown).objects)).toEqual(idsOf(giants));
});

test('two left-outs are added up', () => {
  const first = keepMost(crowd(10, { allocatedBytes: 3 }), 4).leftOut;
  const second = keepMost(crowd(10, { kind: 'memfd', verdict: ABANDONED }), 5).leftOut;
  const sum = sumLeftOut(first, second);
  expect(sum).toMatchObject({ objects: 11, costBytes: 18 });
  expect(sum?.byKind).toMatchObject({ posix: { objects: 6 }, memfd: { objects: 5 } });
  expect(sum?.byVerdict).toMatchObject({ unheld: { objects: 6 }, abandoned: { objects: 5 } });
  expect(sumLeftOut(undefined, second)).toBe(second);
});
