import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDelta, diffObjects } from '../../../src/probe/model/delta.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { segment } from '../../ui/sample-objects.ts';

const byId = (objects: readonly ShmObject[]) => new Map(objects.map((object) => [object.id, object]));
const objects = fc
  .uniqueArray(fc.record({ shmid: fc.nat(20), nattch: fc.nat(3), sizeBytes: fc.nat(5) }), {
    selector: ({ shmid }) => shmid,
  })
  .map((list) => list.map(({ shmid, nattch, sizeBytes }) => segment(shmid, { nattch, sizeBytes })));

test('the difference between equal snapshots is empty', () => {
  fc.assert(
    fc.property(objects, (list) => {
      expect(diffObjects(byId(list), structuredClone(list))).toEqual({ changed: [], removed: [] });
    }),
  );
});

test('applying the difference to the first snapshot gives the objects of the second', () => {
  fc.assert(
    fc.property(objects, objects, (a, b) => {
      expect(byId(applyDelta(a, diffObjects(byId(a), b)))).toEqual(byId(b));
    }),
  );
});

test('objects that are the same ones as last time make the same difference, found faster', () => {
  const changes = fc.array(fc.constantFrom('same', 'equal', 'other', 'gone', 'new'), { maxLength: 12 });
  fc.assert(
    fc.property(objects, changes, (last, kinds) => {
      const after = last.flatMap((object, at): ShmObject[] => {
        switch (kinds[at]) {
          case 'equal':
            return [{ ...object }];
          case 'other':
            return [{ ...object, nattch: 9 }];
          case 'gone':
            return [];
          case 'new':
            return [segment(100 + at), object];
          default:
            return [object];
        }
      });
      expect(diffObjects(byId(last), after, last)).toEqual(diffObjects(byId(last), after));
    }),
  );
});

test('an empty difference leaves the very same array, so that nothing is drawn', () => {
  const list = [segment(1)];
  expect(applyDelta(list, { changed: [], removed: [] })).toBe(list);
});

test('a second that went by does not make a young object new, every other evidence does', () => {
  const young = (seconds: number) =>
    segment(1, { verdict: { state: 'unheld', evidence: [{ code: 'too-young', seconds, limitSeconds: 60 }] } });
  expect(diffObjects(byId([young(1)]), [young(2)]).changed).toEqual([]);
  expect(diffObjects(byId([young(1)]), [segment(1)]).changed).toHaveLength(1);
});
