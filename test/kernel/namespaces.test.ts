// IPC, mount and pid namespaces: the same numbers, names and pids mean other things elsewhere.
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
import {
  expectMappingsAddUp,
  expectVerdict,
  fileIn,
  holderPids,
  type Ls,
  namedIn,
  segmentIn,
} from '../support/lab-json.ts';

const missing = labMissing();
const container = containerReason();
const AT_ONCE = ['--min-age', '0'];
const IN_NEW_PIDS = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
const NO_PID = 4999999; // above the kernel's highest pid_max

describe.skipIf(missing)(labTitle('IPC namespaces', missing), () => {
  let lab: Lab;
  let now: Ls;
  let here: MadeSegment;
  let there: MadeSegment;
  let left: MadeSegment;
  let orphanThere: MadeSegment;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    here = await lab.sysv('attached');
    there = await lab.sysv('other-namespace');
    left = await lab.sysv('left-namespace');
    orphanThere = await lab.sysv('orphan', [], { through: ['unshare', '--ipc'] });
    now = await lab.ls(AT_ONCE);
  });
  afterAll(() => lab?.close());

  test('the same shmid in two IPC namespaces is two segments, each with its own holder', () => {
    expect([here.shmid, there.shmid]).toEqual([0, 0]);
    expect(there.ipcNamespace).not.toBe(here.ipcNamespace);
    for (const made of [here, there]) {
      const segment = segmentIn(now, made);
      expect(segment).toMatchObject({ id: `sysv:${made.ipcNamespace}:0`, nattch: 1 });
      expect(holderPids(segment)).toEqual([made.pid]);
      expectMappingsAddUp(segment);
      expectVerdict(segment, 'in-use', 'held', 'attached');
    }
    expect(now.host.ipcNamespace).toBe(here.ipcNamespace);
  });

  test('show finds the segment of the other namespace by its short id, and ours without one', async () => {
    const show = async (id: string) => JSON.parse((await lab.shmtop(['show', id, '--json'])).stdout).id;
    expect(await show(`sysv:0@${there.ipcNamespace}`)).toBe(`sysv:${there.ipcNamespace}:0`);
    expect(await show('sysv:0')).toBe(`sysv:${here.ipcNamespace}:0`);
  });

  test('an attach made before its process changed namespace belongs to the segment here, and to none there', () => {
    expect(left.ipcNamespace).not.toBe(lab.ipcNamespace);
    const segment = segmentIn(now, { shmid: left.shmid, ipcNamespace: lab.ipcNamespace });
    expect(segment.nattch).toBe(1);
    expectMappingsAddUp(segment);
    expectVerdict(segment, 'in-use', 'attached');
    expect(now.objects.filter((object) => object.ipcNamespace === left.ipcNamespace)).toEqual([]);
  });

  test('a leftover in another IPC namespace is found, with its dead creator', () => {
    const segment = segmentIn(now, orphanThere);
    expect(segment).toMatchObject({ nattch: 0, holders: [], creator: { state: 'dead' } });
    expectVerdict(segment, 'orphaned', 'nobody-attached', 'creator-dead');
  });

  test('an ordinary user, who may not look into the other namespaces, still gets the segments of its own', async () => {
    const ls = await lab.ls(AT_ONCE, { uid: NOBODY });
    expectVerdict(segmentIn(ls, here), 'in-use', 'attached');
    expect(ls.visibility.complete).toBe(false);
    // Which namespaces those are may not be asked: that is told, with the processes.
    const refused = ls.gaps.filter(({ source, reason }) => source === 'ns' && reason === 'permission');
    expect(refused.flatMap(({ pids = [] }) => pids)).toContain(there.pid);
  });
});

