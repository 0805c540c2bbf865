// The comparison: whole rounds only, ratios within a round, and the best of the others named apart from the default pipe.

import { describe, expect, it } from 'vitest';
import { type Cell, summarise } from '../../src/load/compare.ts';
import { TRANSPORTS, type Transport } from '../../src/load/model/options.ts';
import { spreadOf } from '../../src/load/model/statistics.ts';

const TRUTH = { verified: 1, checkedFull: 1, torn: 0, lost: 0, reordered: 0 };
const SPEED: Readonly<Record<Transport, number>> = { shm: 100, pipe: 10, 'pipe-1m': 20, unix: 40, stdio: 30 };

const cell = (transport: Transport, round: number, factor: number): Cell => {
  const bytesPerSecond = SPEED[transport] * factor;
  return { transport, round, bytesPerSecond, messagesPerSecond: bytesPerSecond / 64, truth: TRUTH };
};
const rounds = [1, 0.5, 2].flatMap((factor, round) => TRANSPORTS.map((transport) => cell(transport, round, factor)));

describe('a comparison', () => {
  it('takes ratios within a round, so that a slow round does not change them', () => {
    const found = summarise(64, rounds);
    expect(found.rounds).toBe(3);
    expect(found.defaultPipe).toMatchObject({ transport: 'pipe', shmRatio: { median: 10, min: 10, max: 10 } });
    expect(found.best).toMatchObject({ transport: 'unix', shmRatio: { median: 2.5 } });
    expect(found.rows[0].bytesPerSecond).toEqual({ median: 100, min: 50, max: 200 });
  });

  it('leaves out a round that was cut short', () => {
    const found = summarise(64, [...rounds, cell('shm', 3, 9)]);
    expect(found.rounds).toBe(3);
    expect(found.rows[0].bytesPerSecond.max).toBe(200);
  });

  it('is not true when one cell was not, and empty of nothing', () => {
    expect(summarise(64, [...rounds.slice(1), { ...rounds[0], truth: { ...TRUTH, torn: 1 } }]).isTrue).toBe(false);
    expect(summarise(64, []).rows).toEqual([]);
  });
});

describe('the spread of measurements', () => {
  it('is the middle of them, or between the two in the middle', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(spreadOf([])).toBeUndefined();
  });
});
