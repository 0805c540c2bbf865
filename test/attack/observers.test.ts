// Observers disturb nobody: not the programs whose files they look at, not each other; and nobody passes for one of them.
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import { isByteLocked, lockByte } from '../../src/native/record-lock.ts';
import { nodeIo } from '../../src/probe/source/io-node.ts';
import { readNamespace } from '../../src/probe/source/namespace-link.ts';
import { OwnTools } from '../../src/probe/source/own-tools.ts';
import { isStat, readPidStat } from '../../src/probe/source/pid-stat.ts';
import { containerReason, type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { RunningWatch } from '../support/watch-lab.ts';

const program = (name: string) => fileURLToPath(new URL(`observers/${name}.py`, import.meta.url));
const missing = labMissing();
const AT_ONCE = ['--min-age', '0'];
const NO_PID = 4999999; // above the kernel's highest pid_max
const LEFT = 300;
const FRESH = 300;

describe.skipIf(missing ?? containerReason())(labTitle('a look', missing ?? containerReason()), () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab('machine-pids');
    const make = `for i in $(seq ${FRESH}); do echo x > /dev/shm/fresh$i; done`;
    await lab.run(['sh', '-ec', make]);
    const source = fileURLToPath(new URL('observers/nonblock.c', import.meta.url));
    await lab.compile(join(lab.scratch, 'nonblock'), source);
  });
  afterAll(() => lab?.close());

  const runs = (words: readonly string[], times: number) =>
    Array.from({ length: times }).reduce<Promise<unknown>>((last) => last.then(() => lab.ls(words)), Promise.resolve());

  test('a program that opens its file without waiting (O_NONBLOCK) is never refused by a look at it', async () => {
    const opener = lab.run([join(lab.scratch, 'nonblock'), '/dev/shm/fresh', String(FRESH), '5']);
    await Promise.all([runs([], 8), runs([], 8)]);
    const { opens, refused } = JSON.parse((await opener).stdout);
    expect(opens).toBeGreaterThan(10_000);
    expect(refused).toBe(0);
  });

  test('what is young, and of what everything is known, is not opened at all', async () => {
    const counter = lab.start(['python3', program('opens'), '/dev/shm']);
    const said = text(counter.stdout);
    await sleep(300);
    const { objects, visibility } = await lab.ls();
    const unseen = visibility.processes > visibility.inspected ? 'not-inspected' : 'nobody-holds';
    expect(objects.filter(({ name }) => name === '/fresh1')).toMatchObject([
      {
        verdict: {
          state: 'unheld',
          evidence: [{ code: unseen }, { code: 'too-young' }, { code: 'maker-unknown' }],
        },
      },
    ]);
    counter.stdin.end();
    const [ready, opens = ''] = (await said).split('\n');
    expect(ready).toBe('ready');
    expect(JSON.parse(opens)).toEqual({});
  });
});

