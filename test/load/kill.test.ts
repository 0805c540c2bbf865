// SIGKILL of any of the three processes of a load, at any moment, leaves nothing behind.
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasPrivateNamespace, runInNamespace } from './private-namespace.ts';

const SECONDS = 12;

describe.skipIf(!hasPrivateNamespace)('a load that is killed', () => {
  it('leaves no process, segment or file, and no semaphore set after the sweep of the next start', () => {
    const { stdout, stderr, status } = runInNamespace('./kill/driver.ts', [String(SECONDS), randomUUID()], 55_000);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { kills, carried, left, swept, afterSweep } = JSON.parse(stdout);
    for (const victim of ['parent', 'producer', 'consumer', 'all']) expect(kills[victim]).toBeGreaterThan(3);
    expect(carried).toBeGreaterThan(0);
    expect(left.processes).toBe(0);
    // A segment can only stay when the kill hits the microseconds between shmget and IPC_RMID; then the sweep has it.
    expect(left.segments).toBe(swept.segments);
    expect(left.segments).toBeLessThanOrEqual(1);
    expect(afterSweep).toEqual({ segments: 0, sets: 0 });
    const ours = readdirSync('/dev/shm').filter(
      (name) => name.startsWith('shmtop-') && !name.startsWith('shmtop-leak-'),
    );
    expect(ours).toEqual([]);
  });
});
