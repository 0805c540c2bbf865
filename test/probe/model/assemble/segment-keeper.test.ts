// Segments that are shown again as they were: whatever changes in a line of the segment table, nothing old is shown.
import { describe, expect, it } from 'vitest';
import type { Assembly } from '../../../../src/probe/model/assemble/assembly.ts';
import { SegmentKeeper } from '../../../../src/probe/model/assemble/segment-keeper.ts';
import type { Joined } from '../../../../src/probe/model/join/join.ts';
import { SHM_DEST, SHM_LOCKED, type SysvRow } from '../../../../src/probe/model/join/sysv-row.ts';
import { MakerBook, MakerStore } from '../../../../src/probe/model/judge/maker.ts';
import { SOFTWARE_TABLE } from '../../../../src/probe/model/judge/software-table.ts';
import { VerdictBook } from '../../../../src/probe/model/judge/verdict-book.ts';

const NOW_SEC = 1_769_860_800;
const row: Required<SysvRow> = {
  ipcNamespace: '4026531839',
  shmid: 5,
  key: 0x5301,
  mode: 0o600,
  sizeBytes: 65_536,
  cpid: 100,
  lpid: 101,
  nattch: 0,
  uid: 1,
  gid: 2,
  cuid: 3,
  cgid: 4,
  atimeSec: NOW_SEC - 1000,
  dtimeSec: NOW_SEC - 900,
  ctimeSec: NOW_SEC - 2000,
  rssBytes: 4096,
  swapBytes: 0,
  version: 7,
};

/** Every field of a line with other values of it; one that is added does not compile until it stands here. */
const OTHERS: { readonly [Name in keyof Required<SysvRow>]: readonly SysvRow[Name][] } = {
  ipcNamespace: ['4026532001'],
  shmid: [6],
  key: [0x5302, 0],
  mode: [0o644, 0o600 | SHM_DEST, 0o600 | SHM_LOCKED, 0o600 | SHM_DEST | SHM_LOCKED],
  sizeBytes: [4096],
  cpid: [102, 0],
  lpid: [103, 0],
  nattch: [1],
  uid: [9],
  gid: [9],
  cuid: [9],
  cgid: [9],
  atimeSec: [0, NOW_SEC - 10, NOW_SEC + 10],
  dtimeSec: [0, NOW_SEC - 10],
  ctimeSec: [NOW_SEC - 3000, NOW_SEC],
  rssBytes: [8192, 0, undefined],
  swapBytes: [4096, undefined],
  version: [8, undefined],
};

describe('a segment of which nothing changed', () => {
  it('is the same object as before', () => {
    const { keeper, look } = watcher();
    const [before] = keeper.assemble(joined(row), look());
    expect(keeper.assemble(joined({ ...row }), look())[0]).toBe(before);
    expect(keeper.assemble(joined({ ...row, version: 8 }), look())[0]).toBe(before);
  });
});

describe.each(Object.entries<readonly unknown[]>(OTHERS))('a segment of which %s changed', (field, values) => {
  it.each(values.map((value) => [value]))('to %s is shown as if it were seen for the first time', (value) => {
    const { keeper, look } = watcher();
    keeper.assemble(joined(row), look());
    const changed: SysvRow = { ...row, version: undefined, [field]: value };
    const fresh = watcher();
    expect(keeper.assemble(joined(changed), look())).toEqual(fresh.keeper.assemble(joined(changed), fresh.look()));
  });
});

/** The keeper, and what each look hands it: makers are the same objects from look to look. */
function watcher() {
  const store = new MakerStore();
  const look = (): Assembly => ({
    ownNamespace: '4026531839',
    pageBytes: 4096,
    hugePageSizes: [],
    inflatesHugeRss: false,
    nowSec: NOW_SEC,
    minAgeSec: 60,
    makers: new MakerBook(
      () => 'none',
      () => undefined,
      store,
    ),
    verdicts: new VerdictBook(),
    table: SOFTWARE_TABLE,
    userName: (uid) => `user${uid}`,
    groupName: (gid) => `group${gid}`,
    facts: () => undefined,
    notInspected: 0,
    seesAllProcesses: true,
  });
  return { keeper: new SegmentKeeper(), look };
}

const joined = (segment: SysvRow): Joined => ({
  segments: [segment],
  attaches: new Map(),
  unlisted: [],
  names: [],
  loose: [],
});