// Among their own processes: what else runs on the machine does not matter to them.
describe.skipIf(missing)(labTitle('observers', missing), () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    const make = `for i in $(seq ${LEFT}); do echo left > /dev/shm/stress-ng-${NO_PID}-left-$i; done`;
    await lab.run(['sh', '-ec', make]);
  });
  afterAll(() => lab?.close());

  test('several that look at the same moment never show each other as who holds something', async () => {
    const look = async () => {
      for (let times = 0; times < 4; times++) {
        const { objects } = await lab.ls(AT_ONCE);
        const ours = objects.filter(({ name }) => name.includes(`stress-ng-${NO_PID}-left`));
        expect(ours).toHaveLength(LEFT);
        expect(ours.filter(({ holders }) => holders.length > 0)).toEqual([]);
        expect(ours.filter(({ verdict }) => verdict.state === 'in-use')).toEqual([]);
      }
    };
    await Promise.all([look(), look(), look()]);
  });

  test('a watch and its recording tell nothing of the looks of others, and all of everybody else', async () => {
    const recording = join(lab.scratch, 'recording');
    const watch = await RunningWatch.start(lab, ['--record', recording]);
    await Promise.all([lab.ls(AT_ONCE), lab.ls(AT_ONCE)]);
    await lab.run(['sh', '-c', `exec 3< /dev/shm/stress-ng-${NO_PID}-left-1; sleep 0.2`]);
    await sleep(500);
    const glances = watch.events.filter(({ event }) => event === 'opened' || event === 'closed');
    const told = glances.map(({ event, name, comm }) => `${event} ${name} ${comm}`);
    // Each is told once: other programs of the machine that read every file are not of this test.
    expect(told.filter((line) => /left-1 sh$/.test(line))).toEqual([
      `opened /stress-ng-${NO_PID}-left-1 sh`,
      expect.stringMatching(/^closed /),
    ]);
    expect(told.filter((line) => /shmtop|MainThread|node/.test(line))).toEqual([]);
    await watch.stop();
    const recorded = (await lab.run(['cat', recording])).stdout;
    expect(recorded).toContain('"opened"');
    expect(recorded).not.toMatch(/"(opened|closed)"[^\n]*"(shmtop|MainThread|node)"/);
  });

  test('an ordinary user who calls himself shmtop is told like anybody', async () => {
    const watch = await RunningWatch.start(lab);
    await lab.run(['sh', '-ec', 'echo x > /dev/shm/bait; chmod 644 /dev/shm/bait']);
    const script = readFileSync(new URL('observers/impostor.sh', import.meta.url), 'utf8');
    const { stdout } = await lab.run(['sh', '-c', script, 'sh', '/dev/shm/bait'], { uid: NOBODY });
    await sleep(400);
    const his = watch.events.filter(({ pid, name }) => pid === Number(stdout) && name === '/bait');
    expect(his.map(({ event, comm }) => `${event} ${comm}`)).toEqual(['opened shmtop', 'closed shmtop']);
    await watch.stop();
  });

  test('every thread of ours that we name is called shmtop', async () => {
    const child = lab.start(['sh', '-c', 'echo $$; exec "$@"', 'sh', ...lab.shmtopWords(['watch', '--json'])]);
    const [line] = await once(child.stdout, 'data');
    const pid = Number(String(line).split('\n')[0]);
    await once(child.stderr, 'data');
    await sleep(500);
    const { stdout } = await lab.run(['sh', '-c', `cat /proc/${pid}/comm /proc/${pid}/task/*/comm`]);
    const names = stdout.trim().split('\n');
    expect(names[0]).toBe('shmtop');
    expect(names).toContain('shmtop-poll');
    expect(names.filter((name) => /^(node|MainThread|WorkerThread)/.test(name))).toEqual([]);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
});

