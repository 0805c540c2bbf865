// Whole /proc trees replayed through the sampler: several kernels, a container host, hostile names, a clock that was set.
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { escapeBytes } from '../../../src/probe/model/bytes.ts';
import { evidenceText } from '../../../src/probe/model/judge/evidence.ts';
import type { SoftwareRow } from '../../../src/probe/model/judge/software.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import type { Snapshot } from '../../../src/probe/model/snapshot.ts';
import { fixtureNames, openFixture } from '../../support/fixture.ts';

const UNPRINTABLE = /[\p{Cc}\p{Cf}]/u;
/** Times of the files are those of this machine; this much later none of them is young. */
const LATER = { nowMs: () => Date.now() + 3_600_000 };

const byShortId = ({ objects }: Snapshot, shortId: string): ShmObject => {
  const found = objects.find((object) => object.shortId === shortId);
  if (!found) throw new Error(`no ${shortId} among ${objects.map((object) => object.shortId).join(', ')}`);
  return found;
};
const pidsOf = ({ holders }: ShmObject) => holders.map(({ pid }) => pid);
const codesOf = ({ verdict }: ShmObject) => verdict.evidence.map(({ code }) => code);
const kinds = (snapshot: Snapshot) => Object.groupBy(snapshot.objects, ({ kind }) => kind);
const sourcesOf = ({ gaps, visibility }: Snapshot) =>
  [...gaps, ...visibility.gaps].map(({ source, reason }) => `${source} ${reason}`);
const stateOf = (snapshot: Snapshot, shortId: string) => byShortId(snapshot, shortId).verdict.state;

describe.each(fixtureNames())('%s', (name) => {
  test('gives the same snapshot every time, and one that can be sent to another thread', () => {
    using fixture = openFixture(name);
    const snapshot = fixture.sample();
    // The disk under the fixture fills up, and reading a folder may change its access time.
    const lasting = ({ limits, objects, ...rest }: Snapshot) => ({
      ...rest,
      objects: objects.map((object) => ({ ...object, atimeSec: object.kind === 'sysv' ? object.atimeSec : undefined })),
    });
    expect(lasting(fixture.sample())).toEqual(lasting(snapshot));
    expect(structuredClone(snapshot)).toEqual(snapshot);
    expect(snapshot.objects.length).toBeGreaterThan(0);
  });

  test('gives every object an id of its own, and evidence that is safe to print', () => {
    using fixture = openFixture(name);
    const { objects } = fixture.sample();
    expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
    expect(objects.filter(({ verdict }) => verdict.evidence.length === 0)).toEqual([]);
    const printed = objects.flatMap((object) => [
      object.id,
      object.shortId,
      ...object.verdict.evidence.map(evidenceText),
    ]);
    expect(printed.filter((text) => UNPRINTABLE.test(text))).toEqual([]);
  });

  test('never calls anything abandoned that somebody holds, or that the kernel counts a mapping of', () => {
    using fixture = openFixture(name);
    for (const options of [{}, { minAgeSec: 0 }, LATER]) {
      const abandoned = fixture.sample(options).objects.filter(({ verdict }) => verdict.state === 'abandoned');
      expect(abandoned.filter(({ holders, nattch }) => holders.length > 0 || (nattch ?? 0) > 0)).toEqual([]);
    }
  });

  test('accounts for every mapping that the kernel counts: found or said to be hidden', () => {
    using fixture = openFixture(name);
    for (const { kind, nattch, holders, hiddenMappings = 0 } of fixture.sample().objects) {
      if (kind !== 'sysv' || nattch === undefined) continue;
      const found = holders.reduce((sum, { mappings }) => sum + mappings.length, 0);
      expect(found + hiddenMappings).toBe(nattch);
    }
  });

  test('says the same of every object when the links of self are missing', () => {
    using fixture = openFixture(name);
    const inOurs = (snapshot: Snapshot) =>
      snapshot.objects
        .filter(({ kind }) => kind !== 'sysv')
        .map(({ id, holders, verdict }) => ({ id, pids: holders.map(({ pid }) => pid), state: verdict.state }));
    const segments = (snapshot: Snapshot) =>
      snapshot.objects
        .filter(({ nattch }) => nattch !== undefined)
        .map((one) => ({ shmid: one.shmid, nattch: one.nattch, pids: pidsOf(one), state: one.verdict.state }));
    const whole = fixture.sample();
    rmSync(fixture.proc('self'), { recursive: true, force: true });
    const without = fixture.sample();
    expect(inOurs(without)).toEqual(inOurs(whole));
    expect(segments(without)).toEqual(segments(whole));
  });
});

