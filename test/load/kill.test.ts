// SIGKILL of any process of a load, or of all of them at once, at any moment, leaves nothing behind.
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasQueues, runWithQueues } from './private-namespace.ts';

const TIMES = 5;
const AT_MOST_SEC = 40;

describe.skipIf(!hasQueues)('a load that is killed', () => {
  it.each([
    ['where it may make an IPC namespace: not even a semaphore set or a queue, whoever is killed', true],
    ['where it may not: the keeper or the parent takes back what the other cannot', false],
  ])('leaves nothing %s', (_, isPrivileged) => {
    const ran = runWithQueues(
      './kill/driver.ts',
      [String(TIMES), String(AT_MOST_SEC), randomUUID()],
      55_000,
      isPrivileged,
    );
    expect(ran.stderr).toBe('');
    expect(ran.status).toBe(0);
    const { kills, carried, left, swept, afterSweep } = JSON.parse(ran.stdout);
    for (const victim of ['parent', 'producer', 'consumer', 'all']) expect(kills[victim]).toBeGreaterThan(0); // how many depends on who else runs
    expect(kills.keeper).toBeGreaterThan(0);
    expect(carried).toBeGreaterThan(0);
    expect(left.processes).toBe(0);
    // A segment can only stay when the kill hits the microseconds between shmget and IPC_RMID; then the sweep has it.
    expect(left.segments).toBe(swept.segments);
    expect(left.segments).toBeLessThanOrEqual(2);
    if (isPrivileged) expect(left).toMatchObject({ sets: 0, queues: 0, names: 0 });
    else expect(left.sets + left.queues + left.names).toBeLessThanOrEqual(kills.all * 2);
    expect(afterSweep).toEqual({ segments: 0, sets: 0, queues: 0, names: 0 });
    const ours = readdirSync('/dev/shm').filter(
      (name) => name.startsWith('shmtop-') && !name.startsWith('shmtop-leak-'),
    );
    expect(ours).toEqual([]);
  });
});
