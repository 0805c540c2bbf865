// Objects in /dev/shm and what holds them, against `fstat` of the process that made them and `ls -i`.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  containerReason,
  type Lab,
  labMissing,
  labTitle,
  type Made,
  type MadeFile,
  openLab,
  Unsupported,
} from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { expectVerdict, fileIn, holderPids, type Ls, namedIn, rawName } from '../support/lab-json.ts';

const missing = labMissing();
const container = containerReason();
/** A pid that no process can have: above the kernel's highest pid_max (2^22). */
const NO_PID = 4999999;

describe.skipIf(missing)(labTitle('POSIX shared memory', missing), () => {
  let lab: Lab;
  let now: Ls;
  let made: Awaited<ReturnType<typeof makeAll>>;

  const entry = (how: string, name: string, path = '') =>
    lab.make<Made & { inode: number }>(['entry', '--how', how, '--name', name, '--path', path]);

  async function makeAll() {
    const plain = (how: string) => lab.shm(how, `shmtop-lab-${how}`);
    const [shared, readonly, privately, opened] = await Promise.all([
      ...[plain('shared'), plain('readonly'), plain('private'), plain('fd')],
      ...[plain('opath'), plain('in-flight'), plain('left')],
    ] as const);
    await Promise.all([
      entry('directory', 'shmtop-lab-directory'),
      entry('directory', 'shmtop-lab-empty'),
      entry('fifo', 'shmtop-lab-fifo'),
      entry('socket', 'shmtop-lab-socket'),
      entry('symlink', 'shmtop-lab-symlink', '/dev/shm/shmtop-lab-shared'),
      entry('hardlink', 'shmtop-lab-second-name', '/dev/shm/shmtop-lab-shared'),
    ]);
    const [nested, dot, unlinked, unlinkedFd, unlinkedPrivate] = await Promise.all([
      lab.shm('shared', 'shmtop-lab-directory/inner'),
      lab.shm('shared', '.shmtop-lab-dot'),
      lab.shm('shared', 'shmtop-lab-unlinked', ['--unlink']),
      lab.shm('fd', 'shmtop-lab-unlinked-fd', ['--unlink']),
      lab.shm('private', 'shmtop-lab-unlinked-private', ['--unlink']),
    ]);
    const [semaphore] = await Promise.all([
      lab.make<MadeFile>(['semaphore', '--name', '/shmtop-lab-held']),
      lab.make<MadeFile>(['semaphore', '--name', '/shmtop-lab-closed', '--how', 'left']),
    ]);
    // Nothing of Mono may be in use anywhere on the machine, or its leftovers are spared: other tests use other software.
    await Promise.all([
      lab.shm('left', `mono.${NO_PID}`),
      lab.shm('left', `stress-ng-${NO_PID}-left-1`),
      lab.shm('in-flight', `stress-ng-${NO_PID}-flight-1`),
      lab.shm('private', `stress-ng-${NO_PID}-private-1`),
      lab.shm('left', `stress-ng-${shared.pid}-live-1`, [], { uid: NOBODY }),
    ]);
    const threadFiles = await lab.make<MadeFile>(['thread-files', '--name', 'shmtop-lab-thread-files']);
    const ring = await lab.shm('io-uring', 'shmtop-lab-ring').catch((error: unknown) => {
      if (error instanceof Unsupported) return error;
      throw error;
    });
    return {
      ...{ shared, readonly, privately, opened, nested, dot },
      ...{ unlinked, unlinkedFd, unlinkedPrivate, semaphore },
      ...{ threadFiles, ring },
    };
  }

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    made = await makeAll();
    now = await lab.ls(['--min-age', '0']);
  });
  afterAll(() => lab?.close());

  test('every inode below /dev/shm is one object of kind posix', async () => {
    const { stdout } = await lab.run(['find', '/dev/shm', '-mindepth', '1', '-printf', '%i\\n']);
    const inodes = new Set(stdout.trim().split('\n').map(Number));
    const found = now.objects.filter((object) => object.path !== undefined);
    expect(found.map((object) => object.inode).toSorted()).toEqual([...inodes].toSorted());
    expect(new Set(found.map((object) => object.kind))).toEqual(new Set(['posix']));
  });

  test('an id is unique, also where two names lead to one inode', () => {
    const ids = now.objects.map((object) => object.id);
    expect(ids).not.toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a shared mapping whose descriptor is closed holds the object', () => {
    const object = fileIn(now, 'posix', made.shared);
    expect(object).toMatchObject({
      kind: 'posix',
      type: 'file',

      perms: '600',
      uid: 0,
    });
    expect(object.sizeBytes).toBe(made.shared.sizeBytes);
    expect(object.allocatedBytes).toBe(4096);
    expect(object.holders).toMatchObject([
      { pid: made.shared.pid, comm: 'lab', mappings: [{ ...made.shared.range, perms: 'rw-s' }], fds: [] },
    ]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('both names of one inode lead to it', async () => {
    for (const name of ['shmtop-lab-shared', 'shmtop-lab-second-name']) {
      const { stdout, code } = await lab.shmtop(['show', `posix:/${name}`, '--json']);
      expect(code, name).toBe(0);
      expect(JSON.parse(stdout).inode).toBe(made.shared.inode);
    }
    const { name, otherNames = [] } = fileIn(now, 'posix', made.shared);
    expect([name, ...otherNames].toSorted()).toEqual(['/shmtop-lab-second-name', '/shmtop-lab-shared']);
  });

  test('a read-only shared mapping holds the object', () => {
    const object = namedIn(now, 'shmtop-lab-readonly');
    expect(object.holders).toMatchObject([
      { pid: made.readonly.pid, mappings: [{ ...made.readonly.range, perms: 'r--s' }], fds: [] },
    ]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('a private mapping alone, without a descriptor, holds the object', () => {
    const object = namedIn(now, 'shmtop-lab-private');
    expect(object.holders).toMatchObject([
      { pid: made.privately.pid, mappings: [{ ...made.privately.range, perms: 'rw-p' }], fds: [] },
    ]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('an open descriptor alone, without a mapping, holds the object', () => {
    const object = namedIn(now, 'shmtop-lab-fd');
    expect(object.holders).toMatchObject([{ pid: made.opened.pid, mappings: [], fds: [made.opened.fd] }]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('an O_PATH descriptor is no reason to call the object abandoned', () => {
    expect(namedIn(now, 'shmtop-lab-opath').verdict.state).not.toBe('abandoned');
  });

  test('a descriptor in flight through a socket is in no process table, but the object is in use', () => {
    const object = namedIn(now, 'shmtop-lab-in-flight');
    expect(object.holders).toEqual([]);
    expectVerdict(object, 'in-use', 'lease-busy');
  });

  test('a descriptor that only one thread has, in a table of its own, keeps the object in use', () => {
    expect(namedIn(now, 'shmtop-lab-thread-files').inode).toBe(made.threadFiles.inode);
    expect(namedIn(now, 'shmtop-lab-thread-files').verdict.state).toBe('in-use');
  });

  test('a descriptor that only an io_uring has keeps the object in use', ({ skip }) => {
    if (made.ring instanceof Unsupported) return skip(made.ring.message);
    expectVerdict(namedIn(now, 'shmtop-lab-ring'), 'in-use', 'lease-busy');
  });

  test('an object with a name that says nothing, and that nobody holds, is orphaned: nothing speaks for a return', () => {
    const object = namedIn(now, 'shmtop-lab-left');
    expect(object.holders).toEqual([]);
    expectVerdict(object, 'orphaned', 'lease-free', 'maker-unknown');
  });

  test.skipIf(container)(
    labTitle('an object named after a dead process, and that nobody holds, is abandoned', container),
    () => {
      const object = namedIn(now, `mono.${NO_PID}`);
      expect(object.software).toMatchObject({ name: 'Mono', outlives: false });
      expectVerdict(object, 'abandoned', 'lease-free', 'name-pid-dead');
    },
  );

  test('such a name in flight or privately mapped is in use: a name never outvotes the kernel', () => {
    expectVerdict(namedIn(now, `stress-ng-${NO_PID}-flight-1`), 'in-use', 'lease-busy');
    expectVerdict(namedIn(now, `stress-ng-${NO_PID}-private-1`), 'in-use', 'held');
  });

  test.skipIf(container)(
    labTitle('such a name of one process only is abandoned though other instances live', container),
    () => expectVerdict(namedIn(now, `stress-ng-${NO_PID}-left-1`), 'abandoned', 'lease-free', 'name-pid-dead'),
  );

  test('an object named after a living process is unheld', () => {
    expectVerdict(namedIn(now, `stress-ng-${made.shared.pid}-live-1`), 'unheld', 'name-pid-alive');
  });

  test('by default an object used within the last minute is too young to be called abandoned', async () => {
    const patient = await lab.ls();
    expectVerdict(namedIn(patient, `mono.${NO_PID}`), 'unheld', 'too-young');
    const ours = patient.objects.filter((object) => object.path !== undefined);
    expect(ours.filter((object) => object.verdict.state === 'abandoned')).toEqual([]);
  });

  test('asking the kernel by a lease leaves the times and the names of the objects as they were', async () => {
    const list = ['find', '/dev/shm', '-printf', '%i %P %A@ %T@ %C@\\n'];
    const before = await lab.run(list);
    await lab.ls(['--min-age', '0']);
    expect(await lab.run(list)).toEqual(before);
  });

  test('a named semaphore is found in use though it is mapped under another name', () => {
    const object = namedIn(now, 'sem.shmtop-lab-held');
    expect(object).toMatchObject({ kind: 'posix', type: 'semaphore', inode: made.semaphore.inode, sizeBytes: 32 });
    expect(object.holders).toMatchObject([
      { pid: made.semaphore.pid, mappings: [{ ...made.semaphore.range, perms: 'rw-s' }] },
    ]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('a named semaphore that everybody has closed is kept on purpose: unheld', () => {
    expectVerdict(namedIn(now, 'sem.shmtop-lab-closed'), 'unheld', 'lease-free');
  });

  test('objects in sub-directories and dot files are found with their holders', () => {
    expect(holderPids(namedIn(now, 'shmtop-lab-directory/inner'))).toEqual([made.nested.pid]);
    expect(namedIn(now, 'shmtop-lab-directory/inner').path).toBe('/dev/shm/shmtop-lab-directory/inner');
    expect(holderPids(namedIn(now, '.shmtop-lab-dot'))).toEqual([made.dot.pid]);
  });

  test('a directory is in use while something inside is; an empty one is never abandoned', () => {
    expect(namedIn(now, 'shmtop-lab-directory').type).toBe('directory');
    expectVerdict(namedIn(now, 'shmtop-lab-directory'), 'in-use', 'children-held');
    expect(namedIn(now, 'shmtop-lab-empty').verdict.state).toBe('unheld');
  });

  test.each(['symlink', 'fifo'])('a %s is told apart, follows nothing and is never abandoned', (type) => {
    const object = namedIn(now, `shmtop-lab-${type}`);
    expect(object.type).toBe(type);
    expect(object.holders).toEqual([]);
    expect(['unheld', 'unknown']).toContain(object.verdict.state);
  });

  test('a socket whose server lives is in use by the word of the kernel, though no process table shows who it is', () => {
    const object = namedIn(now, 'shmtop-lab-socket');
    expect(object).toMatchObject({ type: 'socket', holders: [] });
    expectVerdict(object, 'in-use', 'listener-bound');
  });

  test('an unlinked object is found by its mapping, by its descriptor, or by a private mapping alone', () => {
    const mapped = fileIn(now, 'unlinked', made.unlinked);
    const opened = fileIn(now, 'unlinked', made.unlinkedFd);
    const privately = fileIn(now, 'unlinked', made.unlinkedPrivate);
    expect(mapped.holders).toMatchObject([{ pid: made.unlinked.pid, mappings: [{ perms: 'rw-s' }], fds: [] }]);
    expect(opened.holders).toMatchObject([{ pid: made.unlinkedFd.pid, mappings: [], fds: [made.unlinkedFd.fd] }]);
    expect(privately.holders).toMatchObject([
      { pid: made.unlinkedPrivate.pid, mappings: [{ perms: 'rw-p' }], fds: [] },
    ]);
    for (const object of [mapped, opened, privately]) expectVerdict(object, 'in-use', 'held');
    expect(rawName(mapped).toString()).toContain('shmtop-lab-unlinked');
    expect(mapped.sizeBytes).toBe(made.unlinked.sizeBytes);
  });
});

describe.skipIf(missing)(labTitle('POSIX shared memory seen from a container', missing), () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab('own-pids');
    await lab.shm('left', `mono.${NO_PID}`);
  });
  afterAll(() => lab?.close());

  test('a pid in a name that nobody in the container has may live outside: the object is unheld', async () => {
    expectVerdict(
      namedIn(await lab.ls(['--min-age', '0']), `mono.${NO_PID}`),
      'unheld',
      'lease-free',
      'outside-invisible',
    );
  });
});