describe('Linux 6.18', () => {
  test('shows one object of every kind with its holders', () => {
    using fixture = openFixture('linux-6.18');
    const snapshot = fixture.sample(LATER);
    const { sysv = [], posix = [], unlinked = [], memfd = [], anonymous = [] } = kinds(snapshot);
    expect(sysv.map((one) => [one.shortId, one.key, one.nattch, pidsOf(one), one.verdict.state])).toEqual([
      ['sysv:0', '0x5ab00001', 2, [700, 701], 'in-use'],
      ['sysv:1', '0xf5ab0002', 0, [], 'unheld'],
      ['sysv:2', '0x00000000', 2, [700, 701], 'in-use'],
    ]);
    expect(posix.map((one) => [one.rawName, pidsOf(one), one.verdict.state])).toEqual([
      ['/mapped', [700, 701], 'in-use'],
      ["/nobody's", [], expect.stringMatching(/orphaned|unknown/)],
      ['/open', [700, 701], 'in-use'],
      ['/private', [700, 701], 'in-use'],
    ]);
    expect(unlinked.map((one) => [one.rawName, pidsOf(one)])).toEqual([['/unlinked', [700, 701]]]);
    expect(memfd.map((one) => [one.rawName, pidsOf(one)])).toEqual([['memfd:mapped', [700, 701]]]);
    expect(anonymous.map(pidsOf)).toEqual([[700, 701]]);
  });

  test('tells how a process holds an object', () => {
    using fixture = openFixture('linux-6.18');
    const snapshot = fixture.sample();
    const [open] = byShortId(snapshot, 'posix:/open').holders;
    expect(open).toMatchObject({ pid: 700, comm: 'objects', mappings: [], fds: [3] });
    expect(byShortId(snapshot, 'posix:/private').holders[0].mappings[0].perms).toBe('rw-p');
    expect(byShortId(snapshot, 'sysv:2')).toMatchObject({ status: ['dest'], perms: '600' });
  });

  test('counts a process whose maps are refused as not looked into', () => {
    using fixture = openFixture('linux-6.18');
    const { visibility } = fixture.sample();
    expect(visibility).toMatchObject({ processes: 3, inspected: 2, complete: false });
    expect(visibility.gaps).toMatchObject([{ source: 'maps', count: 1, pids: [1] }]);
  });

  test('tells the limits of the namespace', () => {
    using fixture = openFixture('linux-6.18');
    expect(fixture.sample().limits).toMatchObject({
      shmmni: '4096',
      shmmax: '18446744073692774399',
      shmall: '18446744073692774399',
      shmRmidForced: false,
      segments: 3,
      pages: 9,
    });
  });
});

