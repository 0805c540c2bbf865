// Preloaded into the program by the tests of its ends: SIGUSR2 throws, SIGUSR1 rejects, a file kills the observing thread.
import { existsSync, rmSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('SIGUSR2', () => {
    throw new Error('thrown by the test');
  });
  process.on('SIGUSR1', () => {
    void Promise.reject(new Error('rejected by the test'));
  });
} else {
  const file = process.env.SHMTOP_TEST_KILL;
  setInterval(() => {
    if (!file || !existsSync(file)) return;
    rmSync(file);
    throw new Error('ended by the test');
  }, 50).unref();
}
