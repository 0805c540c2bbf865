import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { AccountReadings, MemoryMount } from '../../src/probe/model/account/account.ts';
import { accountOf } from '../../src/probe/model/account/account-of.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { displayWidth } from '../../src/ui/format/width.ts';
import { expectFit } from '../support/json-schema.ts';
import { DESKTOP, HOSTILE, holder, memfd, NOTHING, posix, SERVER, segment, snapshotOf } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

const MIB = 1 << 20;
const HOSTILE_PATH = '/\x1b[31m\xe2\x80\xae\x9b';
const tmpfs = (device: string, path: string | undefined, more: Partial<MemoryMount> = {}): MemoryMount => ({
  ...{ device, path, fileSystem: 'tmpfs', isReached: true },
  ...more,
});

const READINGS: AccountReadings = {
  ...{ shmemBytes: 200 * MIB, totalBytes: 1024 * MIB, swapBytes: 0 },
  mounts: [
    tmpfs('0:27', '/dev/shm', { usedBytes: 62 * MIB, sizeBytes: 64 * MIB, inodes: 1000, inodesUsed: 40 }),
    tmpfs('0:31', HOSTILE_PATH, { usedBytes: 30 * MIB, sizeBytes: 100 * MIB, pid: 77 }),
    tmpfs('0:32', undefined, { usedBytes: 8 * MIB }),
  ],
  gpus: [{ id: '0000:00:02.0', driver: 'i915', bytes: 3 * MIB }],
  pools: [{ pageBytes: 2 * MIB, pages: 4, free: 0, reserved: 0, surplus: 0 }],
};

const NEARLY_FULL = { path: '/dev/shm', device: '0:27', sizeBytes: 64 * MIB, usedBytes: 62 * MIB };

const OBJECTS = [
  posix('/etl', 1, { allocatedBytes: 22 * MIB, holders: [4, 5, 6, 7].map((pid) => holder(pid, 'etl-worker')) }),
  segment(1, { rssBytes: 10 * MIB }),
  memfd('memfd:x', 2, { allocatedBytes: 5 * MIB }),
];

