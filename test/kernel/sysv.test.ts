// System V segments made for real in a private IPC namespace, against /proc/sysvipc/shm and what the lab says it made.
import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, type Made, type MadeSegment, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import {
  evidenceCodes,
  expectMappingsAddUp,
  expectVerdict,
  holderPids,
  type Ls,
  mappingsOf,
  namedIn,
  segmentIn,
} from '../support/lab-json.ts';

interface LeaderGone extends Made {
  readonly holder: number;
  readonly attached: number;
  readonly detached: number;
  readonly fd: number;
}

const missing = labMissing();
const bootSec = Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
/** False where the device nodes, which the kernel makes at boot, do not carry the time of boot: the clock was set since. */
const clockIsSteady = Math.abs(statSync('/dev/null').birthtimeMs / 1000 - bootSec) < 2;

describe.skipIf(missing)(labTitle('System V segments', missing), () => {
  let lab: Lab;
  let made: Awaited<ReturnType<typeof makeAll>>;
  let now: Ls; // --min-age 0
  let patient: Ls; // default grace time
  let table: string[][]; // /proc/sysvipc/shm, read before and after, without its heading

  async function makeAll() {
    const first = await lab.sysv('attached'); // the first of a fresh namespace: shmid 0
    const named = ['split', 'forked', 'orphan', 'never-attached', 'zombie', 'reused', 'reused-at-once'] as const;
    const others = ['detached', 'last-user', 'dest', 'locked'] as const;
    const wordsFor = (how: string) => (how === 'dest' ? ['--key', '0x534d7001'] : []);
    const cases = await Promise.all(
      [...named, ...others].map(async (how) => [how, await lab.sysv(how, wordsFor(how))] as const),
    );
    const [negative, shut, given, leaderGone] = await Promise.all([
      lab.sysv('attached', ['--key', '0xdeadbeef']),
      lab.sysv('attached', ['--mode', '0']),
      lab.sysv('given', ['--uid', String(NOBODY)]),
      lab.make<LeaderGone>(['leader-gone']),
    ]);
    const segments = new Map<string, MadeSegment>(cases);
    const get = (how: (typeof named)[number] | (typeof others)[number]) => {
      const segment = segments.get(how);
      if (!segment) throw new Error(`no case ${how}`);
      return segment;
    };
    return { first, get, negative, shut, given, leaderGone };
  }

  async function readTable(): Promise<string[][]> {
    const { stdout } = await lab.run(['cat', '/proc/sysvipc/shm']);
    return stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/));
  }

  beforeAll(async () => {
    lab = await openLab('own-pids');
    made = await makeAll();
    table = await readTable();
    now = await lab.ls(['--min-age', '0']);
    patient = await lab.ls();
    expect(await readTable(), 'observing must change nothing, not even atime or lpid').toEqual(table);
  });
  afterAll(() => lab?.close());

  test('every row of the kernel table is one object with the same numbers', () => {
    const seconds = (time: string | undefined) => (time === undefined ? 0 : Date.parse(time) / 1000);
    const rows = now.objects
      .filter((object) => object.kind === 'sysv')
      .map((object) => [
        Number(object.key) | 0, // the table writes keys as signed numbers
        object.shmid,
        Number.parseInt(object.perms ?? '', 8),
        object.sizeBytes,
        object.creator?.pid ?? 0,
        object.lastUser?.pid ?? 0,
        object.nattch,
        ...[object.uid, object.gid, object.cuid, object.cgid],
        ...[object.atime, object.dtime, object.ctime].map(seconds),
        ...[object.rssBytes ?? 0, object.swapBytes ?? 0],
      ]);
    const kernel = table.map((row) =>
      row.map((word, column) => (column === 2 ? Number.parseInt(word, 8) & 0o777 : Number(word))),
    );
    const byShmid = (a: unknown[], b: unknown[]) => Number(a[1]) - Number(b[1]);
    expect(rows.sort(byShmid)).toEqual(kernel.sort(byShmid));
    expect(now.limits.segments).toBe(kernel.length);
  });

  test('the segment with shmid 0 is found with its holder and the exact addresses', () => {
    const segment = segmentIn(now, made.first);
    expect(segment).toMatchObject({
      id: `sysv:${lab.ipcNamespace}:0`,
      shmid: 0,
      nattch: 1,
      ipcNamespace: lab.ipcNamespace,
    });
    expect(segment.holders).toMatchObject([
      {
        pid: made.first.pid,
        comm: 'lab',
        uid: 0,
        user: 'root',
        fds: [],
        mappings: [{ ...made.first.range, perms: 'rw-s' }],
      },
    ]);
    expect(segment.hiddenMappings ?? 0).toBe(0);
    expect(segment.creator).toMatchObject({ pid: made.first.pid, state: 'alive', comm: 'lab' });
    expectVerdict(segment, 'in-use', 'held', 'attached');
  });

  test('one process that attached twice and split one attach by mprotect is one holder of four mappings', () => {
    const segment = segmentIn(now, made.get('split'));
    expect(segment.nattch).toBe(4);
    expect(holderPids(segment)).toEqual([made.get('split').pid]);
    expect(
      mappingsOf(segment)
        .map((mapping) => mapping.perms)
        .sort(),
    ).toEqual(['r--s', 'rw-s', 'rw-s', 'rw-s']);
    expectMappingsAddUp(segment);
  });

  test('an attach inherited by fork makes both processes holders', () => {
    const segment = segmentIn(now, made.get('forked'));
    const { pid, child = 0 } = made.get('forked');
    expect(segment.nattch).toBe(2);
    expect(holderPids(segment)).toEqual([pid, child].sort((a, b) => a - b));
    expectMappingsAddUp(segment);
  });

  test('a segment whose creator is dead and reaped, and that nobody is attached to, is orphaned: that its makers are gone proves nothing', () => {
    const segment = segmentIn(now, made.get('orphan'));
    expect(segment.holders).toEqual([]);
    expect(segment.creator).toMatchObject({ pid: made.get('orphan').cpid, state: 'dead' });
    expect(segment.lastUser).toMatchObject({ state: 'dead' });
    expectVerdict(segment, 'orphaned', 'nobody-attached', 'creator-dead');
  });

  test('a segment that was never attached has no last user, which is not the same as an invisible one', () => {
    const segment = segmentIn(now, made.get('never-attached'));
    expect(segment.lastUser).toBeUndefined();
    expect(segment.atime).toBeUndefined();
    expectVerdict(segment, 'orphaned', 'nobody-attached', 'creator-dead', 'never-attached');
  });

  test('a zombie creator will not come back: the segment is orphaned', () => {
    const segment = segmentIn(now, made.get('zombie'));
    expect(segment.creator).toMatchObject({ pid: made.get('zombie').cpid, state: 'zombie' });
    expectVerdict(segment, 'orphaned', 'nobody-attached', 'creator-zombie');
  });

  const needsClock = clockIsSteady ? '' : ' [skipped: the clock of this machine was set since it was started]';
  test.skipIf(!clockIsSteady)(`a creator whose pid belongs to a later process is gone: orphaned${needsClock}`, () => {
    const segment = segmentIn(now, made.get('reused'));
    expect(segment.creator).toMatchObject({ pid: made.get('reused').cpid, state: 'reused' });
    expectVerdict(segment, 'orphaned', 'nobody-attached', 'creator-reused');
  });

  test.skipIf(clockIsSteady)('where the clock was set since boot, a reused pid is not proven: unheld', () => {
    const segment = segmentIn(now, made.get('reused'));
    expect(segment.creator).toMatchObject({ state: 'alive' });
    expectVerdict(segment, 'unheld', 'creator-alive');
  });

  test('a process that began within the second of ctime may be the creator: the segment is not called abandoned', () => {
    const segment = segmentIn(now, made.get('reused-at-once'));
    expect(segment.creator).toMatchObject({ pid: made.get('reused-at-once').cpid, state: 'alive' });
    expectVerdict(segment, 'unheld', 'creator-alive');
  });

  test('a living creator that has detached may come back: the segment is unheld', () => {
    const segment = segmentIn(now, made.get('detached'));
    expect(segment.creator).toMatchObject({ pid: made.get('detached').pid, state: 'alive' });
    expectVerdict(segment, 'unheld', 'nobody-attached', 'creator-alive');
  });

  test('a living last user may come back though the creator is dead: the segment is unheld', () => {
    const segment = segmentIn(now, made.get('last-user'));
    expect(segment.creator).toMatchObject({ state: 'dead' });
    expect(segment.lastUser).toMatchObject({ pid: made.get('last-user').pid, state: 'alive' });
    expectVerdict(segment, 'unheld', 'nobody-attached', 'last-user-alive');
  });

  test('a process whose main thread has ended still holds what it attached', () => {
    const { attached, holder } = made.leaderGone;
    const segment = segmentIn(now, { shmid: attached, ipcNamespace: lab.ipcNamespace });
    expect(holderPids(segment)).toEqual([holder]);
    expect(segment.hiddenMappings ?? 0).toBe(0);
    expectVerdict(segment, 'in-use', 'held', 'attached');
    const mapped = namedIn(now, 'shmtop-lab-leader-mapped');
    const opened = namedIn(now, 'shmtop-lab-leader-opened');
    expect(mapped.holders).toMatchObject([{ pid: holder, mappings: [{ perms: 'rw-s' }], fds: [] }]);
    expect(opened.holders).toMatchObject([{ pid: holder, mappings: [], fds: [made.leaderGone.fd] }]);
    expectVerdict(mapped, 'in-use', 'held');
    expectVerdict(opened, 'in-use', 'held');
  });

  test('a creator whose main thread has ended is alive, not a zombie: its detached segment is unheld', () => {
    const { detached, holder } = made.leaderGone;
    const segment = segmentIn(now, { shmid: detached, ipcNamespace: lab.ipcNamespace });
    expect(segment.creator).toMatchObject({ pid: holder, state: 'alive' });
    expectVerdict(segment, 'unheld', 'creator-alive');
  });

  test('a segment marked for destruction has status dest and is in use until its last detach', () => {
    const segment = segmentIn(now, made.get('dest'));
    expect(segment.status).toEqual(['dest']);
    expect(segment.key).toBe('0x00000000');
    expect(holderPids(segment)).toEqual([made.get('dest').pid]);
    expectVerdict(segment, 'in-use', 'held', 'attached');
    // Its mapping still says the key that it was made with.
    expect(segment.software?.name).toBe('shmtop load');
  });

  test('a locked segment has status locked', () => {
    expect(segmentIn(now, made.get('locked')).status).toEqual(['locked']);
  });

  test('a key above 2^31 is shown as hexadecimal digits, not as a negative number', () => {
    expect(segmentIn(now, made.negative)).toMatchObject({ key: '0xdeadbeef', name: '0xdeadbeef' });
  });

  test('permissions and both owners are told apart', () => {
    expect(segmentIn(now, made.shut).perms).toBe('000');
    expect(segmentIn(now, made.given)).toMatchObject({ uid: NOBODY, cuid: 0, gid: NOBODY, cgid: 0 });
  });

  test('by default a segment used within the last minute is too young to be called abandoned', () => {
    for (const how of ['orphan', 'never-attached', 'zombie'] as const) {
      expectVerdict(segmentIn(patient, made.get(how)), 'unheld', 'too-young');
    }
    expect(patient.objects.filter((object) => object.verdict.state === 'abandoned')).toEqual([]);
  });

  test('only what nobody is left of is orphaned, nothing is abandoned, and everything attached is in use', () => {
    const inState = (state: string) =>
      now.objects.filter((object) => object.verdict.state === state).map((object) => object.shmid);
    const gone = ['orphan', 'never-attached', 'zombie'] as const;
    const left = [...gone, ...(clockIsSteady ? (['reused'] as const) : [])].map((how) => made.get(how).shmid);
    expect(inState('orphaned').toSorted()).toEqual(left.toSorted());
    expect(inState('abandoned')).toEqual([]);
    for (const object of now.objects.filter((object) => (object.nattch ?? 0) > 0)) {
      expectVerdict(object, 'in-use', 'attached');
      expectMappingsAddUp(object);
    }
  });

  test('a segment outgrows the grace time', async () => {
    // The reused case waited four seconds after the others were made.
    const ls = await lab.ls(['--min-age', '2s']);
    expectVerdict(segmentIn(ls, made.get('orphan')), 'orphaned', 'creator-dead');
  });

  test('when the holder and creator is killed, the segment becomes an orphan', async () => {
    const segment = await lab.sysv('attached', ['--key', '0x5ab00001']);
    expectVerdict(segmentIn(await lab.ls(['--min-age', '0']), segment), 'in-use', 'attached');
    await lab.kill(segment.pid);
    const after = await lab.ls(['--min-age', '0']);
    expectVerdict(segmentIn(after, segment), 'orphaned', 'nobody-attached', 'creator-dead');
  });

  test('show finds a segment by short id, by key and by full id, and tells the same as ls', async () => {
    const segment = segmentIn(now, made.negative);
    for (const id of [`sysv:${segment.shmid}`, '0xdeadbeef', segment.id]) {
      const { stdout, stderr, code } = await lab.shmtop(['show', id, '--json']);
      expect({ code, stderr }, id).toEqual({ code: 0, stderr: '' });
      const shown = JSON.parse(stdout);
      expect(shown).toMatchObject({ id: segment.id, key: '0xdeadbeef', nattch: 1 });
      expect(evidenceCodes(shown)).toEqual(evidenceCodes(segment));
    }
  });

  test('show of a segment that does not exist fails with exit code 1 and names it', async () => {
    const { stderr, code } = await lab.shmtop(['show', 'sysv:31000', '--json']);
    expect(code).toBe(1);
    expect(stderr).toContain('sysv:31000');
  });
});
