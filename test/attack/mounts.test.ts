// What other users show as /dev/shm and mount elsewhere: nothing of theirs or of their victims is removed, believed or waited for.
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { type Ls, type LsObject, namedIn } from '../support/lab-json.ts';
import { type Attacker, attack, attackMissing, attackWith, compiled, scriptWords } from './attacker.ts';

const missing = labMissing() ?? attackMissing();
const noProof = missing ?? containerReason();
const AT_ONCE = ['--min-age', '0'];
const NO_PID = 4999999; // above the kernel's highest pid_max
/** Names that a rule calls leftovers; nobody else has them, so that a filter keeps removals to this file. */
const MARK = `77${String(process.pid).padStart(7, '0')}`;
const NUMBERS = { ours: 1, victim: 2, trap: 3, whole: 4, theirs: 5, wantedByThem: 6 };
const leftover = (what: keyof typeof NUMBERS) => `torch_${NO_PID}_${MARK}_${NUMBERS[what]}`;
/** In any place, unlike `namedIn`. */
function anywhere({ objects }: Ls, what: keyof typeof NUMBERS): LsObject {
  const found = objects.filter(({ name }) => name.endsWith(leftover(what)));
  const [object] = found;
  if (object === undefined || found.length > 1) throw new Error(`${found.length} objects are named ${leftover(what)}`);
  return object;
}
const MOST_MS = 5000;
const [major = 0, minor = 0] = release().split('.').map(Number);
/** Since Linux 6.12 the kernel tells all mount namespaces. */
const tellsNamespaces = major > 6 || (major === 6 && minor >= 12);

let lab: Lab;
let disk: string;
const running: Attacker[] = [];

/** Starts a script; it is ended with its test. */
async function start(script: string, ...words: string[]): Promise<Attacker> {
  const one = await attack(lab, script, ...words);
  running.push(one);
  return one;
}

/** Starts a compiled one. */
async function run(...command: string[]): Promise<Attacker> {
  const one = await attackWith(lab, command);
  running.push(one);
  return one;
}

/** Ends what a test had started. */
function endAll(): void {
  for (const one of running.splice(0)) one.end();
}

async function timedLs(words: readonly string[] = AT_ONCE): Promise<Ls & { readonly ms: number }> {
  const startMs = performance.now();
  const now = await lab.ls(words);
  return { ...now, ms: performance.now() - startMs };
}

const marked = ({ objects }: Ls): LsObject[] => objects.filter(({ name }) => name.includes(MARK));
const gapTexts = ({ gaps }: Ls) => gaps.map((gap) => ('detail' in gap ? String(gap.detail) : ''));
/**
 * What bulk removal would take. Only asked: among the processes of the machine it could reach what is not of this test, and
 * only the program that is tested would stand between.
 */
const wouldRemove = (...words: string[]) => lab.shmtop(['rm', '--abandoned', '--dry-run', ...AT_ONCE, MARK, ...words]);

/** A folder of another user with a file in it that has the name of a leftover. */
function victimOn(folder: string): string {
  const victim = join(folder, 'victim');
  mkdirSync(victim);
  writeFileSync(join(victim, leftover('victim')), 'three weeks of training');
  chownSync(join(victim, leftover('victim')), 2000, 2000);
  chownSync(victim, 2000, 2000);
  return victim;
}

