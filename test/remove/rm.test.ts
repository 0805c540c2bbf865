// The command itself, in a private place: who may remove what, hostile names, what is saved and comes back, exit codes.
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';

const missing = labMissing();
const HOSTILE = ['a\nb', '\x1b[31mred', 'sp ace ', '-rf', '\u202ertl', 'back\\slash', '*', '$(id)', 'quo\'te"'];

describe.skipIf(missing)(labTitle('shmtop rm', missing), () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab('own-pids');
  });
  afterAll(async () => lab.close());

  const sh = async (script: string, ...words: string[]) => (await lab.run(['sh', '-c', script, 'sh', ...words])).stdout;

  test('each hostile name removes exactly itself, with its neighbours beside it', async () => {
    for (const name of HOSTILE) await sh('echo x >"/dev/shm/$1"; echo y >"/dev/shm/$1.beside"', name);
    const raw = Buffer.from([0xff, 0xfe, 0x0a, 0x80]);
    await sh(`touch "/dev/shm/$(printf '\\377\\376\\n\\200')"`);
    const before = await lab.ls();
    const victims = before.objects.filter((object) => object.kind === 'posix' && !object.name.endsWith('.beside'));
    expect(victims.length).toBe(HOSTILE.length + 1);
    for (const { id, name } of victims) {
      const { code, stderr } = await lab.shmtop(['rm', '--yes', `posix:${name}`]);
      expect({ code, stderr }, name).toEqual({ code: 0, stderr: '' });
      const left = await lab.ls();
      expect(
        left.objects.some((object) => object.id === id),
        name,
      ).toBe(false);
    }
    const after = await lab.ls();
    expect(after.objects.filter(({ kind }) => kind === 'posix')).toHaveLength(HOSTILE.length);
    expect(raw.length).toBe(4);
    await sh('rm -rf /dev/shm/* /dev/shm/.[!.]*');
  });

  test('--abandoned takes sockets that nobody is bound to, and no other socket, fifo or second name', async () => {
    const server = lab.start([
      'python3',
      '-c',
      `import os, socket, sys
for name in ('dead', 'dead-twice', 'served', 'bound'):
    one = socket.socket(socket.AF_UNIX)
    one.bind('/dev/shm/' + name)
    if name == 'served': one.listen()
    if name.startswith('dead'): one.close()
    else: globals()[name] = one
os.link('/dev/shm/dead-twice', '/dev/shm/second')
os.mkfifo('/dev/shm/fifo')
print('ready', flush=True)
sys.stdin.read()`,
    ]);
    await once(server.stdout, 'data');
    const gone = await lab.shmtop(['rm', '--abandoned', '--yes', '--min-age', '0', '--json']);
    expect(gone).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(gone.stdout).removed).toMatchObject([{ shortId: 'posix:/dead' }]);
    expect((await sh('ls /dev/shm')).trim().split('\n')).toEqual(['bound', 'dead-twice', 'fifo', 'second', 'served']);
    // Now that of the server too, in order or not.
    const end = once(server, 'close');
    server.stdin.end();
    await end;
    const words = ['rm', '--abandoned', '--orphaned', '--unheld', '--yes', '--min-age', '0', '--json'];
    const { stdout } = await lab.shmtop(words);
    const names = Object(JSON.parse(stdout)).removed.map(({ shortId }: { shortId: string }) => shortId);
    expect(names.sort()).toEqual(['posix:/bound', 'posix:/served']);
    await sh('rm -f /dev/shm/*');
  });

  test('an ordinary user gets EPERM named for each object of others, the rest done, exit 1', async () => {
    const theirs = await lab.sysv('detached');
    const own = await lab.sysv('detached', [], { uid: NOBODY });
    await lab.kill(own.pid, theirs.pid);
    await sh('echo x >/dev/shm/theirs; chmod 644 /dev/shm/theirs');
    const words = ['rm', '--yes', `sysv:${theirs.shmid}`, `sysv:${own.shmid}`];
    const { stdout, stderr, code } = await lab.shmtop(words, { uid: NOBODY });
    expect(code).toBe(1);
    expect(stdout).toContain(`sysv:${own.shmid}  removed`);
    expect(stderr).toMatch(
      new RegExp(`^shmtop: sysv:${theirs.shmid} may be removed only by its owner .*EPERM.*: run as`, 'm'),
    );
    const { objects } = await lab.ls();
    expect(objects.some(({ shmid }) => shmid === theirs.shmid)).toBe(true);
    expect(objects.some(({ shmid }) => shmid === own.shmid)).toBe(false);
    const name = await lab.shmtop(['rm', '--yes', '--force', 'posix:/theirs'], { uid: NOBODY });
    expect(name.code).toBe(1);
    expect(name.stderr).toContain('posix:/theirs may not be removed by this user (EPERM)');
    await lab.shmtop(['rm', '--yes', `sysv:${theirs.shmid}`, 'posix:/theirs']);
  });

  test('--orphaned takes what lost its makers, never beside a living one, and unasked only with an age that was given', async () => {
    const orphan = await lab.sysv('detached');
    const wanted = await lab.sysv('detached');
    await lab.kill(orphan.pid);
    const there = async () => (await lab.ls()).objects.flatMap(({ shmid }) => (shmid === undefined ? [] : [shmid]));
    const both = [orphan.shmid, wanted.shmid];
    const dry = await lab.shmtop(['rm', '--orphaned', '--min-age', '0', '--dry-run', '--json']);
    expect(JSON.parse(dry.stdout).planned).toMatchObject([{ shortId: `sysv:${orphan.shmid}`, verdict: 'orphaned' }]);
    for (const [words, code, says] of [
      [['--orphaned', '--yes'], 2, '--orphaned with --yes needs --min-age'],
      [['--abandoned', '--orphaned', '--yes'], 2, '--min-age 1d'],
      [['--orphaned', '--min-age', '0'], 1, 'nobody can be asked here; give --yes'],
      [['--orphaned', '--yes', '--min-age', '1d'], 0, 'are younger than 1d00h (--min-age)'],
      [['--abandoned', '--yes', '--min-age', '0'], 0, ''],
    ] as const) {
      const told = await lab.shmtop(['rm', ...words]);
      expect([told.code, told.stderr], words.join(' ')).toEqual([code, expect.stringContaining(says)]);
      expect(await there()).toEqual(expect.arrayContaining(both));
    }
    const done = await lab.shmtop(['rm', '--orphaned', '--yes', '--min-age', '0']);
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(await there()).not.toContain(orphan.shmid);
    expect(await there()).toContain(wanted.shmid);
    await lab.kill(wanted.pid);
    await lab.shmtop(['rm', '--yes', `sysv:${wanted.shmid}`]);
  });

  test('what is in use is refused, and with --force only marked', async () => {
    const held = await lab.sysv('attached');
    const refused = await lab.shmtop(['rm', '--yes', `sysv:${held.shmid}`]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`sysv:${held.shmid} is in use: end the processes that hold it first`);
    const forced = await lab.shmtop(['rm', '--yes', '--force', '--json', `sysv:${held.shmid}`]);
    expect(forced.code).toBe(0);
    expect(JSON.parse(forced.stdout)).toMatchObject({
      removed: [{ outcome: 'freed-later', freedBytes: 0 }],
      refused: [],
      freedBytes: 0,
    });
    const { objects } = await lab.ls();
    expect(objects.find(({ shmid }) => shmid === held.shmid)?.status).toContain('dest');
  });

  test('without a terminal and without --yes nothing is removed, and --dry-run removes nothing either', async () => {
    await sh('echo x >/dev/shm/stays');
    const asked = await lab.shmtop(['rm', 'posix:/stays']);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('give --yes');
    const dry = await lab.shmtop(['rm', '--dry-run', '--yes', 'posix:/stays']);
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('Its name and its memory go at once.');
    expect(await sh('cat /dev/shm/stays')).toBe('x\n');
    const bulk = await lab.shmtop(['rm', '--yes', '--unheld', 'user=nosuchuser']);
    expect({ code: bulk.code, stdout: bulk.stdout }).toEqual({ code: 0, stdout: 'nothing to remove\n' });
    const young = await lab.shmtop(['rm', '--dry-run', '--unheld', '--min-age', '1h', 'name=stays']);
    expect({ code: young.code, stdout: young.stdout }).toEqual({ code: 0, stdout: 'nothing to remove\n' });
    expect(young.stderr).toBe('shmtop: nothing to remove: 1 is younger than 1h00m (--min-age)\n');
    await lab.shmtop(['rm', '--yes', 'posix:/stays']);
  });

  test('what --save kept comes back with the same bytes, holes and permissions, and only where its name is free', async () => {
    await sh(
      'truncate -s 40M /dev/shm/big; printf mid | dd of=/dev/shm/big bs=1 seek=20000000 conv=notrunc 2>/dev/null; chmod 640 /dev/shm/big',
    );
    const before = await sh('sha256sum </dev/shm/big');
    for (const [folder, why] of [
      ['/proc/nope/x', 'ENOENT'],
      ['/dev/null', 'is not a folder'],
    ]) {
      const nowhere = await lab.shmtop(['rm', '--yes', '--save', folder, 'posix:/big']);
      expect(nowhere.code).toBe(1);
      expect(nowhere.stderr).toMatch(new RegExp(`\\(.*${why}\\)`));
    }
    const saved = await lab.shmtop(['rm', '--yes', '--json', '--save', `${lab.scratch}/saved`, 'posix:/big']);
    expect(saved.code).toBe(0);
    const [{ savedAs }] = JSON.parse(saved.stdout).removed;
    expect(await sh('ls /dev/shm')).toBe('');
    expect(Number(await sh('du -k "$1" | cut -f1', savedAs))).toBeLessThan(100);
    const restored = await lab.shmtop(['restore', savedAs]);
    expect(restored).toMatchObject({ code: 0, stdout: 'posix:/big  restored, 40.0M\n' });
    expect(await sh('sha256sum </dev/shm/big')).toBe(before);
    expect(await sh('stat -c "%a %b" /dev/shm/big')).toBe('640 8\n');
    const again = await lab.shmtop(['restore', savedAs]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('the name posix:/big is taken: remove what has it first');
    await lab.shmtop(['rm', '--yes', 'posix:/big']);
  });

  test('to save is not to use: what nobody ever read is saved, and then goes', async () => {
    // Its access time is that of its writing, so that relatime moves it with the first read; seconds tell them apart.
    await sh('head -c 9000 /dev/urandom >/dev/shm/unread; sleep 1.2');
    const args = ['--yes', '--json', '--min-age', '0', '--save', `${lab.scratch}/quiet`];
    const saved = await lab.shmtop(['rm', ...args, '--unheld', 'name=unread']);
    expect(JSON.parse(saved.stdout)).toMatchObject({ removed: [{ shortId: 'posix:/unread' }], refused: [] });
    expect(saved.code).toBe(0);
    const [{ savedAs }] = JSON.parse(saved.stdout).removed;
    expect(await sh('wc -c <"$1"', savedAs)).toBe('9000\n');
  });

  test('--json names each thing that was not removed, also where nobody could be asked', async () => {
    await sh('truncate -s 4096 /dev/shm/asked');
    const { code, stdout } = await lab.shmtop(['rm', '--json', 'posix:/asked', 'nosuchthing']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).refused).toMatchObject([
      { id: 'nosuchthing', code: 'not-found' },
      { shortId: 'posix:/asked', code: 'not-agreed', advice: 'give --yes' },
    ]);
    await lab.shmtop(['rm', '--yes', 'posix:/asked']);
  });

  test('a segment comes back under its key', async () => {
    const made = await lab.sysv('detached', ['--key', '0x00c0ffee']);
    await lab.kill(made.pid);
    const saved = await lab.shmtop(['rm', '--yes', '--json', '--save', `${lab.scratch}/saved`, '0xc0ffee']);
    expect(saved, saved.stderr).toMatchObject({ code: 0 });
    const [{ savedAs }] = JSON.parse(saved.stdout).removed;
    const restored = await lab.shmtop(['restore', `${savedAs}.json`]);
    expect(restored.code).toBe(0);
    const { objects } = await lab.ls();
    expect(objects.find(({ key }) => key === '0x00c0ffee')?.sizeBytes).toBe(made.sizeBytes);
    expect((await lab.shmtop(['restore', savedAs])).stderr).toContain('key 0x00c0ffee is taken');
    await lab.shmtop(['rm', '--yes', '0xc0ffee']);
  });

  test('a segment of another IPC namespace goes there and not here, where another has the same shmid', async () => {
    const here = await lab.sysv('detached');
    const there = await lab.sysv('detached', [], { through: ['unshare', '--ipc'] });
    expect(there.ipcNamespace).not.toBe(here.ipcNamespace);
    const before = await lab.ls();
    const isThere = (object: { shmid?: number; ipcNamespace?: string }) =>
      object.shmid === there.shmid && object.ipcNamespace === there.ipcNamespace;
    expect(before.objects.filter(isThere)).toHaveLength(1);
    const { code, stderr } = await lab.shmtop(['rm', '--yes', `sysv:${there.shmid}@${there.ipcNamespace}`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const after = await lab.ls();
    expect(after.objects.filter(isThere)).toHaveLength(0);
    const own = after.objects.filter((object) => object.kind === 'sysv' && object.ipcNamespace === here.ipcNamespace);
    expect(own.map(({ shmid }) => shmid)).toContain(here.shmid);
    await lab.kill(here.pid);
    await lab.shmtop(['rm', '--yes', `sysv:${here.shmid}`]);
  });

  test('a name in the /dev/shm of another mount namespace goes there and not here, by its full id', async () => {
    await sh('echo here >/dev/shm/inner');
    const script = 'mount -t tmpfs lab /dev/shm && echo there >/dev/shm/inner && echo made && exec sleep 100';
    const child = lab.start(['unshare', '--mount', 'sh', '-c', script]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const { objects } = await lab.ls();
    const there = objects.find(({ name, path }) => name === '/inner' && path === undefined);
    const { code, stderr } = await lab.shmtop(['rm', '--yes', there?.id ?? '']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const after = await lab.ls();
    expect(after.objects.some(({ id }) => id === there?.id)).toBe(false);
    expect(after.objects.some(({ name }) => name.includes('.shmtop-'))).toBe(false);
    expect(await sh('cat /dev/shm/inner')).toBe('here\n');
    await lab.shmtop(['rm', '--yes', 'posix:/inner']);
    child.kill('SIGKILL');
  });

  test('the history shows every removal, and words that are no ids are usage errors', async () => {
    const history = await lab.shmtop(['rm', '--history', '--json']);
    const { removals } = JSON.parse(history.stdout);
    expect(removals.length).toBeGreaterThan(HOSTILE.length);
    expect(removals.every(({ state }: { state: string }) => state !== 'begun')).toBe(true);
    expect((await lab.shmtop(['rm'])).code).toBe(2);
    expect((await lab.shmtop(['rm', 'kind=sysv'])).code).toBe(2);
    expect((await lab.shmtop(['rm', '--abandoned', '--force'])).code).toBe(2);
    expect((await lab.shmtop(['rm', 'sysv:999999', '--yes'])).code).toBe(1);
  });
});
