// Processes of an ordinary user that are endlessly large, or hide what they hold: ls ends, small and in time, and says what it did
// not see. Those that do not answer: silent.test.ts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { placeMissing } from '../support/place.ts';
import { HostileScene } from './processes/scene.ts';

const missing = placeMissing();
const IN_TIME_MS = 5000;

describe.skipIf(missing !== undefined)(`hostile processes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let scene: HostileScene;

  beforeAll(async () => {
    scene = await HostileScene.open();
  });
  afterEach(() => scene.clear());
  afterAll(() => scene?.close());

  test('with a command line of 1 GiB', async () => {
    await scene.crowd('command-line', String(2 ** 30));
    const { tookMs, listed } = await scene.ls();
    expect(tookMs).toBeLessThan(IN_TIME_MS);
    expect(listed.objects.some(({ name }) => name === '/psm_0badcafe')).toBe(true);
  });

  test('with as many mappings as there can be, three of them: not read whole, and told', async () => {
    const pids = [];
    for (let at = 0; at < 3; at++) pids.push(...(await scene.crowd('mappings', '65000')));
    const { tookMs, listed } = await scene.ls();
    expect(tookMs).toBeLessThan(IN_TIME_MS);
    const gap = listed.visibility.gaps.find(({ source, reason }) => source === 'maps' && reason === 'limit');
    expect(gap?.pids?.toSorted()).toEqual(pids.toSorted());
    expect(listed.visibility.complete).toBe(false);
    expect(listed.objects.find(({ name }) => name.includes('crowd'))?.verdict.state).toBe('in-use');
  });

  test('with 19,000 descriptors of shared memory each, three of them: not all are read whole, and told', async () => {
    const pids: number[] = [];
    for (let at = 0; at < 3; at++) pids.push(...(await scene.crowd('descriptors', '19000')));
    const { tookMs, listed } = await scene.ls();
    expect(tookMs).toBeLessThan(IN_TIME_MS);
    const gap = listed.visibility.gaps.find(({ source, reason }) => source === 'fd' && reason === 'limit');
    expect(pids).toEqual(expect.arrayContaining([...(gap?.pids ?? [0])]));
  });

  test('with 5,000 threads: read whole', async () => {
    await scene.crowd('threads', '5000');
    const { tookMs, listed } = await scene.ls();
    expect(tookMs).toBeLessThan(IN_TIME_MS);
    expect(listed.visibility.gaps.filter(({ reason }) => reason === 'limit')).toEqual([]);
  });

  test('with a memfd that only a thread with descriptors of its own has open: it is found, with its holder', async () => {
    const [pid] = await scene.crowd('thread');
    const { listed } = await scene.ls();
    const found = listed.objects.find(({ name }) => name.includes('of-a-thread'));
    expect(found?.holders?.map((holder) => holder.pid)).toEqual([pid]);
  });
});