describe.skipIf(missing)(labTitle('other users who mount', missing), () => {
  beforeAll(async () => {
    lab = await openLab('own-pids');
    await lab.run(['sh', '-ec', 'echo x > "/dev/shm/$1"', 'sh', leftover('ours')]);
  });
  afterEach(endAll);
  afterAll(() => lab?.close());

  test.each(['/usr/share', '/proc', '/sys'])(
    '%s as /dev/shm lists nothing, and a sentence says what it is',
    async (folder) => {
      const before = (await lab.ls()).objects.length;
      await start('mounts/over.sh', folder);
      const now = await timedLs();
      expect(now.objects.length).toBeLessThan(before + 50);
      expect(gapTexts(now).some((text) => /lies on \w+, not on a tmpfs/.test(text))).toBe(true);
      expect(now.ms).toBeLessThan(MOST_MS);
    },
  );

  test('our own /dev/shm on disk: what processes map is shown with them and marked, and doctor says what it is', async () => {
    const where = mkdtempSync('/var/tmp/shmtop-attack-own-');
    try {
      const hold =
        'import mmap, os, time\nf = os.open("/dev/shm/grid", os.O_RDWR | os.O_CREAT)\nos.ftruncate(f, 1 << 20)\nm = mmap.mmap(f, 1 << 20)\nprint("up", flush=True)\ntime.sleep(20)';
      const show =
        'mount --bind "$1" /dev/shm; touch /dev/shm/left; python3 -c "$2" > /dev/null & sleep 1; shift 2; "$@"; kill $!';
      const look = (...words: string[]) =>
        lab.run(['unshare', '--mount', 'sh', '-c', show, 'sh', where, hold, ...lab.shmtopWords(words)]);
      const { objects, limits } = JSON.parse((await look('ls', '--json')).stdout);
      const [grid, ...more] = objects.filter(({ name }: LsObject) => ['/grid', '/left'].includes(name));
      expect(more).toEqual([]);
      expect(grid).toMatchObject({ name: '/grid', kind: 'posix', onDisk: expect.stringMatching(/^\w+$/) });
      expect(grid.allocatedBytes).toBeUndefined();
      expect(limits.mounts.filter(({ path }: { path: string }) => path === '/dev/shm')).toEqual([]);
      expect((await look('doctor')).stdout).toMatch(/\/dev\/shm lies on \w+, not on a tmpfs/);
    } finally {
      rmSync(where, { recursive: true, force: true });
    }
  });

  test('all of / as /dev/shm lists nothing of it, in time', async () => {
    const before = (await lab.ls()).objects.length;
    await start('mounts/over.sh', '/');
    const now = await timedLs();
    expect(now.objects.length).toBeLessThan(before + 50);
    expect(now.ms).toBeLessThan(MOST_MS);
  });

  test('two folders of one tmpfs are two places: what nobody holds is listed of both, and once', async () => {
    await lab.run([
      'sh',
      '-ec',
      'for p in 7 8; do mkdir "$1/pod$p"; echo x > "$1/pod$p/left-in-$p-$2"; done',
      'sh',
      lab.scratch,
      MARK,
    ]);
    await start('mounts/over.sh', `${lab.scratch}/pod7`);
    await start('mounts/over.sh', `${lab.scratch}/pod8`);
    const names = () =>
      lab.ls(AT_ONCE).then((now) =>
        marked(now)
          .filter(({ name }) => name.includes('left-in'))
          .map(({ name }) => name)
          .sort(),
      );
    expect(await names()).toEqual([`/left-in-7-${MARK}`, `/left-in-8-${MARK}`]);
    await start('mounts/over.sh', lab.scratch); // and now a third shows the whole
    expect(await names()).toHaveLength(2);
  });

  test('a segment of another IPC namespace goes in bulk only where that is named', async () => {
    const made = await lab.sysv('orphan', [], { through: ['unshare', '--ipc'] });
    const isThere = async () =>
      (await lab.ls(AT_ONCE)).objects.some(({ ipcNamespace }) => ipcNamespace === made.ipcNamespace);
    const words = ['rm', '--orphaned', '--yes', ...AT_ONCE, `size=${made.sizeBytes}`];
    if (!(await isThere())) return; // nothing keeps that namespace: it went with its maker
    expect((await lab.shmtop(words)).stderr).toContain(made.ipcNamespace);
    expect(await isThere()).toBe(true);
    await lab.shmtop([...words, '--namespace', made.ipcNamespace]);
    expect(await isThere()).toBe(false);
  });

  test('what lies in the namespaces of a single thread is listed', async () => {
    await run(await compiled(lab, 'mounts/in-thread.c'), `in-thread-${MARK}`);
    const { objects } = await lab.ls(AT_ONCE);
    expect(objects.filter(({ name }) => name === `/in-thread-${MARK}`)).toHaveLength(1);
    expect(objects.filter(({ kind, sizeBytes }) => kind === 'sysv' && sizeBytes === 123456)).toHaveLength(1);
  });

  describe('with a great many mounts', () => {
    let many: string;
    beforeAll(async () => {
      many = await compiled(lab, 'mounts/many.c');
    });
    const ours = () => `/dev/shm/${leftover('ours')}`;

    test('stacked on one point or side by side: the listing ends in time', async () => {
      await run(many, 'stacked', '4000', ours());
      await run(many, 'apart', '20000', ours());
      const now = await timedLs();
      expect(now.ms).toBeLessThan(MOST_MS);
      expect(namedIn(now, leftover('ours')).verdict.state).toBe('unheld');
    });
  });

  describe('with a file system that never answers', () => {
    let silent: string;
    let device: string;
    beforeAll(async () => {
      silent = await compiled(lab, 'mounts/silent-fuse.c');
      device = `${lab.scratch}/fuse`;
      await lab.run(['sh', '-ec', 'mknod "$1" c 10 229; chmod 666 "$1"', 'sh', device]);
    });

    test.skipIf(!existsSync('/dev/fuse')).each(['over', 'below', 'link'])(
      'at their /dev/shm (%s): the listing does not wait for it',
      async (how) => {
        await run(silent, how, device);
        const now = await timedLs();
        expect(now.ms).toBeLessThan(MOST_MS);
        expect(now.gaps.length).toBeGreaterThan(0);
      },
      20_000,
    );
  });

  test('with directories that grow as fast as they are read, and deep: the listing ends in time, with the limit told', async () => {
    await start('mounts/growing.py');
    const now = await timedLs();
    expect(now.ms).toBeLessThan(MOST_MS);
    expect(now.gaps.some(({ source, reason }) => source === 'dev-shm' && reason === 'limit')).toBe(true);
  });

  describe('with more names in our own /dev/shm than anybody can read', () => {
    const many = `import os
for n in range(60000): os.close(os.open("/dev/shm/many-%d" % n, os.O_CREAT | os.O_WRONLY))
with open("/dev/shm/many-large", "wb") as f: f.write(b"x" * 65536)
os.mkdir("/dev/shm/many"); d = os.open("/dev/shm/many", os.O_RDONLY)
for n in range(2100):
  os.mkdir("d", dir_fd=d); below = os.open("d", os.O_RDONLY, dir_fd=d); os.close(d); d = below
os.close(os.open("deep", os.O_CREAT | os.O_WRONLY, dir_fd=d))`;
    beforeAll(async () => {
      expect(
        await lab.run(['/usr/bin/env', 'PATH=/usr/bin:/bin', 'python3', '-c', many], { uid: NOBODY }),
      ).toMatchObject({ code: 0 });
    });
    afterAll(async () => {
      const clear = `import os, sys
sys.setrecursionlimit(9000)
for e in os.scandir("/dev/shm"):
  if e.is_file() and e.name.startswith("many"): os.unlink(e.path)
d = os.open("/dev/shm/many", os.O_RDONLY); dirs = [d]
while True:
  try: d = os.open("d", os.O_RDONLY, dir_fd=d)
  except OSError: break
  dirs.append(d)
os.unlink("deep", dir_fd=dirs[-1])
for d in reversed(dirs[:-1]): os.rmdir("d", dir_fd=d)`;
      await lab.run(['python3', '-c', clear]);
    });

    test('the largest are listed, the others counted, and a gap names the place', async () => {
      const { objects, gaps } = await timedLs();
      const theirs = objects.filter(({ name }) => name.startsWith('/many'));
      expect(theirs.length).toBeGreaterThan(40_000);
      expect(theirs.length).toBeLessThan(55_000);
      expect(objects.map(({ name }) => name)).toContain('/many-large');
      expect(gaps.some(({ source, reason, count }) => source === 'dev-shm' && reason === 'limit' && count > 9000)).toBe(
        true,
      );
    });
  });
});

