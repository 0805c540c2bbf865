// `shmtop check`: its one line, its exit codes, and that nothing unseen is called fine.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEASURES } from '../../../src/cli/check/measure.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { EvidenceCode } from '../../../src/probe/model/judge/evidence.ts';
import type { ShmObject, VerdictState } from '../../../src/probe/model/object.ts';
import type { Snapshot } from '../../../src/probe/model/snapshot.ts';
import { byteString } from '../arbitrary-object.ts';
import { NOTHING, posix, segment } from '../examples.ts';
import { fakeWorld } from '../fake-context.ts';

async function check(
  words: readonly string[],
  snapshot: Snapshot = NOTHING,
  options: Parameters<typeof fakeWorld>[1] = {},
) {
  const world = fakeWorld(snapshot, options);
  const exitCode = await runProgram(['check', ...words], world.context);
  return { exitCode, out: world.out(), err: world.err(), requests: world.requests };
}

const withObjects = (objects: readonly ShmObject[], more: Partial<Snapshot> = {}): Snapshot => ({
  ...NOTHING,
  objects,
  ...more,
});
const judged = (object: ShmObject, state: VerdictState, ...codes: EvidenceCode[]): ShmObject => ({
  ...object,
  verdict: { state, evidence: codes.map((code) => ({ code })) },
});
const left = (shmid: number) =>
  judged(segment(shmid, { rssBytes: 8192 }), 'abandoned', 'nobody-attached', 'creator-dead');

describe('the number of leftovers', () => {
  it('is fine at none, a warning at one, and critical from where it is said', async () => {
    expect(await check(['--abandoned'])).toEqual({
      ...{ exitCode: 0, err: '', requests: [{ includeFiles: false, minAgeSec: 60, rss: true }] },
      out: 'SHMTOP OK - 0 abandoned objects (0 bytes of memory and swap) | abandoned=0;0;;0\n',
    });
    expect(await check(['--abandoned'], withObjects([left(1)]))).toMatchObject({
      exitCode: 1,
      out: 'SHMTOP WARNING - 1 abandoned object (8.0K of memory and swap): sysv:1 | abandoned=1;0;;0\n',
    });
    expect(await check(['--abandoned', '-w', '1', '-c', '2'], withObjects([1, 2, 3, 4].map(left)))).toMatchObject({
      exitCode: 2,
      out: 'SHMTOP CRITICAL - 4 abandoned objects (32.0K of memory and swap): sysv:1, sysv:2, sysv:3 and 1 more | abandoned=4;1;2;0\n',
    });
  });

  it('is what rm would gather: without what is kept, and what lies in other namespaces is told apart', async () => {
    const elsewhere = { ...left(7), id: 'sysv:99:7', shortId: 'sysv:7@99', ipcNamespace: '99' };
    const kept = judged(segment(8), 'orphaned', 'software-keeps');
    const snapshot = withObjects([elsewhere, kept]);
    expect((await check(['--abandoned'], snapshot)).out).toContain('OK - 0 abandoned');
    expect((await check(['--abandoned'], snapshot)).out).toContain('1 more in other namespaces');
    expect(await check(['--abandoned', '--namespace', 'all'], snapshot)).toMatchObject({ exitCode: 1 });
    expect(await check(['--abandoned', '--namespace', '99'], snapshot)).toMatchObject({ exitCode: 1 });
    expect(await check(['--orphaned'], snapshot)).toMatchObject({ exitCode: 0 });
  });

  it('takes filter words, and bytes instead of a number', async () => {
    const snapshot = withObjects([left(1), { ...left(2), user: 'alice' }]);
    expect((await check(['--abandoned', 'user=alice'], snapshot)).out).toContain('1 abandoned object ');
    expect(await check(['--abandoned-bytes', '-w', '10K', '-c', '1M'], snapshot)).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('| abandoned_bytes=16384B;10240;1048576;0\n'),
    });
  });

  it.each([
    [
      'a file of another user, of which an ordinary user cannot ask',
      [judged(posix('/x', 1), 'unknown', 'lease-denied', 'not-inspected')],
      {},
    ],
    [
      'a segment whose maker is in another pid namespace',
      [judged(segment(1), 'unheld', 'nobody-attached', 'creator-invisible')],
      {},
    ],
    [
      'a leftover, seen from a container',
      [judged(posix('/x', 1), 'unheld', 'lease-free', 'outside-invisible', 'name-pid-dead')],
      {},
    ],
    [
      'names beyond those that are listed',
      [],
      { limits: { ...NOTHING.limits, mounts: [{ path: '/dev/shm', device: '0:27', isPartly: true }] } },
    ],
    ['a table of segments that could not be read', [], { gaps: [{ source: 'sysv', reason: 'unsupported', count: 1 }] }],
    ['no native calls', [], { gaps: [{ source: 'native', reason: 'unsupported', count: 1 }] }],
  ] as const)('is not known, rather than fine, beside %s', async (_, objects, more) => {
    const found = await check(['--abandoned'], withObjects(objects, more));
    expect(found).toMatchObject({ exitCode: 3, out: expect.stringMatching(/^SHMTOP UNKNOWN - at least 0 abandoned/) });
    // One that is certain is a warning all the same, and what is enough is critical.
    const beside = withObjects([...objects, left(9)], more);
    expect(await check(['--abandoned', '-w', '0', '-c', '5'], beside)).toMatchObject({ exitCode: 1 });
    expect(await check(['--abandoned', '-c', '0'], beside)).toMatchObject({ exitCode: 2 });
  });

  it.each([
    ['somebody holds it', judged(posix('/x', 1), 'in-use', 'held')],
    ['its maker lives, whatever else is hidden', judged(segment(1), 'unheld', 'creator-alive', 'last-user-invisible')],
    ['it is too young', judged(posix('/x', 1), 'unheld', 'too-young', 'outside-invisible')],
    ['a person keeps it', judged(posix('/x', 1), 'unheld', 'never-touch', 'lease-denied')],
    ['it is a directory', judged(posix('/x', 1, { type: 'directory' }), 'unheld', 'directory', 'not-inspected')],
  ])('is known where %s', async (_, object) => {
    expect(await check(['--abandoned'], withObjects([object]))).toMatchObject({ exitCode: 0 });
  });

  it('is known though a mount of somebody else hides names: those are not counted', async () => {
    const mounts = [{ path: '/proc/7/root/dev/shm', device: '0:99', mountNamespace: '99', isPartly: true }];
    const snapshot = withObjects([], {
      limits: { ...NOTHING.limits, mounts },
      gaps: [{ source: 'dev-shm', reason: 'limit', count: 9 }],
    });
    expect(await check(['--abandoned'], snapshot)).toMatchObject({ exitCode: 0 });
    expect(await check(['--abandoned', '--namespace', 'all'], snapshot)).toMatchObject({ exitCode: 3 });
  });

  it('raises no alarm where nobody knows what is to be kept', async () => {
    const options = { rules: { blocked: 'config.toml is not ours' } };
    expect(await check(['--abandoned'], withObjects([left(1)]), options)).toMatchObject({ exitCode: 3 });
    expect(await check(['--abandoned'], NOTHING, options)).toMatchObject({ exitCode: 0 });
  });
});

