// Leftovers by every rule of their software that somebody still wants: never called abandoned.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { expectVerdict, type Ls, namedIn } from '../support/lab-json.ts';

// In a container no name is ever called abandoned, whatever is done.
const missing = labMissing() ?? containerReason();
const NO_PID = 4999999; // above the kernel's highest pid_max
const AT_ONCE = ['--min-age', '0'];

const fixture = fileURLToPath(new URL('../fixtures/linux-6.18/proc', import.meta.url));

describe.skipIf(missing)(labTitle('a name that its software left', missing), () => {
  let lab: Lab;
  let now: Ls;
  const inShm = (script: string) => lab.run(['sh', '-ec', `cd /dev/shm; ${script}`]);

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    for (const name of ['plain-1', 'linked-2', 'bound-3', 'elsewhere-4']) {
      await lab.shm('left', `stress-ng-${NO_PID}-${name}`);
    }
    await lab.shm('left', `torch_${NO_PID}_11_0`);
    await lab.shm('shared', `torch_${NO_PID}_12_0`, ['--unlink']);
    await inShm(`ln stress-ng-${NO_PID}-linked-2 zz-kept; ln torch_${NO_PID}_11_0 zz.db`);
    const bind = (name: string, place: string) =>
      `touch '${lab.scratch}/${place}'; mount --bind /dev/shm/stress-ng-${NO_PID}-${name} '${lab.scratch}/${place}'`;
    await inShm(bind('bound-3', 'a place'));
    const ordinary = `${lab.scratch}/ordinary`;
    const covered = `/dev/shm/stress-ng-${NO_PID}-covered-6`;
    await inShm(`echo data > ${ordinary}; touch ${covered}; mount --bind ${ordinary} ${covered}`);
    const script = `${bind('elsewhere-4', 'there')}; echo ready; exec cat`;
    const other = lab.start(['unshare', '--mount', 'sh', '-ec', script]);
    for await (const _ of other.stdout) break;
    now = await lab.ls(AT_ONCE);
  });
  afterAll(() => lab?.close());

  test('is abandoned when nothing speaks against it', () => {
    expectVerdict(namedIn(now, `stress-ng-${NO_PID}-plain-1`), 'abandoned', 'lease-free', 'name-pid-dead');
  });

  test('is still known by its name once that is removed', () => {
    const unlinked = now.objects.find(({ kind, name }) => kind === 'unlinked' && name.startsWith('/torch_'));
    expect(unlinked).toMatchObject({ name: `/torch_${NO_PID}_12_0`, software: { name: 'PyTorch' } });
  });

  test('is not abandoned when somebody gave it a second name', () => {
    expectVerdict(namedIn(now, `stress-ng-${NO_PID}-linked-2`), 'unheld', 'other-names');
  });

  test('is data when its second name is that of a database', () => {
    const object = namedIn(now, `torch_${NO_PID}_11_0`);
    expect(object).toMatchObject({ otherNames: ['/zz.db'], software: { name: 'SQLite' } });
    expectVerdict(object, 'unheld', 'user-data');
  });

  test('is not abandoned when it is mounted at another place, here or in another mount namespace', () => {
    expectVerdict(namedIn(now, `stress-ng-${NO_PID}-bound-3`), 'unheld', 'mounted-elsewhere');
    expectVerdict(namedIn(now, `stress-ng-${NO_PID}-elsewhere-4`), 'unheld', 'mounted-elsewhere');
  });

  test('is none when an ordinary file is mounted over it, which is a gap', () => {
    const covered = `stress-ng-${NO_PID}-covered-6`;
    expect(now.objects.filter(({ name }) => name.includes(covered))).toEqual([]);
    const detail = `/dev/shm/${covered} is a mount of its own and was not looked into`;
    expect(now.gaps).toContainEqual({ source: 'dev-shm', reason: 'unsupported', count: 1, detail });
    expect(now.gaps.map(({ source }) => source)).not.toContain('tmpfs-inodes');
  });

  test('is not abandoned by the word of a captured /proc, which is that of another machine or time', async () => {
    const captured = await lab.ls(AT_ONCE, { env: { SHMTOP_PROC: fixture } });
    expectVerdict(namedIn(captured, `stress-ng-${NO_PID}-plain-1`), 'unheld', 'outside-invisible');
  });

  test('nor is a captured folder judged by the processes of this machine', async () => {
    const folder = `${lab.scratch}/shm`;
    await lab.run(['sh', '-ec', `mkdir ${folder}; echo x > ${folder}/stress-ng-${NO_PID}-captured-5`]);
    const captured = await lab.ls(AT_ONCE, { env: { SHMTOP_SHM: folder } });
    expectVerdict(namedIn(captured, `stress-ng-${NO_PID}-captured-5`), 'unheld', 'outside-invisible');
  });
});