describe.skipIf(noProof)(labTitle('names and victims of other users who mount', noProof), () => {
  beforeAll(async () => {
    lab = await openLab('machine-pids');
    disk = mkdtempSync('/var/tmp/shmtop-attack-');
    chmodSync(disk, 0o755);
    victimOn(disk);
    await lab.run([
      'sh',
      '-ec',
      `mkdir "$1/victim"; echo x > "$1/victim/$2"; chown -R 2000:2000 "$1/victim"`,
      'sh',
      lab.scratch,
      leftover('victim'),
    ]);
    await lab.run(['sh', '-ec', 'echo x > "/dev/shm/$1"', 'sh', leftover('ours')]);
  });
  afterEach(endAll);
  afterAll(async () => {
    if (disk) rmSync(disk, { recursive: true, force: true });
    await lab?.close();
  });

  test('(without them, the leftover in our own /dev/shm is found: what follows could fail)', async () => {
    expect(namedIn(await lab.ls(AT_ONCE), leftover('ours')).verdict.state).toBe('abandoned');
  });

  /** What the victim of each is: a folder on disk, and one on a tmpfs of the host. */
  const ways: readonly (readonly [string, (victim: string) => Promise<Attacker>])[] = [
    ['mount it over their /dev/shm', (victim) => start('mounts/over.sh', victim)],
    ['make /dev/shm a link to it', (victim) => start('mounts/link.sh', victim)],
    ['mount it below a name that a rule knows', (victim) => start('mounts/below-a-name.sh', victim, leftover('trap'))],
    ['show it through an overlay', (victim) => start('mounts/overlay.sh', victim)],
  ];
  for (const [way, begin] of ways) {
    for (const where of ['on disk', 'on a tmpfs of the host'] as const) {
      test(`a folder of somebody else ${where}: nothing in it is called abandoned or removed when they ${way}`, async () => {
        const victim = join(where === 'on disk' ? disk : lab.scratch, 'victim');
        await begin(victim);
        const now = await lab.ls(AT_ONCE);
        expect(
          marked(now).filter(({ name, verdict }) => name.includes(leftover('victim')) && verdict.state === 'abandoned'),
        ).toEqual([]);
        if (where === 'on disk')
          expect(marked(now).filter(({ name }) => name.includes(leftover('victim')))).toEqual([]);
        const { code, stdout } = await wouldRemove('--namespace', 'all', `!name=${leftover('ours')}`);
        expect({ code, stdout }).toEqual({ code: 0, stdout: 'nothing to remove\n' });
        const left = await lab.run(['cat', join(victim, leftover('victim'))]);
        expect(left.code).toBe(0);
      });
    }
  }

  test('a tmpfs of the host, shown whole as /dev/shm: nothing in it is called abandoned', async () => {
    await lab.run(['sh', '-ec', 'echo x > "$1"', 'sh', `${lab.scratch}/${leftover('whole')}`]);
    await start('mounts/over.sh', lab.scratch);
    const found = anywhere(await lab.ls(AT_ONCE), 'whole');
    expect(found.verdict.state).toBe('unheld');
    expect(found.verdict.evidence.map(({ code }) => code)).toContain('not-dedicated');
    const { stdout } = await wouldRemove('--namespace', 'all', `name=${leftover('whole')}`);
    expect(stdout).toBe('nothing to remove\n');
  });

  test.each(['user', 'root'] as const)(
    'what is abandoned in their own /dev/shm (made by a %s) is found, and goes only where their namespace is named',
    async (by) => {
      const one = await attackWith(lab, scriptWords('mounts/own-tmpfs.sh', leftover('theirs')), by);
      running.push(one);
      const found: LsObject & { mountNamespace?: string } = anywhere(await lab.ls(AT_ONCE), 'theirs');
      expect(found.verdict.state).toBe('abandoned');
      const path = `/proc/${one.pid}/root/dev/shm/${leftover('theirs')}`;
      const isThere = () => lab.run(['ls', path]).then(({ code }) => code === 0);
      const filter = `name=${leftover('theirs')}`;
      const unnamed = await wouldRemove(filter);
      expect({ code: unnamed.code, stdout: unnamed.stdout }).toEqual({ code: 0, stdout: 'nothing to remove\n' });
      expect(unnamed.stderr).toContain(`1 object in another namespace stayed: --namespace ${found.mountNamespace}`);
      expect(await isThere()).toBe(true);
      expect((await wouldRemove(filter, `ns=${found.mountNamespace}`)).stdout).toContain(`${found.id}  abandoned`);
      const named = await lab.shmtop(['rm', '--yes', ...AT_ONCE, found.id]);
      // Where root of ours is nobody the kernel lets no name be moved, and nothing is unlinked without that.
      expect(named.stderr).toContain(by === 'user' ? 'lies on a tmpfs of another user namespace' : '');
      expect(await isThere()).toBe(by === 'user');
    },
    20_000,
  );

  test.each([
    ['a place with the byte A0', 'mod\\303\\250le \\303\\240 jour'],
    ['a place with a newline', 'a\\012b'],
    ['a plain place', 'plain'],
  ])('a file of ours that they mount at %s is wanted there', async (_, place) => {
    await start('mounts/file-at.sh', `/dev/shm/${leftover('ours')}`, place);
    const found = namedIn(await lab.ls(AT_ONCE), leftover('ours'));
    expect(found.verdict.state).toBe('unheld');
    expect(found.verdict.evidence.map(({ code }) => code)).toContain('mounted-elsewhere');
  });

  test('a file of ours that is mounted in a namespace that only a descriptor keeps is no leftover', async () => {
    await start('mounts/kept.py', `/dev/shm/${leftover('ours')}`);
    const found = namedIn(await lab.ls(AT_ONCE), leftover('ours'));
    expect(found.verdict.state).toBe('unheld');
    // Before Linux 6.11 nobody can tell what is mounted there.
    const [major = 0, minor = 0] = release().split('.').map(Number);
    const tells = major > 6 || (major === 6 && minor >= 11);
    expect(found.verdict.evidence.map(({ code }) => code)).toContain(tells ? 'mounted-elsewhere' : 'mounts-unknown');
  });

  describe('where few look', () => {
    let hidden: string;
    let old: string;
    beforeAll(async () => {
      hidden = await compiled(lab, 'mounts/hidden.c');
      old = await compiled(lab, 'mounts/old-kernel.c');
      await lab.run([
        'sh',
        '-ec',
        `echo x > "/dev/shm/$1"; chown ${NOBODY} "/dev/shm/$1"`,
        'sh',
        leftover('wantedByThem'),
      ]);
    });
    const judged = async (command: readonly string[]) => {
      const now: Ls = JSON.parse(
        (await lab.run([...command, ...lab.shmtopWords(['ls', '--json', ...AT_ONCE])])).stdout,
      );
      const state = (what: keyof typeof NUMBERS) => namedIn(now, leftover(what)).verdict.state;
      return { wanted: state('wantedByThem'), leak: state('ours') };
    };

    test('(without anybody who mounts it, what they want is a leftover as well)', async () => {
      expect(await judged([])).toEqual({ wanted: 'abandoned', leak: 'abandoned' });
      expect(await judged([old])).toEqual({ wanted: 'abandoned', leak: 'abandoned' });
    });

    test.each([
      ['in the namespace of a single thread', 'thread'],
      ['by a process whose main thread has exited', 'exited'],
      ['where most processes of the namespace were chrooted', 'chroots'],
    ])('what they mount %s is not called abandoned, and the leak beside it is', async (_, how) => {
      await run(hidden, how, `/dev/shm/${leftover('wantedByThem')}`);
      expect(await judged([])).toEqual({ wanted: 'unheld', leak: 'abandoned' });
      expect(await judged([old])).toEqual({ wanted: 'unheld', leak: 'abandoned' });
    });

    test.skipIf(!tellsNamespaces)(
      'what they mount in a namespace whose descriptor is in flight is not called abandoned, and the leak beside it is',
      async () => {
        await run(hidden, 'in-flight', `/dev/shm/${leftover('wantedByThem')}`);
        expect(await judged([])).toEqual({ wanted: 'unheld', leak: 'abandoned' });
      },
    );

    test('what they mount by a second name that they take away is not called abandoned', async () => {
      await run(hidden, 'unlinked', `/dev/shm/${leftover('wantedByThem')}`);
      expect((await judged([])).wanted).toBe('unheld');
      expect((await judged([old])).wanted).toBe('unheld');
    });
  });

  test.skipIf(!tellsNamespaces)(
    'who has a very long table of mounts hides no leak where the kernel tells',
    async () => {
      await lab.shm('left', 'shmtop-lab-long');
      await run(await compiled(lab, 'mounts/many.c'), 'long', '8000', '/dev/shm/shmtop-lab-long');
      const now = await timedLs();
      expect(now.ms).toBeLessThan(MOST_MS);
      expect(namedIn(now, leftover('ours')).verdict.state).toBe('abandoned');
    },
  );

  test('whose table is larger than what is read: nothing is called abandoned, and a gap names the process', async () => {
    const other = await lab.shm('left', 'shmtop-lab-other');
    const old = await compiled(lab, 'mounts/old-kernel.c');
    const { pid } = await run(await compiled(lab, 'mounts/many.c'), 'long', '8000', '/dev/shm/shmtop-lab-other');
    const startMs = performance.now();
    const { stdout } = await lab.run([old, ...lab.shmtopWords(['ls', '--json', ...AT_ONCE])]);
    const now = { ...JSON.parse(stdout), ms: performance.now() - startMs } as Ls & { ms: number };
    expect(now.ms).toBeLessThan(MOST_MS);
    const found = namedIn(now, leftover('ours'));
    expect(found.verdict.state).toBe('unheld');
    expect(found.verdict.evidence.map(({ code }) => code)).toContain('mounts-unknown');
    expect(
      now.gaps.some(({ source, reason, pids }) => source === 'ns' && reason === 'limit' && pids?.includes(pid)),
    ).toBe(true);
    expect(other.inode).toBeGreaterThan(0);
  });
});
