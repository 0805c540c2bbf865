// Places that no process's namespaces lead to, but the mount table does: the /dev/shm of a chroot, a kept IPC namespace.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, type MadeFile, openLab } from '../support/lab.ts';
import { expectVerdict, fileIn, holderPids, type Ls } from '../support/lab-json.ts';

const missing = labMissing();
const BYTES = 12_117; // as the lab's own objects: three pages, less what tells them from others

describe.skipIf(missing)(labTitle('the /dev/shm of a chroot in our mount namespace', missing), () => {
  let lab: Lab;
  let now: Ls;
  let mapped: MadeFile;
  let left: MadeFile;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    const root = `${lab.scratch}/a root`;
    await lab.run(['sh', '-ec', 'mkdir "$1"; mount --rbind / "$1"; mount -t tmpfs lab "$1/dev/shm"', 'sh', root]);
    const inside = { through: ['chroot', root] };
    mapped = await lab.shm('shared', 'shmtop-lab-mapped', [], inside);
    left = await lab.shm('left', 'shmtop-lab-left', [], inside);
    now = await lab.ls(['--min-age', '0']);
  });
  afterAll(() => lab?.close());

  test('has its objects listed, with their holders', () => {
    const object = fileIn(now, 'posix', mapped);
    expect(object).toMatchObject({ name: '/shmtop-lab-mapped', sizeBytes: BYTES });
    expect(holderPids(object)).toEqual([mapped.pid]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('has them listed too when nobody holds them, by a name that is not taken for one of ours', async () => {
    const object = fileIn(now, 'posix', left);
    expect(object.name).toBe('/shmtop-lab-left');
    expect(object.path).toBeUndefined();
    expectVerdict(object, 'unheld', 'lease-free');
    expect((await lab.shmtop(['show', 'posix:/shmtop-lab-left'])).code).toBe(1);
  });

  test('can be removed from by id', async () => {
    const { id } = fileIn(now, 'posix', left);
    expect(await lab.shmtop(['rm', '--yes', '--min-age', '0', id])).toMatchObject({ code: 0, stderr: '' });
    expect((await lab.ls()).objects.map((object) => object.id)).not.toContain(id);
  });
});

describe.skipIf(missing)(labTitle('an IPC namespace that a mount keeps, without a process in it', missing), () => {
  let lab: Lab;
  let now: Ls;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    const keep = `touch ${lab.scratch}/kept; exec unshare --ipc=${lab.scratch}/kept ipcmk -M ${BYTES}`;
    expect((await lab.run(['sh', '-ec', keep])).code).toBe(0);
    now = await lab.ls(['--min-age', '0']);
  });
  afterAll(() => lab?.close());

  test('has its segments listed', () => {
    const [segment, ...more] = now.objects;
    expect(more).toEqual([]);
    expect(segment).toMatchObject({ kind: 'sysv', shmid: 0, sizeBytes: BYTES, nattch: 0 });
    expect(segment?.ipcNamespace).not.toBe(lab.ipcNamespace);
    if (segment) expectVerdict(segment, 'abandoned', 'creator-dead', 'never-attached');
    expect(now.gaps).toEqual([]);
  });

  test('can be removed from by id', async () => {
    const id = now.objects[0]?.id ?? '';
    expect(await lab.shmtop(['rm', '--yes', '--min-age', '0', id])).toMatchObject({ code: 0, stderr: '' });
    expect((await lab.ls()).objects).toEqual([]);
  });
});
