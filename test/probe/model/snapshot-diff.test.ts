import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonOfSnapshot } from '../../../src/cli/plain-json.ts';
import { type KeptSnapshot, parseKeptSnapshot } from '../../../src/probe/model/decode/kept-snapshot.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { diffSnapshots, doubtsOf } from '../../../src/probe/model/snapshot-diff.ts';
import { arbitraryObject } from '../../cli/arbitrary-object.ts';
import { posix, segment, snapshotOf } from '../../cli/examples.ts';

/** As it comes back from the file that `ls --json` writes. */
function kept(objects: readonly ShmObject[], more: Parameters<typeof snapshotOf>[1] = {}): KeptSnapshot {
  const read = parseKeptSnapshot(JSON.stringify(jsonOfSnapshot(snapshotOf(objects, more))));
  if (typeof read === 'string') throw new Error(read);
  return read;
}
const told = (before: readonly ShmObject[], after: readonly ShmObject[]) =>
  diffSnapshots(kept(before), kept(after)).changes.map(({ kind, growthBytes, ...sides }) => [
    kind,
    (sides.after ?? sides.before)?.name,
    growthBytes,
  ]);
const MIB = 1024 ** 2;

describe('the difference of two snapshots', () => {
  it('names what is new, grown, judged otherwise, shrunk and gone, the most grown first', () => {
    const before = [
      posix('/log', 1, { allocatedBytes: MIB }),
      posix('/cache', 2, { allocatedBytes: 9 * MIB }),
      posix('/job', 3, { verdict: { state: 'in-use', evidence: [] } }),
      posix('/old', 4, { allocatedBytes: 3 * MIB }),
      posix('/still', 5),
    ];
    const after = [
      posix('/still', 5),
      posix('/cache', 2, { allocatedBytes: 8 * MIB }),
      posix('/log', 1, { allocatedBytes: 5 * MIB }),
      posix('/job', 3, { verdict: { state: 'abandoned', evidence: [] } }),
      posix('/fresh', 6, { allocatedBytes: 6 * MIB }),
    ];
    expect(told(before, after)).toEqual([
      ['new', '/fresh', 6 * MIB],
      ['grown', '/log', 4 * MIB],
      ['judged', '/job', 0],
      ['shrunk', '/cache', -MIB],
      ['gone', '/old', -3 * MIB],
    ]);
    expect(diffSnapshots(kept(before), kept(after)).unchanged).toBe(1);
  });

  it('counts the length where the memory is not known, or stayed', () => {
    const of = (sizeBytes: number, allocatedBytes: number | undefined) => [
      posix('/x', 1, { sizeBytes, allocatedBytes }),
    ];
    expect(told(of(MIB, undefined), of(3 * MIB, undefined))).toEqual([['grown', '/x', 2 * MIB]]);
    expect(told(of(MIB, 4096), of(3 * MIB, 4096))).toEqual([['grown', '/x', 2 * MIB]]);
    expect(told(of(MIB, 8192), of(3 * MIB, 4096))).toEqual([['shrunk', '/x', -4096]]);
  });

  it('a name that was removed is the same object; a number that came again is another', () => {
    const name = posix('/x', 1);
    const unlinked: ShmObject = { ...name, kind: 'unlinked', id: name.id.replace('posix', 'unlinked') };
    expect(told([name], [unlinked])).toEqual([]);
    const again = posix('/x', 1, { btimeSec: (name.btimeSec ?? 0) + 5 });
    expect(told([name], [again]).map(([kind]) => kind)).toEqual(['new', 'gone']);
    const first = segment(7, { creator: { pid: 10, state: 'dead' }, rssBytes: 100 });
    expect(told([first], [{ ...first, creator: { pid: 11, state: 'alive' } }]).map(([kind]) => kind)).toEqual([
      'new',
      'gone',
    ]);
    expect(told([first], [{ ...first, sizeBytes: 9 }]).map(([kind]) => kind)).toEqual(['new', 'gone']);
    // Marked for destruction it loses its key, and IPC_SET changes its times: it is the same one.
    expect(told([first], [{ ...first, key: '0x00000000', status: ['dest'], ctimeSec: 5 }])).toEqual([]);
  });

  it('of anything with itself is nothing, and turned round it is the same with the signs changed', () => {
    const objects = fc.uniqueArray(arbitraryObject, { maxLength: 12, selector: ({ id }) => id.replace(/^\w+/, '') });
    fc.assert(
      fc.property(objects, objects, (a, b) => {
        const [before, after] = [kept(a), kept(b)];
        expect(diffSnapshots(before, before)).toEqual({ changes: [], unchanged: a.length });
        const sum = (x: KeptSnapshot, y: KeptSnapshot) =>
          diffSnapshots(x, y).changes.reduce((total, { growthBytes }) => total + BigInt(growthBytes), 0n);
        expect(sum(before, after)).toBe(-sum(after, before));
      }),
      { numRuns: 300 },
    );
  });

  it('says what speaks against it: another host, another namespace, the wrong order, what was not seen, a filter', () => {
    const whole = kept([segment(1)]);
    expect(doubtsOf({ ...whole, limits: { segments: 1 } }, { ...whole, limits: { segments: 1 } })).toEqual([]);
    const blind = { processes: 9, inspected: 8, complete: false, gaps: [] };
    const { host, limits } = snapshotOf([]);
    const other = kept([segment(1)], {
      takenAtMs: whole.takenAt - 1000,
      host: { ...host, hostname: 'db2', ipcNamespace: '7' },
      visibility: blind,
      limits: { ...limits, segments: 40 },
    });
    expect(doubtsOf({ ...whole, limits: { segments: 1 } }, other)).toEqual([
      { code: 'other-host' },
      { code: 'other-namespace' },
      { code: 'reversed' },
      { code: 'incomplete', which: 'after' },
      { code: 'filtered', which: 'after' },
    ]);
  });
});