describe('Linux 6.1', () => {
  test('tells dead, zombie and reused creators from living ones', () => {
    using fixture = openFixture('linux-6.1');
    const snapshot = fixture.sample();
    const makers = (shortId: string) => {
      const { creator, lastUser, verdict } = byShortId(snapshot, shortId);
      return [creator?.state, lastUser?.state, verdict.state];
    };
    expect(makers('sysv:0')).toEqual(['alive', 'alive', 'in-use']);
    expect(makers('sysv:1')).toEqual(['dead', undefined, 'orphaned']);
    expect(makers('sysv:32770')).toEqual(['zombie', 'zombie', 'orphaned']);
    expect(makers('sysv:3')).toEqual(['reused', 'reused', 'orphaned']);
    expect(makers('sysv:5')).toEqual(['alive', 'dead', 'unheld']);
  });

  test('calls nothing abandoned that was used within the grace time', () => {
    using fixture = openFixture('linux-6.1');
    const { objects } = fixture.sample({ minAgeSec: 100_000 });
    expect(objects.filter(({ verdict }) => verdict.state === 'abandoned')).toEqual([]);
    expect(codesOf(byShortId(fixture.sample({ minAgeSec: 100_000 }), 'sysv:1'))).toContain('too-young');
  });

  test('takes resident and swapped bytes from the text', () => {
    using fixture = openFixture('linux-6.1');
    const snapshot = fixture.sample();
    expect(byShortId(snapshot, 'sysv:32770')).toMatchObject({ rssBytes: 8192, swapBytes: 4096 });
    expect(byShortId(snapshot, 'sysv:4').rssBytes).toBe(4194304);
  });

  test('divides the resident bytes of huge pages where the kernel counted them 512 times, as Linux 6.12 does', () => {
    using fixture = openFixture('linux-6.1');
    fixture.edit('sysvipc/shm', (text) => text.replace(/4194304(?=\s+0\n)/, String(4194304 * 512)));
    expect(byShortId(fixture.sample(), 'sysv:4').rssBytes).toBeLessThanOrEqual(10485760);
  });
});

describe('Linux 2.6.32', () => {
  test('is read though it prints less: no rss, which is absent, no nested pids, no namespaces', () => {
    using fixture = openFixture('linux-2.6.32');
    const snapshot = fixture.sample();
    const attached = snapshot.objects.find(({ shmid }) => shmid === 0);
    expect(attached).toMatchObject({ key: '0x4c415131', nattch: 1, verdict: { state: 'in-use' } });
    expect(attached?.rssBytes).toBeUndefined();
    const orphan = snapshot.objects.find(({ shmid }) => shmid === 98305);
    expect(orphan).toMatchObject({
      sizeBytes: 4294967295,
      creator: { state: 'dead' },
      verdict: { state: 'orphaned' },
    });
    expect(pidsOf(byShortId(snapshot, 'posix:/mapped'))).toEqual([700]);
  });
});

describe('a host with a container', () => {
  test('keeps the same shmid in two IPC namespaces apart', () => {
    using fixture = openFixture('container-host');
    const snapshot = fixture.sample();
    expect(pidsOf(byShortId(snapshot, 'sysv:5'))).toEqual([700]);
    const theirs = byShortId(snapshot, 'sysv:5@4026532001');
    expect(pidsOf(theirs)).toEqual([800, 801]);
    expect(theirs.verdict.state).toBe('in-use');
    expect(codesOf(theirs)).toContain('namespace-closed');
  });

  test('gives a mapping to the namespace in which it was made, where the process has left it since', () => {
    using fixture = openFixture('container-host');
    expect(pidsOf(byShortId(fixture.sample(), 'sysv:7'))).toEqual([700, 800]);
  });

  test('keeps the same path in two mount namespaces apart, and finds a file under another path', () => {
    using fixture = openFixture('container-host');
    const snapshot = fixture.sample();
    expect(pidsOf(byShortId(snapshot, 'posix:/queue'))).toEqual([700, 801]);
    const theirs = snapshot.objects.find(({ kind, device }) => kind === 'posix' && device === '0:154');
    expect(theirs && pidsOf(theirs)).toEqual([800]);
    expect(theirs?.rawPath).toBeUndefined();
  });

  test('does not take a memfd for the segment whose number its inode is', () => {
    using fixture = openFixture('container-host');
    const { memfd = [] } = kinds(fixture.sample());
    expect(memfd.map((one) => [one.id, one.rawName, pidsOf(one)])).toEqual([['memfd:0:1:5', 'memfd:worker', [800]]]);
  });

  test('does not take a creator that the kernel shows as 0 for dead', () => {
    using fixture = openFixture('container-host');
    const segment = byShortId(fixture.sample(), 'sysv:6');
    expect(segment.creator).toEqual({ state: 'invisible' });
    expect(segment.verdict.state).toBe('unheld');
  });

  test('names the container of its processes, and of an object only where all holders agree', () => {
    using fixture = openFixture('container-host');
    const snapshot = fixture.sample();
    const [worker, sidecar] = byShortId(snapshot, 'sysv:5@4026532001').holders;
    expect(worker.container).toEqual({ id: 'a'.repeat(12), runtime: 'docker' });
    expect(sidecar.container).toEqual({ id: 'b'.repeat(12), runtime: 'docker' });
    expect(byShortId(snapshot, 'sysv:5@4026532001').container).toBeUndefined();
    expect(byShortId(snapshot, 'sysv:5').holders[0].container).toBeUndefined();
  });

  test('says that the table of the other namespace was not read: segments there that nobody maps are not shown', () => {
    using fixture = openFixture('container-host');
    fixture.remove('1'); // the only process that cannot be looked into
    const snapshot = fixture.sample();
    expect(snapshot.visibility.complete).toBe(false);
    expect(snapshot.gaps.map(({ source }) => source)).toContain('ns');
  });
});

