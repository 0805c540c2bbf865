// What is known only by its mappings and descriptors: memfd, shared anonymous memory, ordinary files, huge pages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Lab,
  labMissing,
  labTitle,
  type MadeFile,
  type MadeSegment,
  openLab,
  Unsupported,
} from '../support/lab.ts';
import {
  expectMappingsAddUp,
  expectVerdict,
  fileIn,
  holderPids,
  type Ls,
  rawName,
  segmentIn,
} from '../support/lab-json.ts';

const missing = labMissing();

/** What could be made, or why it could not. */
async function attempt<Value>(making: Promise<Value>): Promise<Value | Unsupported> {
  return making.catch((error: unknown) => {
    if (error instanceof Unsupported) return error;
    throw error;
  });
}

describe.skipIf(missing)(labTitle('memfd, anonymous and file mappings', missing), () => {
  let lab: Lab;
  let now: Ls;
  let made: Awaited<ReturnType<typeof makeAll>>;

  async function makeAll() {
    const memfd = (how: string, name: string) => lab.make<MadeFile>(['memfd', '--how', how, '--name', name]);
    const [mapped, opened, privately, anonymous, devZero] = await Promise.all([
      memfd('shared', 'shmtop lab'),
      memfd('fd', 'shmtop-lab-fd'),
      memfd('private', 'shmtop-lab-private'),
      lab.make<MadeFile>(['anonymous']),
      lab.make<MadeFile>(['anonymous', '--how', 'dev-zero']),
    ]);
    const file = await lab.make<MadeFile>(['file', '--how', 'shared', '--path', `${lab.scratch}/ordinary`]);
    const sameNumber = await attempt(lab.make<MadeFile & MadeSegment>(['same-number']));
    return { mapped, opened, privately, anonymous, devZero, file, sameNumber };
  }

  beforeAll(async () => {
    lab = await openLab('own-pids');
    made = await makeAll();
    now = await lab.ls(['--min-age', '0']);
  });
  afterAll(() => lab?.close());

  test('a mapped memfd is in use by who maps it, blanks in its name included', () => {
    const object = fileIn(now, 'memfd', made.mapped);
    expect(rawName(object).toString()).toBe('memfd:shmtop lab');
    expect(object.holders).toMatchObject([
      { pid: made.mapped.pid, mappings: [{ ...made.mapped.range, perms: 'rw-s' }], fds: [] },
    ]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('a memfd that is only open, without a mapping, is found', () => {
    const object = fileIn(now, 'memfd', made.opened);
    expect(rawName(object).toString()).toBe('memfd:shmtop-lab-fd');
    expect(object.holders).toMatchObject([{ pid: made.opened.pid, mappings: [], fds: [made.opened.fd] }]);
    expect(object.sizeBytes).toBe(made.opened.sizeBytes);
    expectVerdict(object, 'in-use', 'held');
  });

  test('shared anonymous memory is one object with the parent and the child as its holders', () => {
    for (const { pid, child = 0, range, ...place } of [made.anonymous, made.devZero]) {
      const object = fileIn(now, 'anonymous', place);
      expect(holderPids(object)).toEqual([pid, child]);
      for (const holder of object.holders) expect(holder.mappings).toEqual([{ ...range, perms: 'rw-s' }]);
      expectVerdict(object, 'in-use', 'held');
    }
  });

  test('a shared mapping of an ordinary file is shown only when all is asked for', async () => {
    expect(now.objects.filter(({ kind, onMemory }) => kind === 'file' && onMemory === undefined)).toEqual([]);
    const object = fileIn(await lab.ls(['--all']), 'file', made.file);
    expect(rawName(object).toString()).toBe(`${lab.scratch}/ordinary`);
    expect(object.holders).toMatchObject([{ pid: made.file.pid, mappings: [{ ...made.file.range, perms: 'rw-s' }] }]);
    expectVerdict(object, 'in-use', 'held');
  });

  test('a memfd and a segment with the same number on the same device are two objects with their own holders', ({
    skip,
  }) => {
    const same = made.sameNumber;
    if (same instanceof Unsupported) return skip(same.message);
    expect(same.inode).toBe(same.shmid);
    const memfd = fileIn(now, 'memfd', same);
    const segment = segmentIn(now, same);
    expect(holderPids(memfd)).toEqual([same.pid]);
    expect(holderPids(segment)).toEqual([same.child]);
    expectMappingsAddUp(segment);
    expect(memfd.id).not.toBe(segment.id);
  });

  test('nothing that lives only in its mappings is ever called anything but in use', () => {
    const kinds = ['memfd', 'anonymous', 'unlinked'];
    const states = now.objects.filter((object) => kinds.includes(object.kind)).map((object) => object.verdict.state);
    expect(new Set(states)).toEqual(new Set(['in-use']));
  });
});

describe.skipIf(missing)(labTitle('huge pages', missing), () => {
  const readPool = () => readFileSync('/proc/sys/vm/nr_hugepages', 'utf8').trim();
  const before = missing === undefined ? readPool() : '';
  let lab: Lab;
  let keeper: ReturnType<typeof keepHugePages>;
  let huge: MadeSegment | Unsupported;

  // The pool of huge pages belongs to the whole machine. This shell puts it back when its input ends, whoever ends it:
  // the test, a signal, or the death of the test run.
  function keepHugePages() {
    const script = `
      pool=/proc/sys/vm/nr_hugepages; old=$(cat $pool)
      trap 'echo $old > $pool' EXIT; trap 'exit 1' HUP INT TERM
      echo $((old + 2)) > $pool && echo ready && cat > /dev/null`;
    const shell = spawn('sh', ['-c', script], { detached: true });
    const ready = new Promise<string>((resolve) => createInterface({ input: shell.stdout }).once('line', resolve));
    return { shell, ready, ended: once(shell, 'close') };
  }

  beforeAll(async () => {
    lab = await openLab('own-pids');
    keeper = keepHugePages();
    await Promise.race([keeper.ready, keeper.ended]);
    huge = await attempt(lab.sysv('huge'));
  });
  afterAll(async () => {
    await lab?.close();
    keeper?.shell.stdin.end();
    await keeper?.ended;
    expect(readPool()).toBe(before);
  });

  test('a segment of huge pages is found with its holder, its page size and its true resident size', async ({
    skip,
  }) => {
    if (huge instanceof Unsupported) return skip(`no huge page to be had: ${huge.message}`);
    const segment = segmentIn(await lab.ls(['--min-age', '0']), huge);
    expect(segment.status).toContain('hugetlb');
    expect(segment.hugePageBytes).toBe(2 << 20);
    // One page was touched. The kernel's own table says 512 times as much on some versions (ipc/shm.c, shm_add_rss_swap).
    expect(segment.rssBytes).toBe(2 << 20);
    expect(segment.holders).toMatchObject([{ pid: huge.pid, mappings: [{ ...huge.range, perms: 'rw-s' }] }]);
    expectMappingsAddUp(segment);
    expectVerdict(segment, 'in-use', 'held', 'attached');
  });
});
