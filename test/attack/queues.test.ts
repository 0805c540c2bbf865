// No queue grows while its reader stands still: others decide how much happens, and a watch may be stopped or not be read.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KnownObjects } from '../../src/probe/merge/known-objects.ts';
import type { ShmDevices } from '../../src/probe/model/join/mapping-record.ts';
import { Backlog, newBacklog } from '../../src/probe/thread/backlog.ts';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';

const CHURN = fileURLToPath(new URL('queues/churn.py', import.meta.url));
const missing = labMissing();
/** Three events or four each: far more than fs.fanotify.max_queued_events and fs.inotify.max_queued_events (16,384). */
const FILES = 40_000;
const MOST_MB = 120;

describe.skipIf(missing)(labTitle('a watch that stands still while others make events', missing), () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab('machine-pids');
  });
  afterAll(() => lab?.close());

  async function startWatch(uid?: number): Promise<ChildProcessWithoutNullStreams> {
    const child = lab.start(lab.shmtopWords(['watch', '--json']), { uid });
    let notes = '';
    child.stderr.on('data', (data) => {
      notes += String(data);
    });
    for (let waited = 0; !notes.includes('by poll') && waited < 8000; waited += 20) await sleep(20);
    expect(notes).toContain('watching by poll');
    await sleep(300);
    return child;
  }
  const churn = () => lab.run(['python3', CHURN, '/dev/shm', String(FILES)]);
  async function residentMb(pid = 0): Promise<number> {
    const { stdout } = await lab.run(['sh', '-c', `grep VmRSS /proc/${pid}/status`]);
    return Number(/\d+/.exec(stdout)?.[0]) / 1024;
  }
  async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  test('asks the kernel for no queue and no marks without limit', async () => {
    const child = await startWatch();
    const { stdout } = await lab.run(['sh', '-c', `grep -h 'fanotify flags' /proc/${child.pid}/fdinfo/*`]);
    const flags = [...stdout.matchAll(/fanotify flags:([0-9a-f]+)/g)].map(([, hex = '']) => Number.parseInt(hex, 16));
    expect(flags.length).toBeGreaterThan(0);
    for (const each of flags) expect(each & 0x30).toBe(0); // FAN_UNLIMITED_QUEUE, FAN_UNLIMITED_MARKS
    await end(child);
  });

  test.each([
    ['root, by fanotify', undefined],
    ['an ordinary user, by inotify', NOBODY],
  ])('stopped, it says afterwards that something was lost, and takes no more memory (%s)', async (_, uid) => {
    const child = await startWatch(uid);
    const before = await residentMb(child.pid);
    let lines = '';
    child.stdout.on('data', (data) => {
      lines += String(data);
    });
    child.kill('SIGSTOP');
    await churn();
    child.kill('SIGCONT');
    for (let waited = 0; !lines.includes('its queue was full') && waited < 8000; waited += 50) await sleep(50);
    expect(lines).toMatch(/"event":"lost".*its queue was full/);
    expect(lines.split('\n').length).toBeLessThan(FILES * 3);
    expect((await residentMb(child.pid)) - before).toBeLessThan(MOST_MB);
    await end(child);
  });

  test('into a pipe that nobody reads, it takes no more memory, however much happens', async () => {
    const child = lab.start([
      'sh',
      '-c',
      '"$@" 2>/dev/null | { read line; exec sleep 60; }',
      'sh',
      ...lab.shmtopWords(['watch', '--json']),
    ]);
    await sleep(2500);
    const { stdout } = await lab.run(['sh', '-c', `cat /proc/${child.pid}/task/${child.pid}/children`]);
    const pid = Number(stdout.trim().split(' ')[0]);
    const before = await residentMb(pid);
    await churn();
    const segments = 'for i in $(seq 200); do ipcrm -m $(ipcmk -M 4096 | grep -o "[0-9]*$"); done';
    await lab.run(['sh', '-c', segments]);
    await churn();
    expect((await residentMb(pid)) - before).toBeLessThan(MOST_MB);
    await end(child);
    await lab.run(['sh', '-c', `kill -9 ${pid}`]);
  });
});

describe('between threads', () => {
  test('a backlog is full at its limit, and no longer when something was taken, from either end', () => {
    const shared = newBacklog();
    const [sender, receiver] = [new Backlog(shared, 3), new Backlog(shared, 3)];
    sender.sent(2);
    expect(sender.isFull).toBe(false);
    sender.sent();
    expect([sender.isFull, receiver.isFull]).toEqual([true, true]);
    receiver.taken(2);
    expect(sender.isFull).toBe(false);
  });

  test('objects whose end nobody told are forgotten, the oldest first; what is held stays', () => {
    const devices: ShmDevices = { kernelShm: 1, hugetlb: new Set(), mounts: new Set([27]), mountRoots: new Set() };
    const known = new KnownObjects(devices, '1', (id) => id === first.id);
    const first = known.file(27, 1, '/held');
    const second = known.file(27, 2, '/forgotten');
    for (let inode = 3; inode < 200_100; inode++) known.file(27, inode, '/x');
    expect(known.get(first.id)).toBeDefined();
    expect(known.get(second.id)).toBeUndefined();
    expect(known.ofKernelInode(2)).toEqual([]);
  });
});
