// The last resort of a process that hangs: it becomes itself anew, under the same pid; otherwise nothing happens.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { poolThreads } from '../../src/native/last-resort.ts';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';

const PROGRAM = fileURLToPath(new URL('./last-resort/hang.ts', import.meta.url));
const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;

test.skipIf(missing).each([
  ['hangs between begin and end', 'hangs', 'anew true 4711\n'],
  ['hangs before a begin', 'outside', 'not replaced\n'],
  ['has said that it ended', 'ended', 'not replaced\n'],
  ['has cancelled it', 'cancelled', 'not replaced\n'],
])('a process that %s', (_, how, output) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', PROGRAM, how], {
    encoding: 'utf8',
    env: { ...process.env, ...COMPILED_SOURCES },
  });
  expect(stdout, stderr).toBe(output);
  expect(status).toBe(0);
});

test('as many threads have to wait as the pool has; too many cannot', () => {
  expect(poolThreads({})).toBe(4);
  expect(poolThreads({ UV_THREADPOOL_SIZE: '7' })).toBe(7);
  expect(poolThreads({ UV_THREADPOOL_SIZE: 'x' })).toBe(1);
  expect(poolThreads({ UV_THREADPOOL_SIZE: '1024' })).toBeUndefined();
});
