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

describe.skipIf(missing)(labTitle('a /dev/shm that is a folder of a larger one', missing), () => {
  let lab: Lab;
  let seen: Ls; // by a reader to whom the folder is all of /dev/shm, in another mount namespace
  let alone: Ls; // the same where no process shows the whole

  beforeAll(async () => {
    lab = await openLab('own-pids');
    await lab.run(['mkdir', '/dev/shm/shmtop-lab']);
    await lab.shm('left', 'shmtop-lab/inner');
    await lab.shm('fd', 'shmtop-lab-outer');
    await lab.shm('shared', 'shmtop-lab-gone', ['--unlink']);
    const bind = 'mount --bind /dev/shm/shmtop-lab /dev/shm && exec "$@"';
    seen = await lab.ls([], { through: ['unshare', '--mount', 'sh', '-c', bind, 'sh'] });
    const hide = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', bind, 'sh'];
    alone = await lab.ls([], { through: hide });
  });
  afterAll(() => lab?.close());

  test('has its own names first, and those of the rest too, none of which is called unlinked', () => {
    const named = seen.objects.map(({ kind, name, path }) => ({ kind, name, path }));
    expect(named).toContainEqual({ kind: 'posix', name: '/inner', path: '/dev/shm/inner' });
    expect(named).toContainEqual({ kind: 'posix', name: '/shmtop-lab-outer', path: undefined });
    expect(named.filter(({ kind }) => kind === 'unlinked')).toEqual([
      { kind: 'unlinked', name: '/shmtop-lab-gone', path: undefined },
    ]);
    expect(seen.gaps).toEqual([]);
  });

  test('does not count the names of the rest as objects without a name, where it cannot see them', () => {
    expect(alone.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['posix /inner']);
    expect(alone.gaps.map(({ source }) => source)).not.toContain('tmpfs-inodes');
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
    if (segment) expectVerdict(segment, 'orphaned', 'creator-dead', 'never-attached');
    expect(now.gaps).toEqual([]);
  });

  test('can be removed from by id', async () => {
    const id = now.objects[0]?.id ?? '';
    expect(await lab.shmtop(['rm', '--yes', '--min-age', '0', id])).toMatchObject({ code: 0, stderr: '' });
    expect((await lab.ls()).objects).toEqual([]);
  });
});
