// Limits that are reached: a full /dev/shm, no more segments, no more semaphores. In namespaces of their own; needs root.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMPILED_SOURCES } from '../support/compiled-sources.ts';
import { UNPRIVILEGED } from './private-namespace.ts';

const FLAGS = ['--mount', '--ipc'];
const isPossible = spawnSync('unshare', [...FLAGS, 'mount', '-t', 'tmpfs', 'tmpfs', '/dev/shm']).status === 0;
const scene = fileURLToPath(new URL('./exhausted/scene.ts', import.meta.url));

/** Runs `setup` (shell) and then a short load with `options` in new namespaces; how the load ended, and what is left. */
function runIn(setup: string, options: object, way: readonly string[] = []) {
  const script = `${setup}\nexec ${way.join(' ')} "$0" --no-warnings "$1" "$2"`;
  const words = ['sh', '-ec', script, process.execPath, scene, JSON.stringify(options)];
  const { stdout, stderr } = spawnSync('unshare', [...FLAGS, ...words], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, ...COMPILED_SOURCES },
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

const SMALL_SHM = 'mount -t tmpfs -o size=1M tmpfs /dev/shm';

describe.skipIf(!isPossible)('a limit that is reached', () => {
  it('is refused before anything is made where /dev/shm is too small', () => {
    const found = runIn(SMALL_SHM, { backing: 'posix', sizeBytes: 4096 });
    expect(found.message).toMatch(/\/dev\/shm has only 1\.0 MiB free\. Use memfd/);
  });

  it('is an error of fallocate and not a SIGBUS where /dev/shm fills up in between', () => {
    const found = runIn(SMALL_SHM, { backing: 'posix', sizeBytes: 4096, isBlind: true });
    expect(found.message).toMatch(/Cannot reserve 4\.0 MiB in an unnamed file in \/dev\/shm: ENOSPC/);
    expect(found.left).toEqual({ segments: 0, sets: 0, files: 0 });
  });

  it('is named where no segment is free, and where one may not be as large', () => {
    const none = runIn('echo 0 > /proc/sys/kernel/shmmni', { backing: 'sysv' });
    expect(none.message).toMatch(/Cannot make a System V segment of 1\.0 MiB: ENOSPC.*use memfd/);
    const small = runIn('echo 1000 > /proc/sys/kernel/shmmax', { backing: 'sysv' });
    expect(small.message).toContain('kernel.shmmax allows 1000 B');
  });

  it('is named where no semaphore set can be made, and nothing is left of the segment', () => {
    // With the right to it the set is made in a namespace of its own, which has limits of its own.
    const setup = `${SMALL_SHM}\necho "1 1 1 0" > /proc/sys/kernel/sem`;
    const found = runIn(setup, { sync: 'semop', backing: 'sysv' }, UNPRIVILEGED);
    expect(found.message).toMatch(/Cannot make a semaphore set: \w+ .*Use futex/);
    expect(found.left).toEqual({ segments: 0, sets: 0, files: 0 });
  });
});