describe.skipIf(process.getuid?.() !== 0)('who says that he is a shmtop', () => {
  const io = nodeIo();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-tools-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function entry(pid: number | 'self', mode = 0o644, where = folder): void {
    const stat = readPidStat(io, '/proc', pid);
    const namespace = readNamespace(io, '/proc', 'self', 'pid');
    const number = pid === 'self' ? process.pid : pid;
    writeFileSync(join(where, String(number)), `${isStat(stat) ? stat.startTicks : 0} ${namespace}\n`, { mode });
    chmodSync(join(where, String(number)), mode);
  }
  const toolsOf = (uid: number, path = folder) => {
    const tools = new OwnTools(io, true, [{ path, uid }]);
    tools.refresh();
    return tools;
  };

  test('is believed where only its user can write, as long as that very process lives', () => {
    entry(process.ppid);
    expect(toolsOf(0).isOurs(process.ppid)).toBe(true);
    expect(toolsOf(0).isOurs(1)).toBe(false);
    writeFileSync(join(folder, String(process.ppid)), `1 ${readNamespace(io, '/proc', 'self', 'pid')}\n`);
    const other = toolsOf(0);
    expect(other.isOurs(process.ppid, Date.now() + 60_000)).toBe(false); // a pid that was given out again
  });

  test('is not believed in a folder, or by a file, that others can write to or that is of somebody else', () => {
    entry(process.ppid, 0o666);
    expect(toolsOf(0).isOurs(process.ppid)).toBe(false);
    entry(process.ppid);
    expect(toolsOf(NOBODY).isOurs(process.ppid)).toBe(false);
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    entry(process.ppid, 0o644, open);
    expect(toolsOf(0, open).isOurs(process.ppid)).toBe(false);
    chmodSync(open, 0o755);
    expect(toolsOf(0, open).isOurs(process.ppid)).toBe(true);
  });

  test('costs nothing for the entries of those that are not asked about, and a pid that comes again is read anew', () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    for (let at = 1; at <= 2000; at++) writeFileSync(join(many, String(100_000 + at)), '1 1\n', { mode: 0o644 });
    entry(process.ppid, 0o644, many);
    const tools = new OwnTools(io, true, [{ path: many, uid: 0 }]);
    const before = readFileSync('/proc/self/io', 'latin1');
    tools.refresh();
    const reads = (text: string) => Number(/syscr: (\d+)/.exec(text)?.[1]);
    expect(reads(readFileSync('/proc/self/io', 'latin1')) - reads(before)).toBeLessThan(50);
    expect([tools.mayBeOurs(100_001), tools.isOurs(100_001), tools.isOurs(process.ppid)]).toEqual([true, false, true]);
    rmSync(join(many, String(process.ppid)));
    writeFileSync(join(many, String(process.ppid)), '1 1\n', { mode: 0o644 });
    tools.refresh();
    expect(tools.isOurs(process.ppid)).toBe(false);
  });

  test('announces itself once, with what others need to know it', () => {
    const mine = join(folder, 'mine');
    const tools = new OwnTools(io, true, [{ path: mine, uid: 0 }]);
    tools.announce();
    const stat = readPidStat(io, '/proc', 'self');
    const said = readFileSync(join(mine, String(process.pid)), 'utf8');
    expect(said).toBe(`${isStat(stat) && stat.startTicks} ${readNamespace(io, '/proc', 'self', 'pid')}\n`);
    expect(tools.isOurs(process.pid)).toBe(false); // itself is known by its pid
  });

  test('leaves no entry behind for ever: those of pid namespaces that are gone go too, and nobody else takes them', () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    const libc = loadLibc();
    if (!isLibc(libc)) throw new Error(libc.reason);
    const write = (pid: number, namespace: string, ageMs: number) => {
      const path = join(shared, String(pid));
      writeFileSync(path, `1 ${namespace}\n`, { mode: 0o644 });
      utimesSync(path, new Date(Date.now() - ageMs), new Date(Date.now() - ageMs));
      return path;
    };
    const own = readNamespace(io, '/proc', 'self', 'pid') ?? '';
    const HOUR_MS = 3_600_000;
    write(900_001, '1', HOUR_MS); // of a namespace that nobody is in any more
    write(900_002, own, HOUR_MS); // of ours, ended
    write(900_003, '1', 0); // of another one, just begun: its lock comes in a moment
    const held = openSync(write(900_004, '1', HOUR_MS), constants.O_WRONLY);
    expect(lockByte(libc, held, 0)).toBe(0); // of another one, alive
    new OwnTools(io, true, [{ path: shared, uid: 0 }]).announce();
    expect(readdirSync(shared).sort()).toEqual(['900003', '900004', String(process.pid)].sort());
    // Our own entry is locked in the same way.
    const fd = openSync(join(shared, String(process.pid)), constants.O_RDONLY);
    expect(isByteLocked(libc, fd, 0)).toBe(1);
    closeSync(fd);
    closeSync(held);
    new OwnTools(io, true, [{ path: shared, uid: 0 }]).announce();
    expect(readdirSync(shared)).not.toContain('900004');
  });
});
