// The sweep at start takes what is provably a dead load's, and the leaks made on purpose stay until they are cleaned.
import { describe, expect, it } from 'vitest';
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
