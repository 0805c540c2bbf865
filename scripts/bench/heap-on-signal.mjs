// Preloaded by bench-ui: at SIGUSR2 collects garbage and tells the size of the heap in a sequence that terminals ignore.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('SIGUSR2', () => {
    globalThis.gc?.();
    process.stdout.write(`\x1b]777;heap=${process.memoryUsage().heapUsed}\x07`);
  });
}
