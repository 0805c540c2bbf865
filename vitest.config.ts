import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // One file after the other: kernel, terminal and load tests start real processes, and two cores are all there is.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    maxWorkers: 1,
    reporters: ['default'],
  },
});
