// `shmtop watch` as root in a private place: every attach and detach of real programs, with the right pid, told once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';
import { act, buildActs, RunningWatch, sum } from '../support/watch-lab.ts';

const missing = labMissing();

describe.skipIf(missing)(labTitle('watch as root', missing), () => {
  let lab: Lab;
  let acts: string;
  let watch: RunningWatch;

  beforeAll(async () => {
    lab = await openLab('own-pids');
    acts = await buildActs(lab);
    watch = await RunningWatch.start(lab);
  });
  afterAll(async () => {
    await watch?.stop();
    await lab?.close();
  });

  /** Does it, waits for so many attaches and detaches of its segment, and gives both. */
  async function done(words: readonly string[], attached: number, detached = attached) {
    const who = await act(lab, acts, words);
    const ofSegment = () => watch.ofSegment(lab, who.shmid);
    await watch.until(() => sum(ofSegment(), 'attached') >= attached && sum(ofSegment(), 'detached') >= detached);
    return { who, events: ofSegment() };
  }

  test('perf and fanotify are said to be active, and what they cannot see', () => {
    expect(watch.notes).toMatch(/watching by perf: .*not seen: /);
    expect(watch.notes).toMatch(/watching by fanotify: .*not seen: /);
  });

  test('a hundred attaches of 1 ms to shmid 0 are told with pid and comm', async () => {
    const { who, events } = await done(['pairs', '1', '100'], 100);
    expect(who.shmid).toBe(0);
    expect(sum(events, 'attached', who.pid)).toBe(100);
    expect(sum(events, 'detached', who.pid)).toBe(100);
    expect(sum(events, 'created', who.pid)).toBe(1);
    expect(events.filter(({ comm }) => comm !== 'acts')).toEqual([]);
  });

  test('five hundred attaches back to back are all counted', async () => {
    const { who, events } = await done(['back-to-back'], 500);
    expect(sum(events, 'attached', who.pid)).toBe(500);
    expect(sum(events, 'detached', who.pid)).toBe(500);
  });

  test('a forked child attaches and, by its end, detaches; then its parent does', async () => {
    const { who, events } = await done(['fork-child-first'], 2);
    expect(sum(events, 'attached', who.child)).toBe(1);
    expect(sum(events, 'detached', who.child)).toBe(1);
    expect(sum(events, 'detached', who.pid)).toBe(1);
    const last = events.findLast(({ event }) => event === 'detached');
    expect(last).toMatchObject({ pid: who.pid, nattch: 0 });
  });

  test('a parent that detaches while its child holds the same attach is found by the check', async () => {
    const { who, events } = await done(['fork-parent-first'], 2);
    const detached = events.filter(({ event }) => event === 'detached');
    expect(detached.map(({ pid }) => pid)).toEqual([who.pid, who.child]);
    expect(detached[0]?.source).toBe('poll');
  });

  test('exec lets go', async () => {
    const { who, events } = await done(['exec'], 1);
    expect(sum(events, 'attached', who.child)).toBe(1);
    expect(sum(events, 'detached', who.child)).toBe(1);
  });

  test('SIGKILL lets go of three attaches', async () => {
    const { who, events } = await done(['killed'], 3);
    expect(sum(events, 'attached', who.child)).toBe(3);
    expect(sum(events, 'detached', who.child)).toBe(3);
  });

  test('mprotect, which makes pieces of an attach, is no attach', async () => {
    const { who, events } = await done(['split'], 1);
    expect(sum(events, 'attached', who.pid)).toBe(1);
    expect(sum(events, 'detached', who.pid)).toBe(1);
  });

  test('vfork and exec are no attach', async () => {
    const { who, events } = await done(['vfork'], 1);
    expect(sum(events, 'attached')).toBe(1);
    expect(sum(events, 'detached', who.pid)).toBe(1);
  });

  test('a thousand processes that attach and end are told one by one', async () => {
    const { events } = await done(['many'], 1000);
    const attached = events.filter(({ event }) => event === 'attached');
    expect(sum(events, 'attached')).toBe(1000);
    expect(new Set(attached.map(({ pid }) => pid)).size).toBe(1000);
    expect(sum(events, 'detached')).toBe(1000);
  });

  test('a segment marked for destruction is told marked, then destroyed with its last detach', async () => {
    const { who } = await done(['marked'], 1);
    const events = () => watch.ofSegment(lab, who.shmid).map(({ event }) => event);
    await watch.until(() => events().includes('destroyed'));
    const names = events();
    expect(names.filter((name) => name !== 'owner-died')).toEqual([
      'created',
      'attached',
      'marked',
      'detached',
      'destroyed',
    ]);
  });

  test('the end of a creator is told', async () => {
    const who = await act(lab, acts, ['owner']);
    const died = () => watch.ofSegment(lab, who.shmid).filter(({ event }) => event === 'owner-died');
    await watch.until(() => died().length > 0);
    expect(died()).toMatchObject([{ pid: who.child, nattch: 0 }]);
  });

  test('a POSIX object is told from its creation to its end, with pid', async () => {
    const who = await act(lab, acts, ['posix', '20']);
    const mine = () => watch.events.filter(({ pid, name }) => pid === who.pid && name === '/watch-posix');
    await watch.until(() => mine().some(({ event }) => event === 'destroyed'));
    const names = mine().map(({ event }) => event);
    for (const event of ['created', 'opened', 'resized', 'attached', 'detached', 'closed', 'destroyed']) {
      expect(names).toContain(event);
    }
    expect(names.filter((name) => name === 'attached' || name === 'detached')).toEqual(['attached', 'detached']);
    expect(mine().find(({ event }) => event === 'resized')?.sizeBytes).toBe(3 * 4096 - 171);
  });

  test('a POSIX object that loses its name while mapped is marked first, destroyed later', async () => {
    await act(lab, acts, ['unlinked']);
    const mine = () => watch.events.filter(({ name }) => name === '/watch-unlinked');
    await watch.until(() => mine().some(({ event }) => event === 'destroyed'));
    const ends = mine().map(({ event }) => event);
    expect(ends.slice(ends.indexOf('marked')).filter((name) => name !== 'closed')).toEqual([
      'marked',
      'detached',
      'destroyed',
    ]);
  });

  test('a memfd is told attached and detached', async () => {
    const who = await act(lab, acts, ['memfd']);
    const mine = () => watch.events.filter(({ pid, name }) => pid === who.pid && name === 'memfd:watch-memfd');
    await watch.until(() => mine().some(({ event }) => event === 'detached'));
    expect(mine().map(({ event }) => event)).toEqual(['attached', 'detached']);
  });

  test('nothing was lost', () => {
    expect(watch.events.filter(({ event }) => event === 'lost')).toEqual([]);
  });
});
