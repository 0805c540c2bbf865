import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OWNER_KINDS, ownerKey, ownerRows, SEVERAL } from '../../../src/probe/model/owner.ts';
import { sumTotals } from '../../../src/probe/model/totals.ts';
import { arbitraryObject } from '../../cli/arbitrary-object.ts';
import { holder, memfd, posix, segment } from '../../cli/examples.ts';

describe('owners', () => {
  it.each(OWNER_KINDS)('by %s: every object has one row, and the rows sum up to all', (by) => {
    fc.assert(
      fc.property(fc.array(arbitraryObject, { maxLength: 30 }), (objects) => {
        const rows = ownerRows(objects, by);
        const all = sumTotals(objects);
        const sum = (read: (totals: typeof all) => number) => rows.reduce((total, row) => total + read(row.totals), 0);
        expect(sum(({ objects }) => objects)).toBe(all.objects);
        expect(sum(({ byVerdict }) => byVerdict.abandoned.objects)).toBe(all.byVerdict.abandoned.objects);
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
        for (const { key, example } of rows) expect(ownerKey(example, by)).toBe(key);
        const shares = rows.flatMap(({ share }) => share ?? []);
        if (all.costBytes > 0) expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1);
        else expect(shares).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('tells users apart by number: two names of one are one, one name of two is two', () => {
    const objects = [
      segment(1, { uid: 7, user: 'a' }),
      segment(2, { uid: 7, user: 'b' }),
      segment(3, { uid: 8, user: 'a' }),
    ];
    expect(ownerRows(objects, 'user').map(({ key, totals }) => [key, totals.objects])).toEqual([
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
