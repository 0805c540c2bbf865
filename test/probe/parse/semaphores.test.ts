// Text of /proc/sysvipc/sem and /proc/sys/kernel/sem, as Linux 6.18 prints them, and what is none of it.
import { describe, expect, it } from 'vitest';
import { parseSemaphoreLimits, parseSemaphoreTable } from '../../../src/probe/parse/semaphores.ts';

const TITLE = '       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n';

describe('the table of semaphore sets', () => {
  it('is counted, with all their semaphores', () => {
    const text = `${TITLE}         0          0   600          1 65534 65534 65534 65534          0 1764355200\n-559038737          1   666         17     0     0     0     0          0 1764355200\n`;
    expect(parseSemaphoreTable(text)).toEqual({ sets: 2, semaphores: 18 });
    expect(parseSemaphoreTable(TITLE)).toEqual({ sets: 0, semaphores: 0 });
  });

  it.each(['', 'key semid\n', '0 0 600 1\n'])('%j is none', (text) =>
    expect(parseSemaphoreTable(text)).toBeUndefined(),
  );
});

describe('the limits of semaphores', () => {
  it('are SEMMNI and SEMMNS', () => {
    expect(parseSemaphoreLimits('32000\t1024000000\t500\t32000\n')).toEqual({
      mostSets: 32_000,
      mostSemaphores: 1_024_000_000,
    });
    expect(parseSemaphoreLimits('250 32000 32 128')).toEqual({ mostSets: 128, mostSemaphores: 32_000 });
  });

  it.each(['', '1 2 3\n', 'a b c d\n', '1 2 3 4 5\n'])('%j is none', (text) =>
    expect(parseSemaphoreLimits(text)).toBeUndefined(),
  );
});
