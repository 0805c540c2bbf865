// The same machine seen by a user without privileges: everything that it can know, and nothing that it cannot.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  containerReason,
  type Lab,
  labMissing,
  labTitle,
  type MadeFile,
  type MadeSegment,
  openLab,
} from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { expectMappingsAddUp, expectVerdict, fileIn, type Ls, namedIn, segmentIn } from '../support/lab-json.ts';

const missing = labMissing();
const container = containerReason();
const NO_PID = 4999999; // above the kernel's highest pid_max
const own = { uid: NOBODY };

describe.skipIf(missing)(labTitle('an ordinary user', missing), () => {
  let lab: Lab;
  let now: Ls;
  let root: Ls;
  let made: Awaited<ReturnType<typeof makeAll>>;

  async function makeAll() {
    const theirs = await Promise.all([
      lab.sysv('attached', ['--mode', '0']),
      lab.sysv('orphan'),
      lab.sysv('zombie'),
      lab.sysv('detached'),
      lab.shm('shared', 'shmtop-lab-theirs'),
      lab.shm('left', `stress-ng-${NO_PID}-theirs-1`),
      lab.make<MadeFile>(['memfd', '--how', 'shared', '--name', 'shmtop-lab-theirs']),
    ]);
    const [attached, orphan, zombie, detached, , , memfd] = theirs;
    await lab.make(['entry', '--how', 'directory', '--name', 'shmtop-lab-closed']);
    await lab.shm('shared', 'shmtop-lab-closed/inner');
    const [ownSegment, mapped, opened] = await Promise.all([
      lab.sysv('split', [], own),
      lab.shm('shared', 'shmtop-lab-own-mapped', [], own),
      lab.shm('fd', 'shmtop-lab-own-opened', [], own),
      lab.shm('in-flight', `stress-ng-${NO_PID}-ownflight-1`, [], own),
      lab.shm('left', `mono.${NO_PID}`, [], own),
      lab.shm('left', 'shmtop-lab-own-left', [], own),
      lab.make(['undumpable', '--uid', String(NOBODY), '--name', `stress-ng-${NO_PID}-undumpable-1`]),
    ]);
    return { attached, orphan, zombie, detached, memfd, ownSegment, mapped, opened };
  }

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    made = await makeAll();
    now = await lab.ls(['--min-age', '0'], own);
    root = await lab.ls(['--min-age', '0']);
  });
  afterAll(() => lab?.close());

  test('sees every segment of the namespace, also those that it may not read', () => {
    const segments = (ls: Ls) =>
      ls.objects.filter((object) => object.ipcNamespace === lab.ipcNamespace).map((object) => object.id);
    expect(segments(now)).toEqual(segments(root));
    expect(segments(now)).toHaveLength(5);
    expect(segmentIn(now, made.attached).perms).toBe('000');
  });

  test('an attach by a process of another user is counted as hidden, and the segment is in use', () => {
    const segment = segmentIn(now, made.attached);
    expect(segment).toMatchObject({ nattch: 1, holders: [], hiddenMappings: 1 });
    expectVerdict(segment, 'in-use', 'attached', 'hidden-mappings');
  });

  test('its own attaches are seen with their addresses', () => {
    const segment = segmentIn(now, made.ownSegment);
    expect(segment.holders).toMatchObject([{ pid: made.ownSegment.pid, uid: NOBODY }]);
    expect(segment.hiddenMappings ?? 0).toBe(0);
    expectMappingsAddUp(segment);
  });

  test('needs no privileges to know that the creator of a segment is dead, a zombie or alive', () => {
    expectVerdict(segmentIn(now, made.orphan), 'orphaned', 'nobody-attached', 'creator-dead');
    expectVerdict(segmentIn(now, made.zombie), 'orphaned', 'nobody-attached', 'creator-zombie');
    expectVerdict(segmentIn(now, made.detached), 'unheld', 'nobody-attached', 'creator-alive');
  });

  test('sees every name in /dev/shm that it may list, and one gap for the folder that it may not', () => {
    const names = (ls: Ls) => ls.objects.filter((object) => object.path !== undefined).map((object) => object.name);
    expect(names(now)).toEqual(names(root).filter((name) => name !== '/shmtop-lab-closed/inner'));
    const gaps = [...now.gaps, ...now.visibility.gaps].filter(({ source }) => source === 'dev-shm');
    expect(gaps).toContainEqual(expect.objectContaining({ reason: 'permission', count: 1 }));
  });

  test('objects of other users are unknown: neither process tables nor the kernel tell who holds them', () => {
    for (const name of ['shmtop-lab-theirs', `stress-ng-${NO_PID}-theirs-1`]) {
      expect(namedIn(now, name).holders).toEqual([]);
      expectVerdict(namedIn(now, name), 'unknown', 'lease-denied', 'not-inspected');
    }
  });

  test('a folder of another user that it may not list is not called empty or free', () => {
    expect(['unknown', 'unheld']).toContain(namedIn(now, 'shmtop-lab-closed').verdict.state);
  });

  test('its own objects are seen with their holders', () => {
    expect(namedIn(now, 'shmtop-lab-own-mapped').holders).toMatchObject([
      { pid: made.mapped.pid, mappings: [{ ...made.mapped.range, perms: 'rw-s' }], fds: [] },
    ]);
    expect(namedIn(now, 'shmtop-lab-own-opened').holders).toMatchObject([
      { pid: made.opened.pid, mappings: [], fds: [made.opened.fd] },
    ]);
  });

  test.skipIf(container)(
    labTitle('its own leftover is abandoned by the word of the kernel, though others cannot be inspected', container),
    () => expectVerdict(namedIn(now, `mono.${NO_PID}`), 'abandoned', 'lease-free', 'name-pid-dead'),
  );

  test('for its own object with a name that says nothing the kernel answers too: nobody holds it', () => {
    expectVerdict(namedIn(now, 'shmtop-lab-own-left'), 'orphaned', 'lease-free', 'maker-unknown');
  });

  test('its own object in flight, or held by a process of its own that it may not inspect, is in use', () => {
    for (const name of ['ownflight', 'undumpable'].map((end) => `stress-ng-${NO_PID}-${end}-1`)) {
      expect(namedIn(now, name).holders).toEqual([]);
      expectVerdict(namedIn(now, name), 'in-use', 'lease-busy');
    }
  });

  test('does not see a memfd of another user, and says which processes it could not look into', () => {
    expect(fileIn(root, 'memfd', made.memfd).holders).toHaveLength(1);
    const { inode } = made.memfd;
    expect(now.objects.filter((object) => object.kind === 'memfd' && object.inode === inode)).toEqual([]);
    expect(now.visibility.complete).toBe(false);
    expect(now.visibility.inspected).toBeLessThan(now.visibility.processes);
    const gap = now.visibility.gaps.find(({ source, reason }) => source === 'maps' && reason === 'permission');
    expect(gap?.pids).toEqual(expect.arrayContaining([1, made.memfd.pid, made.attached.pid]));
    expect(gap?.pids).not.toContain(made.mapped.pid);
    expect(gap?.count, 'each process counts once').toBe(new Set(gap?.pids).size);
    expect(now.visibility.processes - now.visibility.inspected).toBeGreaterThanOrEqual(gap?.count ?? 1);
    expect(now.host.user).toBe('nobody');
  });

  test('the table ends with lines on what could not be seen', async () => {
    const { stdout, code } = await lab.shmtop(['ls'], own);
    expect(code).toBe(0);
    const end = stdout.trimEnd().split('\n').slice(-4).join('\n');
    expect(end).toMatch(/\d+ of \d+ processes/);
    expect(end).toContain('/dev/shm/shmtop-lab-closed');
  });
});

describe.skipIf(missing)(labTitle('an ordinary user alone with its own segments', missing), () => {
  let lab: Lab;
  let segment: MadeSegment;
  beforeAll(async () => {
    lab = await openLab('own-pids');
    segment = await lab.sysv('attached', [], own);
  });
  afterAll(() => lab?.close());

  test('names the segment, its owner and its holder', async () => {
    const found = segmentIn(await lab.ls([], own), segment);
    expect(found).toMatchObject({ uid: NOBODY, user: 'nobody', cuid: NOBODY, nattch: 1 });
    expect(found.holders).toMatchObject([{ pid: segment.pid, user: 'nobody' }]);
  });

  test('root sees the same whole: complete, without gaps', async () => {
    const root = await lab.ls();
    expect(root.visibility).toMatchObject({ complete: true, gaps: [] });
    expect(root.visibility.inspected).toBe(root.visibility.processes);
    expect(root.gaps).toEqual([]);
  });
});