describe('how full it is', () => {
  const mounts = [
    { path: '/dev/shm', device: '0:27', sizeBytes: 1000, usedBytes: 850, inodes: 200, inodesUsed: 199 },
    { path: "/srv/it's=here/dev/shm", device: '0:28', sizeBytes: 1000, usedBytes: 10 },
    { path: '/proc/9/root/dev/shm', device: '0:99', mountNamespace: '99', sizeBytes: 1000, usedBytes: 1000 },
  ];
  const full: Snapshot = { ...NOTHING, limits: { ...NOTHING.limits, shmmni: '4096', segments: 4096, mounts } };

  it('is the fullest of our own mounts; what others mount as theirs raises no alarm', async () => {
    expect(await check(['--shm-used'], full)).toMatchObject({
      exitCode: 1,
      out: `SHMTOP WARNING - 85% of the bytes of /dev/shm used (850 bytes of 1000 bytes); 1% of the bytes of /srv/its=here/dev/shm used (10 bytes of 1000 bytes) | shm_used=85%;80;90;0;100 shm=850B;;;0;1000 'shm_used /srv/its?here/dev/shm'=1%;80;90;0;100 'shm /srv/its?here/dev/shm'=10B;;;0;1000\n`,
    });
    expect(await check(['--inodes-used'], full)).toMatchObject({
      exitCode: 2,
      out: expect.stringContaining('inodes_used=99.5%;80;90;0;100'),
    });
    expect(await check(['--segments-used', '-c', '99%'], full)).toMatchObject({
      exitCode: 2,
      out: expect.stringContaining('segments_used=100%;;99;0;100 segments=4096;;;0;4096'),
    });
  });

  it('is not that of what an engine keeps mounted here for a container, which fills it', async () => {
    const theirs = { path: '/var/lib/docker/x/mounts/shm', device: '0:98', isOfOthers: true, isPartly: true };
    const filled = { ...theirs, sizeBytes: 4096, usedBytes: 4096, inodes: 2, inodesUsed: 2 };
    const quiet = { path: '/dev/shm', device: '0:27', sizeBytes: 4096, usedBytes: 0, inodes: 9, inodesUsed: 1 };
    const beside = { ...NOTHING, limits: { ...NOTHING.limits, mounts: [quiet, filled] } };
    for (const measure of ['--shm-used', '--inodes-used', '--abandoned'])
      expect(await check([measure], beside)).toMatchObject({ exitCode: 0 });
    expect(await check(['--abandoned', '--namespace', 'all'], beside)).toMatchObject({ exitCode: 3 });
  });

  it('is not known where it cannot be read', async () => {
    const none = { ...full, limits: { ...full.limits, mounts: [] } };
    expect(await check(['--shm-used'], none)).toMatchObject({
      exitCode: 3,
      out: 'SHMTOP UNKNOWN - there is no shared memory file system at /dev/shm\n',
    });
    const blind: Snapshot = { ...full, gaps: [{ source: 'sysv', reason: 'unsupported', count: 1 }] };
    expect(await check(['--segments-used'], blind)).toMatchObject({ exitCode: 3 });
    expect(await check(['--semaphores-used'], full, { semaphores: 'semctl: ENOSYS' })).toMatchObject({
      exitCode: 3,
      out: expect.stringContaining('semctl: ENOSYS'),
    });
    const unlimited = { ...full, limits: { ...full.limits, mounts: [{ path: '/dev/shm', device: '0:27' }] } };
    expect(await check(['--inodes-used'], unlimited)).toMatchObject({ exitCode: 3 });
  });

  it('counts semaphores and their sets: the fuller one decides', async () => {
    const semaphores = { sets: 16, mostSets: 16, semaphores: 16, mostSemaphores: 32_000 };
    expect(await check(['--semaphores-used'], full, { semaphores })).toMatchObject({
      exitCode: 2,
      out: expect.stringContaining('100% of semaphore sets used (16 of 16); 0.05% of semaphores used (16 of 32000)'),
    });
  });
});