describe('hostile names', () => {
  test('are all shown, escaped, with the process that maps each', () => {
    using fixture = openFixture('hostile-names');
    const { posix = [] } = kinds(fixture.sample());
    const held = posix.filter(({ holders }) => holders.length > 0);
    expect(held.map((one) => one.shortId)).toEqual(
      expect.arrayContaining([
        'posix:/\\x1b[31mred\\x1b[0m',
        'posix:/a\\x0ab',
        'posix:/a\\\\012b',
        'posix:/\\xff\\xfe\\xc0\\xaf',
        'posix:/\\xe2\\x80\\xaegnp.exe',
        'posix:/x (deleted)',
        'posix:/SYSV00000001',
        'posix:/memfd:x',
        'posix:/ends in a blank\\x20',
        `posix:/${'n'.repeat(255)}`,
        'posix:/café',
        'posix:/.hidden',
      ]),
    );
    expect(held.map(pidsOf)).toEqual(held.map(() => [700]));
  });

  test('in directories, of fifos and links are entries too, and none of those is followed or opened', () => {
    using fixture = openFixture('hostile-names');
    const types = Object.fromEntries(
      (kinds(fixture.sample()).posix ?? []).map(({ rawName, type }) => [escapeBytes(rawName), type]),
    );
    expect(types).toMatchObject({
      '/dir': 'directory',
      '/dir/\\x0a': 'file',
      '/pipe': 'fifo',
      '/link': 'symlink',
      '/-rf': 'file',
    });
  });

  test('of one inode are one object', () => {
    using fixture = openFixture('hostile-names');
    const both = fixture.sample().objects.filter(({ otherRawNames }) => otherRawNames !== undefined);
    expect(both.map(({ rawName, otherRawNames = [] }) => [rawName, ...otherRawNames].sort())).toEqual([
      ['/a\nb', '/second name'],
    ]);
  });

  test('of commands do not change what the fields behind them say', () => {
    using fixture = openFixture('hostile-names');
    const { holders } = byShortId(fixture.sample(), 'sysv:0');
    expect(holders.map(({ pid, comm, startTicks }) => [pid, comm, startTicks])).toEqual([
      [700, ') Z 1 (\x1b[2J\n\xff', 9000],
      [701, 'a) (b\nc', 9000],
    ]);
    expect(stateOf(fixture.sample(), 'sysv:1')).toBe('unheld');
  });

  test('of unlinked files and memfds are raw bytes in the snapshot', () => {
    using fixture = openFixture('hostile-names');
    const { memfd = [], unlinked = [] } = kinds(fixture.sample());
    expect(memfd.map(({ rawName }) => rawName)).toEqual(['memfd:\x1b]0;owned\x07\xff']);
    expect(unlinked.map(({ rawName }) => rawName)).toEqual(['/gone\x1b[2J']);
  });
});

