// The machine changing while it is read, and the program without its native calls: less is known, nothing untrue is said.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, type MadeSegment, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { expectVerdict, type Ls, namedIn, segmentIn } from '../support/lab-json.ts';

const missing = labMissing();
const AT_ONCE = ['--min-age', '0'];
const NO_PID = 4999999; // above the kernel's highest pid_max

describe.skipIf(missing)(labTitle('processes that come and go while the machine is read', missing), () => {
  const SNAPSHOTS = 12;
  let lab: Lab;
  let churned: MadeSegment;
  const snapshots: Ls[] = [];

  beforeAll(async () => {
    lab = await openLab('own-pids');
    churned = await lab.make(['churn']);
    for (let i = 0; i < SNAPSHOTS; i++) snapshots.push(await lab.ls(AT_ONCE));
  });
  afterAll(() => lab?.close());

  test('a segment of a living creator is never abandoned or unknown, whoever attaches and detaches', () => {
    const states = snapshots.map((ls) => segmentIn(ls, churned).verdict.state);
    expect(states.filter((state) => state !== 'in-use' && state !== 'unheld')).toEqual([]);
  });

  test('what the verdict says and what the row shows come from one moment', () => {
    const contradictions = snapshots
      .map((ls) => segmentIn(ls, churned))
      .filter(({ verdict, holders }) => verdict.state !== 'in-use' && holders.length > 0);
    expect(contradictions).toEqual([]);
  });

  test('an object that exists only while its maker does is never abandoned', () => {
    const brief = snapshots.flatMap((ls) => ls.objects.filter((object) => object.path !== undefined));
    expect(brief.map((object) => object.verdict.state)).not.toContain('abandoned');
  });

  test('processes that vanish between two reads leave no permission gap and no malformed line', () => {
    const gaps = snapshots.flatMap((ls) => [...ls.gaps, ...ls.visibility.gaps]);
    expect(gaps.filter((gap) => gap.reason !== 'vanished')).toEqual([]);
  });
});

describe.skipIf(missing)(labTitle('without koffi', missing), () => {
  let lab: Lab;
  let whole: Ls;
  let text: Ls;
  let hidden: Ls;
  let detached: MadeSegment;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    detached = await lab.sysv('detached');
    const segments = ['split', 'forked', 'orphan', 'zombie', 'dest', 'other-namespace'];
    await Promise.all(segments.map((how) => lab.sysv(how)));
    await Promise.all(['shared', 'private', 'fd', 'in-flight', 'left'].map((how) => lab.shm(how, `shmtop-lab-${how}`)));
    await lab.shm('in-flight', `__KMP_REGISTERED_LIB_${NO_PID}`);
    await lab.make(['memfd', '--how', 'fd', '--name', 'shmtop-lab']);
    await lab.make(['leader-gone']);
    whole = await lab.ls(AT_ONCE);
    text = await lab.ls(AT_ONCE, { through: lab.withoutKoffi });
    const hideProcesses = ['sh', '-c', 'mount -t proc -o hidepid=invisible lab /proc && exec "$@"', 'sh'];
    hidden = await lab.ls(AT_ONCE, { uid: NOBODY, through: [...lab.withoutKoffi, ...hideProcesses] });
  });
  afterAll(() => lab?.close());

  test('the segments of our own namespace are the same, with holders and verdicts', () => {
    const segments = (ls: Ls) => ls.objects.filter((object) => object.ipcNamespace === lab.ipcNamespace);
    expect(segments(text)).toEqual(segments(whole));
    expect(segments(text).length).toBeGreaterThan(6);
  });

  test('names, holders and memfds are the same', () => {
    const seen = (ls: Ls) =>
      ls.objects.filter((object) => object.kind !== 'sysv').map(({ id, name, holders }) => ({ id, name, holders }));
    expect(seen(text)).toEqual(seen(whole));
  });

  test('an object in flight is not called abandoned or free, since the kernel was not asked', () => {
    for (const name of ['shmtop-lab-in-flight', `__KMP_REGISTERED_LIB_${NO_PID}`]) {
      expect(['unheld', 'unknown']).toContain(namedIn(text, name).verdict.state);
      expectVerdict(namedIn(text, name), namedIn(text, name).verdict.state, 'lease-unavailable');
    }
  });

  test('says that native calls are missing', () => {
    expect(text.gaps.map((gap) => gap.source)).toContain('native');
    expect(text.visibility.complete).toBe(false);
    expect(whole.gaps.map((gap) => gap.source)).not.toContain('native');
  });

  test('doctor promises nothing that native calls are needed for, nor to see out of a container', async () => {
    const { stdout } = await lab.shmtop(['doctor', '--json'], { through: lab.withoutKoffi });
    const { capabilities }: { capabilities: { name: string; state: string }[] } = JSON.parse(stdout);
    const states = Object.fromEntries(capabilities.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ 'native calls': 'no', 'file leases': 'no', 'other IPC namespaces': 'no' });
    expect(states).toMatchObject({ 'all of /proc': 'partly', map_files: 'partly' });
  });

  test('a living creator that /proc hides is not dead: the segment is unheld', () => {
    const segment = segmentIn(hidden, detached);
    expect(segment.creator?.state).not.toBe('dead');
    expect(segment.verdict.state).not.toBe('abandoned');
  });
});

