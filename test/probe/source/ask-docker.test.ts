// The question to the docker daemon: answered, or over in time and without harm, whatever sits at its socket.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContainerFacts } from '../../../src/probe/parse/container-record.ts';
import { askDocker } from '../../../src/probe/source/ask-docker.ts';
import { openDockerSocket } from '../../../src/probe/source/docker-socket.ts';

const DAEMON = fileURLToPath(new URL('../../attack/container-names/daemon.py', import.meta.url));
const missing = process.getuid?.() === 0 ? undefined : 'only root makes what counts as the socket of a daemon';
const ID = 'abc123'.padEnd(64, '7');
/** Beyond the deadline of two seconds; this machine may be busy. */
const ENOUGH_MS = 6000;

let folder: string;
let daemon: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-docker-'));
});
afterEach(() => {
  daemon?.kill('SIGKILL');
  daemon = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, 'docker.sock');
const say = (how: string) =>
  writeFileSync(
    join(folder, 'mode'),
    JSON.stringify({
      how,
      containers: [
        [ID, 'web-1'],
        ['f'.repeat(64), '\u001b[31m'],
      ],
    }),
  );
async function listen(how: string, mode = '660') {
  say(how);
  daemon = spawn('python3', [DAEMON, join(folder, 'mode'), path(), mode], { stdio: 'inherit' });
  await vi.waitFor(() => expect(existsSync(path())).toBe(true), 10_000);
  await new Promise((resolve) => setTimeout(resolve, 100)); // bound, but not yet listening
}
async function ask(places = [path()]) {
  const startedMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, ContainerFacts> | undefined>();
  askDocker(resolve, [], places);
  const names = await promise;
  return {
    names: names && Object.fromEntries([...names].map(([id, { name }]) => [id, name])),
    tookMs: performance.now() - startedMs,
  };
}
const questions = () => readFileSync(join(folder, 'mode.log'), 'utf8').trim().split('\n');
const descriptors = () => readdirSync('/proc/self/fd').length;

describe.skipIf(missing)(`a daemon${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('that answers tells names, is asked one question, and leaves no descriptor behind', async () => {
    await listen('honest');
    const before = descriptors();
    expect((await ask()).names).toEqual({ abc123777777: 'web-1' });
    expect(questions()).toEqual(['GET http:/containers/json HTTP/1.0']);
    expect(descriptors()).toBeLessThanOrEqual(before);
  });

  test('that is slow is waited for', async () => {
    await listen('slow');
    const { names, tookMs } = await ask();
    expect(names).toEqual({ abc123777777: 'web-1' });
    expect(tookMs).toBeGreaterThan(1000);
  });

  test.each([['never'], ['trickle']])('that answers "%s" is given up', async (how) => {
    await listen(how);
    const { names, tookMs } = await ask();
    expect(names).toBeUndefined();
    expect(tookMs).toBeGreaterThan(1500);
    expect(tookMs).toBeLessThan(ENOUGH_MS);
  });

  // Undefined: its thread ended first. Nothing: there was no name in what it said.
  test.each([['garbage'], ['long'], ['flood'], ['crowd'], ['empties'], ['nested'], ['ids']])(
    'that answers "%s" gives no name, and costs neither time nor memory',
    async (how) => {
      await listen(how);
      let peak = 0;
      const before = process.memoryUsage.rss();
      const timer = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss() - before);
      }, 5);
      const { names, tookMs } = await ask();
      clearInterval(timer);
      expect(names ?? {}).toEqual({});
      expect(tookMs).toBeLessThan(ENOUGH_MS);
      expect(peak).toBeLessThan(400 * 1024 * 1024);
      say('honest');
      expect((await ask()).names).toEqual({ abc123777777: 'web-1' });
    },
  );

  test('whom the environment names is not asked', async () => {
    await listen('honest');
    vi.stubEnv('DOCKER_SOCKET', path());
    vi.stubEnv('DOCKER_HOST', `unix://${path()}`);
    expect((await ask([join(folder, 'other.sock')])).names).toBeUndefined();
    expect(existsSync(join(folder, 'mode.log')) && questions()).toEqual(['']);
    // Nor instead of the one that is there.
    expect((await ask()).names).toEqual({ abc123777777: 'web-1' });
  });

  test('is not asked where there can be no further thread, which is no fault of the sample', async () => {
    await listen('honest');
    vi.resetModules();
    vi.doMock('node:worker_threads', () => ({
      Worker: class {
        constructor() {
          throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
        }
      },
    }));
    const { askDocker: askWithoutThreads } = await import('../../../src/probe/source/ask-docker.ts');
    const before = descriptors();
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, ContainerFacts> | undefined>();
    askWithoutThreads(resolve, [], [path()]);
    expect(await promise).toBeUndefined();
    expect(descriptors()).toBe(before);
    vi.doUnmock('node:worker_threads');
  });

  test('is believed only where root alone can stand behind its socket', async () => {
    await listen('honest');
    const isOpened = (places = [path()]) => {
      const fd = openDockerSocket(places);
      if (fd !== undefined) closeSync(fd);
      return fd !== undefined;
    };
    expect(isOpened()).toBe(true);
    chmodSync(path(), 0o666);
    expect(isOpened()).toBe(false);
    chmodSync(path(), 0o660);
    chownSync(path(), 65534, 0);
    expect(isOpened()).toBe(false);
    chownSync(path(), 0, 65534);
    expect(isOpened()).toBe(true);
    chmodSync(folder, 0o777);
    expect(isOpened()).toBe(false);
    chmodSync(folder, 0o755);
    chownSync(folder, 65534, 65534);
    expect(isOpened()).toBe(false);
    chownSync(folder, 0, 0);
    symlinkSync(path(), join(folder, 'link'));
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder'));
    expect(['link', 'file', 'folder', 'nothing'].filter((name) => isOpened([join(folder, name)]))).toEqual([]);
  });
});