describe('a clock that was set forward', () => {
  test('does not make a living creator another process: its segment is not abandoned', () => {
    using fixture = openFixture('clock-stepped');
    const segment = byShortId(fixture.sample(), 'sysv:0');
    expect(segment.creator?.state).toBe('alive');
    expect(segment.verdict.state).toBe('unheld');
  });

  test('does not keep a dead creator from being dead', () => {
    using fixture = openFixture('clock-stepped');
    expect(stateOf(fixture.sample(), 'sysv:1')).toBe('orphaned');
  });

  test('back, so that times lie in the future, leaves the age unknown: nothing is abandoned', () => {
    using fixture = openFixture('linux-6.1');
    const before = () => fixture.takenAtMs - 86_400_000;
    const { objects } = fixture.sample({ nowMs: before });
    expect(objects.filter(({ verdict }) => verdict.state === 'abandoned')).toEqual([]);
    expect(codesOf(byShortId(fixture.sample({ nowMs: before }), 'sysv:1'))).toContain('clock-ahead');
  });
});

describe('a tree that falls apart', () => {
  /** What the probe reads of a process, in the order in which it may vanish. */
  const PARTS = ['maps', 'fd', 'ns/ipc', 'ns/mnt', 'ns/pid', 'ns', 'status', 'cgroup', 'stat'];

  function expectHonest(snapshot: Snapshot): void {
    const { objects } = snapshot;
    expect(objects.filter(({ verdict }) => verdict.evidence.length === 0)).toEqual([]);
    for (const { verdict, nattch = 0, holders } of objects) {
      if (verdict.state === 'abandoned') expect([nattch, holders]).toEqual([0, []]);
    }
  }

  test.each(PARTS)('a process whose %s has vanished is no crash, and nothing of it is called abandoned', (part) => {
    using fixture = openFixture('linux-6.18');
    for (const pid of [700, 701]) rmSync(fixture.proc(`${pid}/${part}`), { recursive: true, force: true });
    for (const minAgeSec of [0, 60]) {
      const snapshot = fixture.sample({ minAgeSec, ...LATER });
      expectHonest(snapshot);
      if (part !== 'stat') expect(snapshot.objects.filter(({ verdict }) => verdict.state === 'abandoned')).toEqual([]);
    }
  });

  test('vanishing part by part, in any order, never throws and never hides a mapping that the kernel counts', () => {
    const parts = [700, 701].flatMap((pid) => PARTS.map((part) => `${pid}/${part}`));
    fc.assert(
      fc.property(fc.shuffledSubarray(parts), (gone) => {
        using fixture = openFixture('linux-6.18');
        for (const part of gone) rmSync(fixture.proc(part), { recursive: true, force: true });
        const snapshot = fixture.sample();
        expectHonest(snapshot);
        for (const { nattch = 0, holders, hiddenMappings = 0, kind } of snapshot.objects) {
          if (kind !== 'sysv') continue;
          expect(holders.reduce((sum, { mappings }) => sum + mappings.length, hiddenMappings)).toBe(nattch);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a holder that exits between being seen and being asked about is a holder without a name', () => {
    using fixture = openFixture('linux-6.18');
    fixture.edit('sysvipc/shm', (text) => text.slice(0, text.indexOf('\n') + 1));
    for (const pid of [700, 701]) fixture.edit(`${pid}/maps`, (text) => text.replace(/.*SYSV.*\n/g, ''));
    let isGone = false;
    const exit = () => {
      if (!isGone) for (const pid of [700, 701]) fixture.remove(String(pid));
      isGone = true;
      return false;
    };
    // The table of software is asked after the scan and before the facts of the holders.
    const hook: SoftwareRow = {
      match: { on: 'posix', path: Object.assign(/x/, { exec: () => (exit() ? [] : null) }) },
      name: 'hook',
      role: 'none',
      outlives: false,
      leftover: { when: 'unknown' },
      source: 'this test',
      mark: 'V',
    };
    const snapshot = fixture.sample({ table: [hook] });
    expect(isGone).toBe(true);
    expectHonest(snapshot);
    const { holders, verdict } = byShortId(snapshot, 'posix:/mapped');
    expect(verdict.state).toBe('in-use');
    expect(holders.map(({ pid, comm, startTicks }) => [pid, comm, startTicks])).toEqual([
      [700, undefined, undefined],
      [701, undefined, undefined],
    ]);
  });

  test('maps that cannot be read (an I/O error) are a gap, and the segment shows the mapping as hidden', () => {
    using fixture = openFixture('linux-6.18');
    fixture.breakFile('701/maps');
    const snapshot = fixture.sample();
    expect(snapshot.visibility.gaps).toEqual([
      { source: 'maps', reason: 'io', count: 2, pids: expect.arrayContaining([1, 701]) },
    ]);
    expect(byShortId(snapshot, 'sysv:0')).toMatchObject({ hiddenMappings: 1, verdict: { state: 'in-use' } });
  });

  test('descriptors that cannot be read are a gap', () => {
    using fixture = openFixture('linux-6.18');
    fixture.remove('701/fd');
    fixture.write('701/fd', 'no directory');
    expect(fixture.sample().visibility.gaps).toContainEqual({ source: 'fd', reason: 'io', count: 1, pids: [701] });
  });

  test('maps that are cut or spoilt are a gap', () => {
    using fixture = openFixture('linux-6.18');
    fixture.edit('701/maps', (text) => `${text}7f9574f38000-7f9574f3b000 rw-s 000000`);
    expect(sourcesOf(fixture.sample())).toContain('maps malformed');
  });

  test('a process of which nothing can be read is not left out: it is one that was not looked into', () => {
    using fixture = openFixture('linux-6.18');
    for (const part of ['maps', 'stat', 'status', 'fd']) fixture.breakFile(`701/${part}`);
    fixture.remove('701/fd');
    const { visibility } = fixture.sample();
    expect(visibility.processes).toBe(3);
    expect(visibility.gaps.flatMap(({ pids = [] }) => pids)).toContain(701);
  });

  test.each([
    ['cannot be read', ''],
    ['is cut', '700 (objects) S 1'],
    ['is empty', ''],
  ])('a creator whose stat %s is not dead: it is there', (how, text) => {
    using fixture = openFixture('linux-6.18');
    if (how === 'cannot be read') fixture.breakFile('700/stat');
    else fixture.write('700/stat', text);
    const segment = byShortId(fixture.sample({ minAgeSec: 0 }), 'sysv:1');
    expect(segment.creator?.state).not.toBe('dead');
    expect(segment.verdict.state).not.toBe('abandoned');
  });

  test('a segment table that cannot be read is a gap, and attached segments are still known by their mappings', () => {
    using fixture = openFixture('linux-6.18');
    fixture.breakFile('sysvipc/shm');
    const snapshot = fixture.sample();
    expect(snapshot.gaps.map(({ source }) => source)).toContain('sysv');
    expect(snapshot.visibility.complete).toBe(false);
    const segments = kinds(snapshot).sysv ?? [];
    expect(segments.map((one) => [one.shmid, pidsOf(one), one.verdict.state])).toEqual([
      [0, [700, 701], 'in-use'],
      [2, [700, 701], 'in-use'],
    ]);
  });

  // Without native calls, and in a tree of another machine, nobody tells which devices the huge page mounts are.
  test('memfds and anonymous memory on a huge page mount that is not known are shown, or are a gap', () => {
    using fixture = openFixture('linux-6.1');
    const line = (start: string, name: string) =>
      `${start}00000-${start}fffff rw-s 00000000 00:0f 99${start[3]} ${name}\n`;
    fixture.edit(
      '700/maps',
      (text) => text + line('7fa1000', '/memfd:huge (deleted)') + line('7fa2000', '/anon_hugepage (deleted)'),
    );
    fixture.remove('1');
    const snapshot = fixture.sample();
    const { memfd = [], anonymous = [] } = kinds(snapshot);
    if (snapshot.visibility.complete) expect([memfd.map(pidsOf), anonymous.map(pidsOf)]).toEqual([[[700]], [[700]]]);
  });

  test('a segment table with a spoilt line is a gap of one line', () => {
    using fixture = openFixture('linux-6.18');
    fixture.edit('sysvipc/shm', (text) => text.replace(/^-173342718/m, 'spoilt'));
    const snapshot = fixture.sample();
    expect(snapshot.gaps).toContainEqual({ source: 'sysv', reason: 'malformed', count: 1 });
    expect((kinds(snapshot).sysv ?? []).map(({ shmid }) => shmid)).toEqual([0, 2]);
  });

  test('a boot time that cannot be read makes no pid a reused one', () => {
    using fixture = openFixture('linux-6.1');
    fixture.breakFile('stat');
    const segment = byShortId(fixture.sample(), 'sysv:3');
    expect([segment.creator?.state, segment.verdict.state]).toEqual(['alive', 'unheld']);
  });

  test('limits that cannot be read are absent', () => {
    using fixture = openFixture('linux-6.18');
    fixture.remove('sys');
    const { limits } = fixture.sample();
    expect(limits).toMatchObject({ segments: 3, shmRmidForced: undefined });
    expect([limits.shmmax, limits.shmall, limits.shmmni]).toEqual([undefined, undefined, undefined]);
  });

  test('an empty tree, or none, is a gap and an empty list, and no crash', () => {
    using fixture = openFixture('linux-6.18');
    rmSync(fixture.procRoot, { recursive: true });
    const { objects, gaps, visibility } = fixture.sample();
    expect(objects.filter(({ kind }) => kind !== 'posix')).toEqual([]);
    expect(gaps.map(({ source }) => source)).toEqual(expect.arrayContaining(['proc', 'sysv']));
    expect(visibility.complete).toBe(false);
  });

  test('a /dev/shm that is missing is no crash; one that is a file is a gap', () => {
    using fixture = openFixture('linux-6.18');
    rmSync(fixture.shmRoot, { recursive: true });
    expect(fixture.sample().limits.mounts).toEqual([]);
    fixture.write('../shm', 'a file');
    expect(sourcesOf(fixture.sample())).toContain('dev-shm io');
  });
});

const loaded = loadLibc();
const noLease = isLibc(loaded) ? undefined : loaded.reason;

describe.skipIf(noLease)(`a name that nobody holds${noLease ? ` (skipped: ${noLease})` : ''}`, () => {
  const rule = (leftover: SoftwareRow['leftover']): SoftwareRow => ({
    match: { on: 'posix', path: /^nobody's$/ },
    name: 'Objects',
    role: 'buffer',
    outlives: false,
    leftover,
    source: 'this test',
    mark: 'V',
  });
  const GONE = rule({ when: 'no-process', comm: /^no-such-program$/, of: 'any' });
  const stateWith = (fixture: { sample: (options: object) => Snapshot }, row: SoftwareRow) =>
    stateOf(fixture.sample({ ...LATER, table: [row] }), "posix:/nobody's");

  test('is abandoned where its software leaves it behind and no process of that runs', () => {
    using fixture = openFixture('linux-6.18');
    fixture.remove('1');
    expect(stateWith(fixture, GONE)).toBe('abandoned');
    expect(stateWith(fixture, rule({ when: 'no-process', comm: /^objects$/, of: 'any' }))).toBe('unheld');
    expect(stateWith(fixture, rule({ when: 'unknown' }))).toBe('orphaned');
  });

  test('is not abandoned where no process could be seen at all, since /proc cannot be read', () => {
    using fixture = openFixture('linux-6.18');
    rmSync(fixture.procRoot, { recursive: true });
    expect(stateWith(fixture, GONE)).not.toBe('abandoned');
    expect(stateWith(fixture, rule({ when: 'unheld' }))).not.toBe('abandoned');
  });

  test('is not abandoned where the one process of its software cannot be asked for its name', () => {
    using fixture = openFixture('linux-6.18');
    for (const part of ['stat', 'status', 'cmdline']) for (const pid of [700, 701]) fixture.breakFile(`${pid}/${part}`);
    expect(stateWith(fixture, rule({ when: 'no-process', comm: /^objects$/, of: 'any' }))).not.toBe('abandoned');
  });

  test('is not young for ever: its newest time counts', () => {
    using fixture = openFixture('linux-6.18');
    fixture.remove('1');
    const now = { nowMs: Date.now, table: [GONE] };
    expect(codesOf(byShortId(fixture.sample(now), "posix:/nobody's"))).toContain('too-young');
  });
});
