import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ACCOUNT } from '../../../src/probe/model/account/account.ts';
import { isOwnedBy, type OwnerSum, SUM_KINDS, sumBy } from '../../../src/probe/model/account/sum-by.ts';
import { ownerKey, SEVERAL } from '../../../src/probe/model/owner.ts';
import { sumTotals } from '../../../src/probe/model/totals.ts';
import { arbitraryObject } from '../../cli/arbitrary-object.ts';
import { holder, memfd, posix, segment } from '../../cli/examples.ts';

describe('owners', () => {
  it.each(SUM_KINDS)(
    'by %s: every object has one row, of what several processes hold each has a part; the rows sum up to all',
    (by) => {
      fc.assert(
        fc.property(fc.array(arbitraryObject, { maxLength: 30 }), (listed) => {
          const objects = [...new Map(listed.map((object) => [object.id, object])).values()];
          const rows = sumBy({ objects }, NO_ACCOUNT, by);
          const all = sumTotals(objects);
          const sum = (read: (row: OwnerSum) => number) => rows.reduce((total, row) => total + read(row), 0);
          expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
          expect(sum(({ bytes }) => bytes) / Math.max(1, all.costBytes)).toBeCloseTo(all.costBytes > 0 ? 1 : 0);
          expect(sum(({ freeableBytes }) => freeableBytes) / Math.max(1, all.costBytes)).toBeCloseTo(
            all.byVerdict.abandoned.costBytes / Math.max(1, all.costBytes),
          );
          for (const object of objects) {
            const its = rows.filter(({ objectIds }) => objectIds.includes(object.id));
            expect(its.length).toBeGreaterThan(0);
            if (by !== 'process') expect(its).toHaveLength(1);
            for (const row of rows) expect(isOwnedBy(object, by, row.key)).toBe(its.includes(row));
          }
        }),
        { numRuns: 200 },
      );
    },
  );

  it('tells users apart by number: two names of one are one, one name of two is two', () => {
    const objects = [
      segment(1, { uid: 7, user: 'a' }),
      segment(2, { uid: 7, user: 'b' }),
      segment(3, { uid: 8, user: 'a' }),
    ];
    expect(sumBy({ objects }, NO_ACCOUNT, 'user').map(({ key, objectIds }) => [key, objectIds.length])).toEqual([
      ['7', 2],
      ['8', 1],
    ]);
  });

  it('a segment lives in its namespace whoever holds it; a file in that of all its holders, or in several', () => {
    const of = (pid: number, ipcNamespace: string) => ({ ...holder(pid, 'x'), ipcNamespace });
    expect(ownerKey(segment(1, { ipcNamespace: '11', holders: [of(1, '22')] }), 'namespace')).toBe('11');
    expect(ownerKey(posix('/x', 1, { holders: [of(1, '22'), of(2, '22')] }), 'namespace')).toBe('22');
    expect(ownerKey(posix('/x', 1, { holders: [of(1, '22'), of(2, '33')] }), 'namespace')).toBe(SEVERAL);
    expect(ownerKey(posix('/x', 1, { holders: [] }), 'namespace')).toBeUndefined();
  });

  it('only what has a name in a file system lies on a mount', () => {
    expect(ownerKey(posix('/x', 1, { device: '0:27' }), 'mount')).toBe('0:27');
    expect(ownerKey(memfd('memfd:x', 1, { device: '0:1' }), 'mount')).toBeUndefined();
    expect(ownerKey(segment(1), 'mount')).toBeUndefined();
  });
});