describe.skipIf(missing)(labTitle('mount namespaces', missing), () => {
  let lab: Lab;
  let now: Ls;
  let made: MadeFile & { oursInode: number };
  let beside: MadeFile;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    beside = await lab.shm('shared', 'shmtop-lab-beside');
    made = await lab.make(['other-mount', '--name', 'shmtop-lab-twice']);
    now = await lab.ls(AT_ONCE);
  });
  afterAll(() => lab?.close());

  test('one name on two tmpfs is two objects; the process that maps both holds both', () => {
    expect(made.device).not.toBe(beside.device);
    const ours = fileIn(now, 'posix', { device: beside.device, inode: made.oursInode });
    const theirs = fileIn(now, 'posix', made);
    expect(ours.path).toBe('/dev/shm/shmtop-lab-twice');
    for (const object of [ours, theirs]) {
      expect(object.name).toBe('/shmtop-lab-twice');
      expect(object.holders).toMatchObject([{ pid: made.pid, mappings: [{ perms: 'rw-s' }] }]);
      expect(object.holders[0]?.mappings).toHaveLength(1);
      expectVerdict(object, 'in-use', 'held');
    }
  });

  test('an object on a tmpfs that our mount namespace does not show has no path here', () => {
    expect(fileIn(now, 'posix', made).path).toBeUndefined();
  });

  test('the number of an inode on one tmpfs says nothing about the other', () => {
    expect(holderPids(fileIn(now, 'posix', beside))).toEqual([beside.pid]);
  });
});

describe.skipIf(missing)(labTitle('a reader in a pid namespace of its own', missing), () => {
  let lab: Lab;
  let now: Ls;
  let attached: MadeSegment;
  let detached: MadeSegment;
  let orphan: MadeSegment;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    attached = await lab.sysv('attached');
    detached = await lab.sysv('detached');
    orphan = await lab.sysv('orphan');
    await lab.shm('shared', 'shmtop-lab-held-outside');
    await lab.shm('shared', `stress-ng-${NO_PID}-held-1`);
    await lab.shm('left', `stress-ng-${detached.pid}-left-1`);
    now = await lab.ls(AT_ONCE, { through: IN_NEW_PIDS });
  });
  afterAll(() => lab?.close());

  test('a creator that reads as pid 0 is invisible, not dead: living or gone, the segment is unheld', () => {
    for (const made of [detached, orphan]) {
      const segment = segmentIn(now, made);
      expect(segment.creator).toEqual({ state: 'invisible' });
      expectVerdict(segment, 'unheld', 'nobody-attached', 'creator-invisible');
    }
  });

  test('an attach by a process outside is counted as hidden, and the segment is in use', () => {
    const segment = segmentIn(now, attached);
    expect(segment).toMatchObject({ nattch: 1, holders: [], hiddenMappings: 1 });
    expectVerdict(segment, 'in-use', 'attached', 'hidden-mappings');
  });

  test('an object in /dev/shm that only a process outside maps is in use by the word of the kernel', () => {
    for (const name of ['shmtop-lab-held-outside', `stress-ng-${NO_PID}-held-1`]) {
      expect(namedIn(now, name).holders).toEqual([]);
      expectVerdict(namedIn(now, name), 'in-use', 'lease-busy');
    }
  });

  test('a pid in a name that lives outside this pid namespace is not proven dead: never abandoned', () => {
    expect(namedIn(now, `stress-ng-${detached.pid}-left-1`).verdict.state).not.toBe('abandoned');
  });
});

describe.skipIf(missing)(labTitle('makers in an inner pid namespace', missing), () => {
  let lab: Lab;
  let now: Ls;
  let attached: MadeSegment;
  let detached: MadeSegment;
  let orphan: MadeSegment;
  let outerPids: Map<number, number>; // shmid -> cpid as translated for us

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    const inner = { through: IN_NEW_PIDS };
    attached = await lab.sysv('attached', [], inner);
    detached = await lab.sysv('detached', [], inner);
    orphan = await lab.sysv('orphan', [], inner);
    // Name and maker agree on a pid, but only in there.
    await lab.make(['shm', '--how', 'left', '--name', `stress-ng-${detached.pid}-inner-1`], inner);
    const { stdout } = await lab.run(['cat', '/proc/sysvipc/shm']);
    const rows = stdout.trim().split('\n').slice(1);
    outerPids = new Map(
      rows.map((row) => row.trim().split(/\s+/).map(Number)).map((row) => [row[1] ?? -1, row[4] ?? -1]),
    );
    now = await lab.ls(AT_ONCE);
  });
  afterAll(() => lab?.close());

  test('creator and holder are given by the pids that count here', () => {
    const pid = outerPids.get(attached.shmid);
    expect(pid).not.toBe(attached.pid);
    expect(segmentIn(now, attached)).toMatchObject({ creator: { pid, state: 'alive' }, holders: [{ pid }] });
    expectVerdict(segmentIn(now, attached), 'in-use', 'held');
    expect(segmentIn(now, detached)).toMatchObject({ creator: { pid: outerPids.get(detached.shmid), state: 'alive' } });
    expectVerdict(segmentIn(now, detached), 'unheld', 'creator-alive');
  });

  test('a creator that died in there is proven dead here', () => {
    expect(segmentIn(now, orphan).creator).toMatchObject({ state: 'dead' });
    expectVerdict(segmentIn(now, orphan), 'orphaned', 'creator-dead');
  });

  test('a pid in a name that lives in an inner pid namespace is not proven dead: never abandoned', () => {
    expect(namedIn(now, `stress-ng-${detached.pid}-inner-1`).verdict.state).not.toBe('abandoned');
  });
});

