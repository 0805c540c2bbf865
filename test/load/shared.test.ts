// Zero copy and a ring that many share: every way of getting at messages carries them whole, once and in order, and damage is found.
import { describe, expect, it } from 'vitest';
import { APIS } from '../../src/load/model/options.ts';
import { FAULT } from '../../src/load/model/ring.ts';
import { countLost, expectRight, findWrong } from './right.ts';
import { shortRun } from './support.ts';

const SIDES = [
  [1, 1],
  [3, 2],
  [1, 4],
  [4, 1],
] as const;

describe('zero copy', () => {
  it.each(APIS)('moves messages by %s, every byte of them right', async (api) => {
    for (const sizeBytes of [8, 64, 104, 1024, 65_536]) expectRight(await shortRun({ api, sizeBytes, verify: 'full' }));
  });

  it.each(APIS)('goes on by %s where the sequence numbers leave 31 and 32 bits', async (api) => {
    for (const first of [0x7ffff000, -4096]) expectRight(await shortRun({ api, first, sync: 'spin' }));
  });

  it.each(['view', 'pool'] as const)('finds by %s a message that is announced before it is written', async (api) => {
    await findWrong({ api, fault: FAULT.earlyPublish, sizeBytes: 1024, verify: 'full' });
  });

  it.each(['view', 'pool'] as const)('finds by %s a buffer that is written to while it is being read', async (api) => {
    await findWrong({ api, fault: FAULT.overrun, sizeBytes: 4096, verify: 'full' });
  });
});

describe('many to many', () => {
  it.each(SIDES)(
    '%i producers and %i consumers share a ring, and each message comes once',
    async (producers, consumers) => {
      for (const sizeBytes of [8, 64, 4096]) {
        const meter = await shortRun({ producers, consumers, sizeBytes, verify: 'full' });
        expectRight(meter);
        const { fairness } = meter;
        expect(fairness?.producers).toHaveLength(producers);
        expect(fairness?.consumers).toHaveLength(consumers);
        expect(fairness?.producerIndex).toBeGreaterThan(0);
        expect(fairness?.producerIndex).toBeLessThanOrEqual(1 + 1e-9);
      }
    },
  );

  it('goes on where the positions leave 31 and 32 bits', async () => {
    for (const first of [0x7ffff000, -4096]) expectRight(await shortRun({ producers: 2, consumers: 2, first }));
  });

  it('finds a message that is passed on before it is written, and one that never came', async () => {
    const base = { producers: 2, consumers: 2, sizeBytes: 1024, verify: 'full' } as const;
    await findWrong({ ...base, fault: FAULT.earlyPublish });
    await findWrong({ ...base, fault: FAULT.lost }, countLost);
  });
});