describe.skipIf(missing)(labTitle('with other roots', missing), () => {
  let lab: Lab;
  let detached: MadeSegment;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    await lab.shm('shared', 'shmtop-lab');
    detached = await lab.sysv('detached');
  });
  afterAll(() => lab?.close());

  test('an empty one counts as none', async () => {
    const ls = await lab.ls([], { env: { SHMTOP_PROC: '', SHMTOP_SHM: '' } });
    expect(namedIn(ls, 'shmtop-lab').holders).toHaveLength(1);
    expect(ls.gaps).toEqual([]);
  });

  test('one that is not there is said to be missing', async () => {
    const shm = await lab.ls([], { env: { SHMTOP_SHM: '/nowhere' } });
    expect(shm.gaps).toMatchObject([{ source: 'dev-shm', detail: '/nowhere: ENOENT' }]);
    const proc = await lab.ls([], { env: { SHMTOP_PROC: '/nowhere' } });
    expect(proc.gaps.map(({ source }) => source)).toContain('proc');
  });

  test('a /proc that is none, but for the segment table, does not make living creators dead', async () => {
    const cover = `mkdir -p ${lab.scratch}/ipc; mount --bind /proc/sysvipc ${lab.scratch}/ipc; mount -t tmpfs lab /proc;
      mkdir /proc/sysvipc; mount --bind ${lab.scratch}/ipc /proc/sysvipc; exec "$@"`;
    const ls = await lab.ls(AT_ONCE, { through: ['unshare', '--mount', 'sh', '-ec', cover, 'sh'] });
    const segment = ls.objects.find(({ shmid }) => shmid === detached.shmid);
    expect(segment?.creator?.state).toBe('invisible');
    expect(segment?.verdict.state).toBe('unheld');
  });
});

describe.skipIf(missing)(labTitle('with a /proc that belongs to another pid namespace', missing), () => {
  let lab: Lab;
  let now: Ls;
  let detached: MadeSegment;
  let attached: MadeSegment;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    attached = await lab.sysv('attached');
    detached = await lab.sysv('detached');
    await lab.shm('shared', 'shmtop-lab-shared');
    // In there a living creator has a pid that means nothing in this /proc.
    const inner = `echo 20000 > /proc/sys/kernel/ns_last_pid
      sleep 20 | ${lab.command('sysv', '--how', 'detached', '--key', '0x5ab00002')} > /dev/null &
      while ! grep -q ${0x5ab00002} /proc/sysvipc/shm; do sleep 0.01; done; exec "$@"`;
    const through = ['unshare', '--pid', '--fork', '--kill-child', 'sh', '-c', inner, 'sh'];
    now = await lab.ls(AT_ONCE, { through });
  });
  afterAll(() => lab?.close());

  test('a living creator in our pid namespace is not dead because that /proc has another numbering', () => {
    const segment = now.objects.find((object) => object.key === '0x5ab00002');
    expect(segment?.creator?.state).not.toBe('dead');
    expect(segment?.verdict.state).toBe('unheld');
  });

  test('a living creator outside our pid namespace is not dead because the kernel counts it as 0', () => {
    expect(segmentIn(now, detached).creator?.state).toMatch(/alive|invisible/);
    expect(segmentIn(now, detached).verdict.state).toBe('unheld');
  });

  test('holders are found by the pids of that /proc', () => {
    expect(segmentIn(now, attached).holders).toMatchObject([{ pid: attached.pid }]);
    expectVerdict(namedIn(now, 'shmtop-lab-shared'), 'in-use', 'held');
  });
});