describe.skipIf(missing)(labTitle('/proc that hides the processes of others', missing), () => {
  const HIDDEN = ['unshare', '--mount', 'sh', '-c', 'mount -t proc -o hidepid=invisible lab /proc && exec "$@"', 'sh'];
  let lab: Lab;
  let now: Ls;
  let detached: MadeSegment;
  let attached: MadeSegment;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    detached = await lab.sysv('detached');
    attached = await lab.sysv('attached');
    await lab.shm('left', `stress-ng-${detached.pid}-hidden-1`, [], { uid: NOBODY });
    now = await lab.ls(AT_ONCE, { uid: NOBODY, through: HIDDEN });
  });
  afterAll(() => lab?.close());

  test('a living creator that /proc does not show is invisible, not dead: the segment is unheld', () => {
    const segment = segmentIn(now, detached);
    expect(segment.creator).toMatchObject({ pid: detached.pid, state: 'invisible' });
    expectVerdict(segment, 'unheld', 'creator-hidden');
  });

  test('a living process named by an object is not dead because /proc hides it', () => {
    expectVerdict(namedIn(now, `stress-ng-${detached.pid}-hidden-1`), 'unheld', 'name-pid-alive');
  });

  test('what is attached by a hidden process is in use, and the view says that it is not complete', () => {
    expect(segmentIn(now, attached)).toMatchObject({ nattch: 1, hiddenMappings: 1, holders: [] });
    expectVerdict(segmentIn(now, attached), 'in-use', 'attached', 'hidden-mappings');
    expect(now.visibility.complete).toBe(false);
  });
});

describe.skipIf(missing)(labTitle('among all the processes of the machine', missing), () => {
  let lab: Lab;
  let now: Ls;
  let orphan: MadeSegment;
  let attached: MadeSegment;
  let refused: number[];

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    orphan = await lab.sysv('orphan');
    attached = await lab.sysv('attached');
    await lab.shm('in-flight', `stress-ng-${NO_PID}-flight-1`);
    await lab.shm('left', `mono.${NO_PID}`);
    const list = 'cd /proc; for p in [0-9]*; do cat $p/maps > /dev/null 2>&1 || { [ -d $p ] && echo $p; }; done; true';
    refused = (await lab.run(['sh', '-c', list])).stdout.split('\n').filter(Boolean).map(Number);
    now = await lab.ls(AT_ONCE);
  });
  afterAll(() => lab?.close());

  test('a process that even root may not look into is a gap that names it', () => {
    const pids = now.visibility.gaps.filter((gap) => gap.source === 'maps').flatMap((gap) => gap.pids ?? []);
    expect(pids.filter((pid) => refused.includes(pid)).sort()).toEqual(
      refused.filter((pid) => pids.includes(pid)).sort(),
    );
    if (refused.includes(1)) {
      expect(pids).toContain(1);
      expect(now.visibility.complete).toBe(false);
    }
    expect(now.visibility.processes).toBeGreaterThanOrEqual(now.visibility.inspected);
  });

  test('gaps do not make the kernel less sure: attached is in use, what nobody is left of is orphaned', () => {
    expect(holderPids(segmentIn(now, attached))).toEqual([attached.pid]);
    expectVerdict(segmentIn(now, attached), 'in-use', 'held', 'attached');
    expectVerdict(segmentIn(now, orphan), 'orphaned', 'nobody-attached', 'creator-dead');
    expectVerdict(namedIn(now, `stress-ng-${NO_PID}-flight-1`), 'in-use', 'lease-busy');
  });

  test.skipIf(container)(labTitle('a leftover in /dev/shm is abandoned, whatever the gaps', container), () => {
    expectVerdict(namedIn(now, `mono.${NO_PID}`), 'abandoned', 'lease-free', 'name-pid-dead');
  });
});