async function run(snapshot: Snapshot, argv: readonly string[], columns?: number) {
  const account = accountOf(snapshot, READINGS);
  const world = fakeWorld(snapshot, { account, ...(columns === undefined ? {} : { columns }) });
  const exitCode = await runProgram(['summary', ...argv], world.context);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('summary', () => {
  it('is a tree of all that is Shmem, with who has it, what is near its end, and the remainder', async () => {
    const { exitCode, out } = await run(
      snapshotOf(OBJECTS, { limits: { ...SERVER.limits, mounts: [NEARLY_FULL] } }),
      [],
    );
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^shared memory \(Shmem\) .* 200M +100% +20% of 1.0G of memory/);
    expect(out).toMatch(/^ {2}\/dev\/shm .* 62\.0M +31% +96% of 64\.0M/m);
    expect(out).toMatch(/^ {4}files that are not listed one by one +40\.0M/m);
    expect(out).toMatch(/^ {2}tmpfs 0:32 .* 8\.0M.*mounted nowhere any more/m);
    expect(out).toMatch(/^ {2}buffers of graphics \(i915\) .* 3\.0M/m);
    expect(out).toMatch(/^ {2}remainder .* 82\.0M/m);
    expect(out).toMatch(/^huge pages of 2\.0M .* 4 of 4 pages in use/m);
    expect(out).toMatch(/^\/dev\/shm \d+% full.*biggest: etl-worker\[4\] 22\.0M\.$/m);
  });

  it('says which part nothing but holders keep and which another process sees, and prints no byte of theirs raw', async () => {
    for (const argv of [[], ['--by', 'mount'], ['--by', 'process'], ['--json']]) {
      const { out } = await run(HOSTILE, argv);
      expect(out).toMatch(/\\x1b\[31/);
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    }
  });

  it('promises of other namespaces only what the command takes that it names', async () => {
    const proven = { verdict: { state: 'abandoned', evidence: [{ code: 'nobody-attached' }] } } as const;
    const ours = segment(1, { rssBytes: 2 * MIB, swapBytes: 0, ...proven });
    const theirs = segment(2, {
      id: 'sysv:99:2',
      shortId: 'sysv:2@99',
      ipcNamespace: '99',
      rssBytes: 64 * MIB,
      ...proven,
    });
    const linked = posix('/two', 3, { links: 2, allocatedBytes: MIB, ...proven });
    const { out } = await run(snapshotOf([ours, theirs, linked]), []);
    expect(out).toContain('Would come free for sure: 1 object abandoned, 2.0M (shmtop rm --abandoned).');
    expect(out).toContain(
      'Would come free for sure, in other namespaces: 1 object abandoned, 64.0M (shmtop rm --abandoned --namespace all).',
    );
    expect(out).toContain('1 object abandoned, but not taken in bulk (shmtop ls verdict=abandoned).');
    expect((await run(snapshotOf([]), [])).out).toContain('There is no object.');
  });

  it('tells what only others see from what has the same path here, in every row', async () => {
    const own = READINGS.mounts.slice(0, 1);
    const theirs = tmpfs('0:31', '/dev/shm', { usedBytes: 30 * MIB, pid: 77 });
    const data = tmpfs('0:33', '/var/lib/data', { usedBytes: 20 * MIB, pid: 78 });
    const snapshot = snapshotOf(OBJECTS);
    const account = accountOf(snapshot, { ...READINGS, mounts: [...own, theirs, data] });
    for (const argv of [[], ['--by', 'owner'], ['--json']]) {
      const world = fakeWorld(snapshot, { account, columns: 80 });
      await runProgram(['summary', ...argv], world.context);
      expect(world.out()).toMatch(/\bns 77\b/);
      expect(world.out()).toMatch(/\bns 78:\/var\/lib\/data\b/);
      expect(world.out()).not.toMatch(/^ +(files on )?\/var\/lib\/data/m);
    }
  });

  it('is not complete where mounts could not all be asked, and says what the remainder has', async () => {
    const snapshot = snapshotOf(OBJECTS);
    for (const isPartly of [false, true]) {
      const account = accountOf(snapshot, { ...READINGS, isPartly });
      const [text, json] = [fakeWorld(snapshot, { account }), fakeWorld(snapshot, { account })];
      await runProgram(['summary'], text.context);
      await runProgram(['summary', '--json'], json.context);
      expect(text.out().includes('could not all be asked')).toBe(isPartly);
      expect(JSON.parse(json.out()).complete).toBe(snapshot.visibility.complete && !isPartly);
    }
  });

  it.each([40, 80, 200])('is never wider than %i columns', async (columns) => {
    for (const argv of [[], ['--by', 'owner'], ['--by', 'process', '--bytes']]) {
      const { out } = await run(HOSTILE, argv, columns);
      for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it.each([
    ['server', SERVER],
    ['desktop', DESKTOP],
    ['hostile', HOSTILE],
    ['nothing', NOTHING],
  ])('--json of %s fits its schema', async (_, snapshot) => {
    for (const by of ['owner', 'unit', 'process']) {
      const { out } = await run(snapshot, ['--json', '--by', by]);
      expectFit('summary', JSON.parse(out));
    }
  });

  it('has a line for the largest only, where somebody has mounted thousands', async () => {
    const flood = Array.from({ length: 3000 }, (_, at) => tmpfs(`0:${1000 + at}`, `/home/${at}`, { usedBytes: 4096 }));
    const account = accountOf({ objects: OBJECTS }, { ...READINGS, mounts: [...READINGS.mounts, ...flood] });
    const world = fakeWorld(snapshotOf(OBJECTS), { account });
    await runProgram(['summary'], world.context);
    expect(world.out().split('\n').length).toBeLessThan(80);
    expect(world.out()).toMatch(/^ {2}\d+ smaller parts +.* 11\.\dM/m);
    expect(world.out()).toMatch(/^ {2}\/dev\/shm .* 62\.0M/m);
  });

  it('with FILTER words is the sum of what they select, without files and remainder', async () => {
    const { out } = await run(snapshotOf(OBJECTS), ['kind=memfd', '--json']);
    const { sums, filtered, parts } = JSON.parse(out);
    expect(filtered).toBe(true);
    expect(sums.map(({ kind, bytes }: { kind: string; bytes: number }) => [kind, bytes])).toEqual([
      ['objects', 5 * MIB],
    ]);
    expect(parts.length).toBeGreaterThan(3);
  });

  it('refuses what it cannot sum by, with what may have been meant', async () => {
    const { exitCode, err } = await run(NOTHING, ['--by', 'usr']);
    expect(exitCode).toBe(2);
    expect(err).toContain('did you mean user?');
  });
});

describe('ls without an object', () => {
  const text = async (shmemBytes: number) => {
    const world = fakeWorld(NOTHING, { memory: { totalBytes: 1024 * MIB, shmemBytes } });
    await runProgram(['ls'], world.context);
    return world.out();
  };

  it('says that there is none only where the kernel counts none either', async () => {
    expect(await text(MIB)).toContain('No shared memory here');
    const much = await text(48 * MIB);
    expect(much).not.toContain('No shared memory here');
    expect(much).toContain('None of the 48.0M of shared memory on this machine');
    expect(much).toContain('shmtop summary');
  });
});

describe('what would come free', () => {
  const end = async (
    state: 'unknown' | 'unheld' | 'orphaned' | 'in-use',
    allocatedBytes = MIB,
    filter: string[] = [],
  ) => (await run(snapshotOf([posix('/x', 1, { allocatedBytes, verdict: { state, evidence: [] } })]), filter)).out;

  it('is never called nothing where it could not be judged, or is only wanted perhaps', async () => {
    expect(await end('unknown')).toContain('Not known, since not enough could be seen: 1 object unknown, 1.0M');
    expect(await end('unheld')).toContain('may be wanted again: 1 object unheld, 1.0M');
    for (const state of ['unknown', 'unheld'] as const)
      expect(await end(state)).not.toContain('nothing would come free');
    expect(await end('in-use')).toContain('Somebody holds each object: nothing would come free.');
    expect(await end('in-use', MIB, ['size>1T'])).toContain('There is no object that passes the filter.');
  });

  it('of what has no memory says so, not 0 bytes', async () => {
    expect(await end('orphaned', 0)).toContain('Perhaps: 1 object orphaned, no memory (shmtop rm');
  });
});

describe('what is near its end', () => {
  const full = {
    path: '/dev/shm',
    device: '0:27',
    sizeBytes: 64 * MIB,
    usedBytes: 59 * MIB,
    inodes: 100,
    inodesUsed: 100,
  };
  const snapshot = snapshotOf(OBJECTS, { limits: { ...SERVER.limits, mounts: [full] } });

  it('has below it what to type, in summary and in doctor: never broken, and with what lists the plain files that fill it', async () => {
    const others = [{ kind: 'semaphore-sets', used: 32, limit: 32 }] as const;
    const scratch = { path: '/mnt/a b', device: '0:99', sizeBytes: 16 * MIB, usedBytes: 16 * MIB };
    const near = snapshotOf(OBJECTS, { limits: { ...SERVER.limits, mounts: [full, scratch], others } });
    for (const command of ['summary', 'doctor']) {
      const world = fakeWorld(near, { columns: 40 });
      await runProgram([command], world.context);
      const lines = world
        .out()
        .split('\n')
        .map((line) => line.trim());
      expect(lines).toContain('mount -o remount,nr_inodes=200 /dev/shm');
      expect(lines).toContain("du -ahx '/mnt/a b' | sort -h | tail");
      expect(lines).not.toContain('du -ahx /dev/shm | sort -h | tail');
      expect(lines).toContain("mount -o remount,size=32M '/mnt/a b'");
      expect(lines.indexOf('ipcs -s')).toBeGreaterThan(0);
    }
  });

  it('ends the table of ls in one line for bytes and inodes, with who has most', async () => {
    const world = fakeWorld(snapshot);
    await runProgram(['ls'], world.context);
    expect(world.out()).toMatch(/^\/dev\/shm 92% full, inodes 100%; biggest: etl-worker\[4\]/m);
    expect(world.err()).toBe('');
  });

  it.each(['--csv', '--ndjson', '--no-header'])(
    'goes to standard error with %s, where a program reads the output',
    async (how) => {
      const world = fakeWorld(snapshot);
      await runProgram(['ls', how], world.context);
      expect(world.out()).not.toContain('% full');
      expect(world.err()).toContain('/dev/shm 92% full, inodes 100%');
    },
  );

  it('is not said below 90 %', async () => {
    const world = fakeWorld(
      snapshotOf(OBJECTS, { limits: { ...SERVER.limits, mounts: [{ ...full, usedBytes: 57 * MIB, inodesUsed: 5 }] } }),
    );
    await runProgram(['ls'], world.context);
    expect(world.out()).not.toContain('% full');
  });
});