describe('as a plug-in', () => {
  it.each([
    [[], 'check needs one measure'],
    [['--abandoned', '--orphaned'], 'check needs one measure, not 2'],
    [['--abandoned', '-w', '5:3'], '--warning takes a range'],
    [['--shm-used', '-c', '1G'], '--critical takes a range'],
    [['--shm-used', 'user=alice'], 'takes no filter words'],
    [['--shm-used', '--namespace', 'all'], 'of our own namespaces'],
    [['--nonsense'], 'unknown option --nonsense'],
    [['--abandoned', '--min-age', 'x'], '--min-age takes'],
    [['--abandoned', '--namespace', 'x'], '--namespace takes numbers'],
    [['--abandoned', 'size>x'], 'is not understood'],
  ])('%j is told on standard output, with exit code 3', async (words, message) => {
    const { exitCode, out, err } = await check(words);
    expect({ exitCode, err }).toEqual({ exitCode: 3, err: '' });
    expect(out).toContain(message);
    expect(out).toMatch(/^SHMTOP UNKNOWN - [^\n]*\n$/);
  });

  it.each(['--help', '-h', '--version', '-V'])(
    '%s is no answer: exit code 3, as the guidelines have it',
    async (flag) => {
      expect(await check([flag])).toMatchObject({ exitCode: 3, err: '', requests: [] });
    },
  );

  it('tells of a fault of its own as unknown: exit code 1 would be a warning', async () => {
    const world = fakeWorld(NOTHING);
    const sample = () => {
      throw new TypeError('a bug | with "words"\n');
    };
    expect(await runProgram(['check', '--abandoned'], { ...world.context, sample })).toBe(3);
    expect(world.out()).toBe('SHMTOP UNKNOWN - a fault of shmtop: a bug ? with words?\n');
  });

  it('has exit code 3 where its line could not be written', async () => {
    const world = fakeWorld(NOTHING);
    const write = () => {
      throw new Error('ENOSPC');
    };
    const stdout = { ...world.context.stdout, write };
    expect(await runProgram(['check', '--abandoned'], { ...world.context, stdout })).toBe(3);
  });

  it('is one line that no shell, mail or page takes for its own, whatever things are called', async () => {
    await fc.assert(
      fc.asyncProperty(byteString, fc.constantFrom(...MEASURES), async (name, { option }) => {
        const object = judged(posix(`/${name}`, 5), 'abandoned', 'software-leftover');
        const mounts = [{ path: name, device: '0:27', sizeBytes: 10, usedBytes: 10, inodes: 3, inodesUsed: 3 }];
        const { out } = await check([`--${option}`], withObjects([object], { limits: { ...NOTHING.limits, mounts } }));
        expect(out).toMatch(/^SHMTOP [A-Z]+ - [\w .,:;/()%@+=?-]*( \| [\w .,:;/()%@+=?'~-]*)?\n$/);
        expect(out.match(/'/g)?.length ?? 0).toBeLessThanOrEqual(4);
      }),
      { numRuns: 200 },
    );
  });
});
