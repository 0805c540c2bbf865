// Processes of ordinary users that keep their own memory lock for ever, so that whoever reads them hangs in the kernel: ls ends in
// time and names them, nothing is removed that they may want, watch and the dashboard go on, and end when they are told to.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NOBODY, SOMEBODY } from '../support/lab-host.ts';
import { placeMissing } from '../support/place.ts';
import { sleep } from '../support/terminal.ts';
import { HostileScene } from './processes/scene.ts';

const missing = placeMissing();

describe.skipIf(missing !== undefined)(`silent processes${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let scene: HostileScene;

  beforeAll(async () => {
    scene = await HostileScene.open();
  });
  afterEach(() => scene.clear());
  afterAll(() => scene?.close());

  test('of several users: ls ends in time, names them, and calls nothing abandoned that they may want', async () => {
    const pids = [
      ...(await scene.silent(4)),
      ...(await scene.silent(2, SOMEBODY)),
      ...(await scene.silent(1, NOBODY - 1)),
    ];
    const { listed, tookMs } = await scene.ls();
    expect(tookMs).toBeLessThan(5000);
    const { visibility } = listed;
    const gap = visibility.gaps.find(({ reason }) => reason === 'no-answer');
    expect(gap?.pids).toEqual(expect.arrayContaining(pids));
    expect(visibility.complete).toBe(false);
    expect(visibility.processes - visibility.inspected).toBeGreaterThanOrEqual(pids.length);
    expect(listed.objects.map(({ verdict }) => verdict.state)).not.toContain('abandoned');
  });

  test('are named to a person, and rm removes nothing that they may want', async () => {
    const [pid] = await scene.silent(1);
    const { stdout, stderr } = await scene.run(['ls']);
    expect(stdout + stderr).toContain(`process ${pid} (no answer in time)`);
    await scene.run(['rm', '--abandoned', '--yes', '--min-age', '0']);
    expect(await scene.place.read('ls /dev/shm')).toContain('psm_0badcafe');
  });

  test('that begin to be silent: the dashboard says so, goes on, and q ends it', async () => {
    const terminal = scene.dashboard();
    await terminal.until('psm_0badcafe');
    await scene.silent(2);
    await terminal.until(/Process \d+ does not answer/, 15_000);
    await scene.place.run('head -c 8192 /dev/zero > /dev/shm/made-later');
    await terminal.until('made-later', 15_000);
    await scene.ends(terminal, 'q', 0);
  });

  test.each([
    ['q', 0],
    ['\x03', 0],
    ['SIGTERM', 143],
  ])('that begin to be silent: %j ends the dashboard while its thread hangs', async (by, code) => {
    const terminal = scene.dashboard();
    await terminal.until('psm_0badcafe');
    await scene.silent(1);
    await sleep(700); // the next look hangs, and nobody has noticed yet
    await scene.ends(terminal, by, code);
  });

  test('watch begins, goes on, and ends with its time', async () => {
    await scene.silent(2);
    const running = scene.run(['watch', '--for', '4s']);
    await sleep(3500);
    await scene.place.run('head -c 8192 /dev/zero > /dev/shm/seen-by-watch');
    const { stdout, tookMs } = await running;
    expect(stdout).toContain('seen-by-watch');
    expect(tookMs).toBeLessThan(12_000);
  });
});
