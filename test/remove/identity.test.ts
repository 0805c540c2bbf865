// Identity and premises: every difference between the listing and the moment of removal is seen.
import { expect, test } from 'vitest';
import type { ShmObject } from '../../src/probe/model/object.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { isTooFresh, nameDifference, nameUse, segmentDifference, segmentUse } from '../../src/remove/model/identity.ts';
import { type Plan, plan } from '../../src/remove/model/plan.ts';
import { premiseCheck } from '../../src/remove/premises.ts';

const segment: ShmObject = {
  id: 'sysv:1:5',
  shortId: 'sysv:5',
  kind: 'sysv',
  rawName: '0x00005301',
  shmid: 5,
  key: '0x00005301',
  ipcNamespace: '1',
  sizeBytes: 4096,
  nattch: 0,
  perms: '640',
  status: [],
  uid: 1,
  gid: 2,
  cuid: 3,
  cgid: 4,
  creator: { pid: 10, state: 'dead' },
  lastUser: { pid: 11, state: 'dead' },
  atimeSec: 100,
  dtimeSec: 110,
  ctimeSec: 90,
  holders: [],
  verdict: { state: 'abandoned', evidence: [{ code: 'nobody-attached' }] },
};
const record = {
  shmid: 5,
  key: 0x5301,
  mode: 0o640,
  sizeBytes: 4096,
  uid: 1,
  gid: 2,
  cuid: 3,
  cgid: 4,
  cpid: 10,
  lpid: 11,
  nattch: 0,
  atimeSec: 100,
  dtimeSec: 110,
  ctimeSec: 90,
};

test('the same segment differs in nothing, and any other field makes it another', () => {
  expect(segmentDifference(segment, record)).toBeUndefined();
  for (const change of [
    { sizeBytes: 8192 },
    { ctimeSec: 91 },
    { cpid: 12 },
    { cuid: 0 },
    { cgid: 0 },
    { uid: 0 },
    { gid: 0 },
    { key: 0 },
    { mode: 0o600 },
    { mode: 0o1640 },
  ]) {
    expect(segmentDifference(segment, { ...record, ...change }), JSON.stringify(change)).toBeDefined();
  }
});

test('any use of a segment since the listing is seen', () => {
  expect(segmentUse(segment, record)).toBeUndefined();
  for (const change of [{ nattch: 1 }, { lpid: 12 }, { atimeSec: 120 }, { dtimeSec: 120 }]) {
    expect(segmentUse(segment, { ...record, ...change }), JSON.stringify(change)).toBeDefined();
  }
});

test('what was made or used in the second of the listing, by a clock a tick behind, is too fresh to be told apart', () => {
  const at = (listedAtMs: number) => isTooFresh({ object: segment, isForced: false, listedAtMs });
  expect([at(110_000), at(110_999), at(111_010), at(111_020)]).toEqual([true, true, true, false]);
  expect(isTooFresh({ object: segment, isForced: true, listedAtMs: 111_000 })).toBe(false);
});

test('a name that leads to another inode, device or type is another; a file that was touched was used', () => {
  const file: ShmObject = { ...segment, kind: 'posix', type: 'file', device: '0:27', inode: 9, links: 1, mtimeSec: 95 };
  const now = {
    device: 27,
    inode: 9,
    mode: 0o100640,
    links: 1,
    uid: 1,
    gid: 2,
    sizeBytes: 4096,
    atimeSec: 100,
    mtimeSec: 95,
    ctimeSec: 90,
  };
  expect(nameDifference(file, now)).toBeUndefined();
  for (const change of [{ inode: 10 }, { device: 28 }, { mode: 0o120777 }, { mode: 0o040755 }, { mode: 0o010600 }]) {
    expect(nameDifference(file, { ...now, ...change }), JSON.stringify(change)).toBeDefined();
  }
  expect(nameUse(file, now)).toBeUndefined();
  for (const change of [
    { sizeBytes: 1 },
    { links: 2 },
    { mtimeSec: 96 },
    { ctimeSec: 91 },
    { atimeSec: 101 },
    { uid: 9 },
  ]) {
    expect(nameUse(file, { ...now, ...change }), JSON.stringify(change)).toBeDefined();
  }
});

test('a maker that was dead when listed and is there now is no reason to go on', () => {
  const listed = (object: ShmObject): Plan => {
    const [one] = plan([object], { force: false, isNamed: true, listedAtMs: Date.now() + 3600_000 });
    if (!one) throw new Error('no plan');
    return one;
  };
  const never = (): Snapshot => {
    throw new Error('not to be sampled for segments that are no more than orphaned');
  };
  const orphan: ShmObject = {
    ...segment,
    verdict: { state: 'orphaned', evidence: [{ code: 'creator-dead', pid: 1 }] },
  };
  const { broken: check } = premiseCheck('/proc', never);
  expect(check(listed({ ...orphan, creator: { pid: process.pid, state: 'dead' } }))).toContain(String(process.pid));
  expect(check(listed({ ...orphan, creator: { pid: 4_194_303, state: 'dead' }, lastUser: undefined }))).toBeUndefined();
});

const EMPTY_SNAPSHOT: Snapshot = {
  takenAtMs: 0,
  host: { hostname: 'h', kernel: 'k', user: 'root', uid: 0 },
  visibility: { processes: 0, inspected: 0, complete: true, gaps: [] },
  limits: { shmRmidForced: false, segments: 0, pages: 0, pageSizeBytes: 4096, mounts: [] },
  objects: [],
  gaps: [],
};

test('what was proven when listed and is not so any more is left, whatever the makers are', () => {
  const dead: ShmObject = { ...segment, creator: { pid: 4_194_303, state: 'dead' }, lastUser: undefined };
  const name: ShmObject = { ...dead, kind: 'posix', type: 'file', creator: undefined };
  for (const object of [dead, name]) {
    for (const said of ['abandoned', 'orphaned'] as const) {
      const verdictOf = (state: ShmObject['verdict']['state']): ShmObject['verdict'] => ({ ...object.verdict, state });
      const listed = { ...object, verdict: verdictOf(said) };
      const brokenWhen = (now: ShmObject['verdict']['state']) => {
        const resample = (): Snapshot => ({ ...EMPTY_SNAPSHOT, objects: [{ ...object, verdict: verdictOf(now) }] });
        const [one] = plan([listed], { force: false, isNamed: true, listedAtMs: Date.now() + 3600_000 });
        return one && premiseCheck('/proc', resample).broken(one);
      };
      expect(brokenWhen('abandoned')).toBeUndefined();
      // That the makers of a segment are gone was asked just now.
      const isAsked = said === 'abandoned' || object.kind === 'posix';
      expect(brokenWhen('unheld')).toBe(isAsked ? 'it is unheld now' : undefined);
      expect(brokenWhen('orphaned')).toBe(said === 'abandoned' ? 'it is orphaned now' : undefined);
    }
  }
});
