// `shmtop watch` as an ordinary user, in --exact mode, and how it ends, in a private place.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RecordingFile } from '../../src/probe/replay/recording-file.ts';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { NOBODY } from '../support/lab-host.ts';
import { act, buildActs, RunningWatch, sum } from '../support/watch-lab.ts';

const missing = labMissing();

describe.skipIf(missing)(labTitle('watch', missing), () => {
  let lab: Lab;
  let acts: string;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    acts = await buildActs(lab);
  });
  afterAll(async () => {
    await lab?.close();
  });

  describe('as an ordinary user', () => {
    let watch: RunningWatch;
    beforeAll(async () => {
      watch = await RunningWatch.start(lab, [], { uid: NOBODY });
    });
    afterAll(async () => {
      await watch.stop();
    });

    test('says why perf and fanotify are not used', () => {
      expect(watch.notes).toMatch(/not watching by perf: .*EACCES|EPERM/);
      expect(watch.notes).toMatch(/not watching by fanotify: /);
      expect(watch.notes).toMatch(/watching by inotify/);
    });

    test("attaches of others' processes are told with pid", async () => {
      const who = await act(lab, acts, ['pairs', '30', '30', '30']);
      const events = () => watch.ofSegment(lab, who.shmid);
      await watch.until(() => sum(events(), 'detached') >= 30);
      expect(sum(events(), 'attached', who.pid)).toBe(30);
      expect(sum(events(), 'detached', who.pid)).toBe(30);
      expect(sum(events(), 'created')).toBe(1);
    });

    test('the end of a creator is told within about a second', async () => {
      const who = await act(lab, acts, ['owner']);
      const died = () => watch.ofSegment(lab, who.shmid).filter(({ event }) => event === 'owner-died');
      await watch.until(() => died().length > 0);
      expect(died()).toMatchObject([{ pid: who.child }]);
    });

    test('a mark and a destruction are told', async () => {
      const who = await act(lab, acts, ['marked']);
      const names = () => watch.ofSegment(lab, who.shmid).map(({ event }) => event);
      await watch.until(() => names().includes('destroyed'));
      expect(names()).toEqual(expect.arrayContaining(['created', 'attached', 'marked', 'destroyed']));
    });

    test('what happens to a name in /dev/shm is told, without pid', async () => {
      await act(lab, acts, ['posix', '20']);
      const mine = () => watch.events.filter(({ name }) => name === '/watch-posix');
      await watch.until(() => mine().some(({ event }) => event === 'marked'));
      const names = mine().map(({ event }) => event);
      expect(names).toEqual(expect.arrayContaining(['created', 'opened', 'resized', 'closed', 'marked']));
      expect(mine().every(({ pid, source }) => pid === undefined && source === 'inotify')).toBe(true);
    });
  });

  test('--exact tells back-to-back pairs, IPC_RMID with its caller, and exits', async () => {
    const watch = await RunningWatch.start(lab, ['--exact']);
    if (watch.notes.includes('not watching by exact')) {
      await watch.stop();
      return;
    }
    const pairs = await act(lab, acts, ['back-to-back']);
    const marked = await act(lab, acts, ['marked']);
    const killed = await act(lab, acts, ['killed']);
    await watch.until(() => sum(watch.ofSegment(lab, killed.shmid), 'detached') >= 3);
    await watch.stop();
    for (const event of ['attached', 'detached']) {
      expect(sum(watch.ofSegment(lab, pairs.shmid), event, pairs.pid)).toBe(500);
      expect(sum(watch.ofSegment(lab, killed.shmid), event, killed.child)).toBe(3);
    }
    const mark = watch.ofSegment(lab, marked.shmid).find(({ event }) => event === 'marked');
    expect(mark).toMatchObject({ pid: marked.pid, source: 'tracepoint' });
  });

  test('an ID and FILTER words select, Ctrl-C ends with 130', async () => {
    const held = await lab.sysv('attached');
    const watch = await RunningWatch.start(lab, [`sysv:${held.shmid}`, 'comm=acts']);
    await act(lab, acts, ['pairs', '5', '3']);
    expect(await watch.stop()).toBe(130);
    expect(watch.events).toEqual([]);
  });

  test('a word that makes no sense is refused with 2', async () => {
    const { code, stderr } = await lab.shmtop(['watch', 'size>much']);
    expect(code).toBe(2);
    expect(stderr).toContain('size>much');
  });

  test('--for ends it with 0', async () => {
    const { code, stdout } = await lab.shmtop(['watch', '--for', '1s', 'comm=nobody-has-this-name']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('--until-empty ends with the last detach', async () => {
    const held = await lab.sysv('attached');
    const ended = lab.shmtop(['watch', '--json', '--for', '20s', '--until-empty', `sysv:${held.shmid}`]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await lab.kill(held.pid);
    expect((await ended).code).toBe(0);
    expect((await lab.shmtop(['watch', '--until-empty', `sysv:${held.shmid}`])).code).toBe(0);
  });

  test('a reader that goes away ends it quietly', async () => {
    const script = `"$0" "$1" watch --for 20s 2>"$3/err" | head -n 1 & sleep 1.5; "$2" pairs 5 20 >/dev/null; wait`;
    const [node = '', main = ''] = lab.shmtopWords([]);
    const { stdout } = await lab.run(['sh', '-c', script, node, main, acts, lab.scratch]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const { stdout: complaints } = await lab.run(['cat', `${lab.scratch}/err`]);
    expect(complaints.replace(/^shmtop: (not )?watching.*\n/gm, '')).toBe('');
  });

  test('--record writes what replay can read, for its owner only', async () => {
    const path = `${lab.scratch}/recording`;
    const watch = await RunningWatch.start(lab, ['--record', path]);
    const who = await act(lab, acts, ['pairs', '5', '10']);
    await watch.until(() => sum(watch.ofSegment(lab, who.shmid), 'detached') >= 10);
    await watch.stop();
    const copy = join(mkdtempSync(join(tmpdir(), 'shmtop-recording-')), 'recording');
    writeFileSync(copy, (await lab.run(['cat', path])).stdout);
    const recording = RecordingFile.open(copy);
    rmSync(dirname(copy), { recursive: true });
    if (typeof recording === 'string') throw new Error(recording);
    expect(recording.damagedLines).toBe(0);
    expect(recording.type(0)).toBe('snapshot');
    const attached = [...recording.entries()].filter(
      (entry) => entry?.type === 'event' && entry.event.event === 'attached',
    );
    expect(attached.length).toBeGreaterThanOrEqual(10);
    expect((await lab.run(['stat', '-c', '%a', path])).stdout.trim()).toBe('600');
  });

  test('a device is not recorded to', async () => {
    const { code, stderr } = await lab.shmtop(['watch', '--for', '1s', '--record', '/dev/full']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('/dev/full is not a regular file')]);
  });

  test('a recording that cannot go on is said, and the watch goes on', async () => {
    const full = `${lab.scratch}/full`;
    await lab.run(['sh', '-ec', `mkdir ${full}; mount -t tmpfs -o size=4k,mode=0777 none ${full}`]);
    const watch = await RunningWatch.start(lab, ['--record', `${full}/rec`]);
    const who = await act(lab, acts, ['pairs', '5', '10']);
    await watch.until(() => sum(watch.ofSegment(lab, who.shmid), 'detached') >= 10);
    await watch.stop();
    expect(watch.notes).toContain(`the recording to ${full}/rec ends here: ENOSPC. The watch goes on.`);
  });

  test('the memory of a destroyed segment is given back while a watch has it marked', async () => {
    const watch = await RunningWatch.start(lab);
    const who = await act(lab, acts, ['marked']);
    await watch.until(() => watch.ofSegment(lab, who.shmid).some(({ event }) => event === 'destroyed'));
    const { stdout } = await lab.run(['cat', '/proc/sysvipc/shm']);
    expect(stdout.split('\n').some((row) => row.trim().split(/\s+/)[1] === String(who.shmid))).toBe(false);
    await watch.stop();
  });

  test('SIGKILL leaves nothing behind: no tracefs, no mark, no process', async () => {
    const child = spawn(process.execPath, [lab.shmtopWords([])[1] ?? '', 'watch', '--exact', '--for', '20s']);
    await once(child.stderr, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const { stdout } = await lab.run(['sh', '-c', 'grep -c tracefs /proc/self/mounts; true']);
    expect(Number(stdout)).toBeLessThanOrEqual(1);
  });
});
