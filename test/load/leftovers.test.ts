// The sweep at start takes what is provably a dead load's, and the leaks made on purpose stay until they are cleaned.
import { describe, expect, it } from 'vitest';
import { mqName, pidOfMq } from '../../src/load/keep/mq-name.ts';
import { isLeftoverQueue } from '../../src/load/leftover-queues.ts';
import { isDead, isLeftover } from '../../src/load/leftovers.ts';
import { creatorOfSet } from '../../src/load/sync/semop.ts';
import { hasPrivateNamespace, runInNamespace } from './private-namespace.ts';

const facts = { key: 0x534d0001, uid: 7, cuid: 7, nattch: 0, isCreatorDead: true };

describe('a leftover', () => {
  it('has our prefix, our user on both sides, no attachment and a dead creator; with any of these missing it stays', () => {
    expect(isLeftover(facts, 7)).toBe(true);
    for (const other of [
      { key: 0x534c0001 },
      { key: 0 },
      { uid: 8 },
      { cuid: 8 },
      { nattch: 1 },
      { isCreatorDead: false },
    ]) {
      expect(isLeftover({ ...facts, ...other }, 7)).toBe(false);
    }
    expect(isLeftover({ ...facts, key: 0x534dffff }, 7)).toBe(true);
  });

  it('is not assumed for a creator that cannot be seen, nor for a live one', () => {
    expect(isDead(0)).toBe(false);
    expect(isDead(process.pid)).toBe(false);
    expect(isDead(1)).toBe(false);
  });

  it('keeps pids above 15 bits in two values of a set', () => {
    for (const pid of [1, 32_767, 32_768, 4_194_303]) expect(creatorOfSet(pid & 0x7fff, pid >>> 15)).toBe(pid);
  });
});

describe('a queue that was left', () => {
  const queue = { key: 0x534d0001, uid: 7, cuid: 7, lspid: 11, lrpid: 12, wasUsed: true, ageSec: 1 };
  const allDead = (pid: number) => pid > 0;
  it('has our prefix, our user, and users who are all gone; never used, it must be older than a minute', () => {
    expect(isLeftoverQueue(queue, 7, allDead)).toBe(true);
    for (const other of [{ key: 0x534c0001 }, { uid: 8 }, { cuid: 8 }, { lspid: 0 }, { lrpid: 0 }])
      expect(isLeftoverQueue({ ...queue, ...other }, 7, allDead)).toBe(false);
    for (const alive of [11, 12]) expect(isLeftoverQueue(queue, 7, (pid) => pid !== alive)).toBe(false);
    const unused = { ...queue, wasUsed: false, lspid: 0, lrpid: 0 };
    expect(isLeftoverQueue(unused, 7, allDead)).toBe(false);
    expect(isLeftoverQueue({ ...unused, ageSec: 61 }, 7, allDead)).toBe(true);
  });

  it('is known by a name with the pid namespace in it, so that nobody takes a number of another one for his', () => {
    expect(pidOfMq(mqName(4711, 3))).toBe(4711);
    for (const name of ['shmtop-1-4711-0', 'shmtop-4711-0', 'x', mqName(4711, 3).replace('shmtop', 'other')])
      expect(pidOfMq(name)).toBeUndefined();
  });
});

describe.skipIf(!hasPrivateNamespace)('the sweep in an IPC namespace of its own', () => {
  const { stdout, stderr } = runInNamespace('./leftovers/scenes.ts', ['sweep'], 20_000);

  it('removes the segment and the set of a dead creator, and leaves everything else', () => {
    expect(stderr).toBe('');
    const { held, swept, kept } = JSON.parse(stdout);
    expect(held).toBe(true);
    expect(swept).toEqual({ segments: 1, semaphoreSets: 1, queues: 0 });
    expect(kept).toEqual({ left: false, attached: true, alive: true, foreign: true });
  });

  it('does not touch leaks made on purpose; cleaning removes exactly those', () => {
    const { made, cleaned } = JSON.parse(stdout);
    expect(made.ids).toHaveLength(3);
    expect(cleaned.toSorted()).toEqual(made.ids.toSorted());
  });
});
