// The comparison: whole rounds only, ratios within a round, and the best of the others named apart from the default pipe.

import { describe, expect, it } from 'vitest';
import { bestOtherOf, type Cell, defaultPipeOf, summarise } from '../../src/load/model/comparison.ts';
import type { Transport } from '../../src/load/model/options.ts';
import { spreadOf } from '../../src/load/model/statistics.ts';

const TRUTH = { verified: 1, checkedFull: 1, torn: 0, lost: 0, reordered: 0 };
const SPEED: Partial<Record<Transport, number>> = { shm: 100, pipe: 10, 'pipe-1m': 20, unix: 40, stdio: 30 };
const TRANSPORTS = ['shm', 'pipe', 'pipe-1m', 'unix', 'stdio'] as const;
const ALL = [...TRANSPORTS, 'sysv-mq'] as const;
const REFUSED = [{ transport: 'sysv-mq', sizeBytes: 64, message: 'no' }] as const;

const cell = (transport: Transport, round: number, factor: number): Cell => {
  const bytesPerSecond = (SPEED[transport] ?? 0) * factor;
  return { transport, sizeBytes: 64, round, bytesPerSecond, messagesPerSecond: bytesPerSecond / 64, truth: TRUTH };
};
const rounds = [1, 0.5, 2].flatMap((factor, round) => TRANSPORTS.map((transport) => cell(transport, round, factor)));

describe('a comparison', () => {
  it('takes ratios within a round, so that a slow round does not change them', () => {
    const found = summarise([64], TRANSPORTS, rounds);
    expect(found.rounds).toBe(3);
    expect(defaultPipeOf(found, 64)).toMatchObject({ transport: 'pipe', shmRatio: { median: 10, min: 10, max: 10 } });
    expect(bestOtherOf(found, 64)).toMatchObject({ transport: 'unix', shmRatio: { median: 2.5 } });
    expect(found.rows[0].bytesPerSecond).toEqual({ median: 100, min: 50, max: 200 });
  });

  it('leaves out a round that was cut short', () => {
    const found = summarise([64], TRANSPORTS, [...rounds, cell('shm', 3, 9)]);
    expect(found.rounds).toBe(3);
    expect(found.rows[0].bytesPerSecond?.max).toBe(200);
  });

  it('is not true when one cell was not, and empty of nothing', () => {
    const damaged = [...rounds.slice(1), { ...rounds[0], truth: { ...TRUTH, torn: 1 } }];
    expect(summarise([64], TRANSPORTS, damaged).isTrue).toBe(false);
    expect(summarise([64], TRANSPORTS, []).rows).toEqual([]);
  });
});

describe('what could not be measured', () => {
  it('has a row that says why, counts in no round, and is neither the best nor missing', () => {
    const found = summarise([64], ALL, rounds, [], REFUSED);
    expect(found.rounds).toBe(3);
    expect(found.rows.at(-1)).toMatchObject({ transport: 'sysv-mq', label: 'System V queue', problem: 'no' });
    expect(found.rows.at(-1)?.bytesPerSecond).toBeUndefined();
    expect(bestOtherOf(found, 64)?.transport).toBe('unix');
  });

  it('does not mix sizes: each has rows, ratios and a best of its own', () => {
    const large = rounds.map((one) => ({ ...one, sizeBytes: 4096, bytesPerSecond: one.transport === 'shm' ? 5 : 1 }));
    const found = summarise([64, 4096], TRANSPORTS, [...rounds, ...large]);
    expect(found.rows.map(({ sizeBytes }) => sizeBytes)).toEqual([...Array(5).fill(64), ...Array(5).fill(4096)]);
    expect(bestOtherOf(found, 4096)?.shmRatio?.median).toBe(5);
    expect(bestOtherOf(found, 64)?.shmRatio?.median).toBe(2.5);
  });
});

describe('the spread of measurements', () => {
  it('is the middle of them, or between the two in the middle', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(spreadOf([])).toBeUndefined();
  });
});
