// What every run of a load must show at its end.
import { expect } from 'vitest';
import type { Meter } from '../../src/load/model/meter.ts';
import type { LoadOptions } from '../../src/load/model/options.ts';
import { runUntil } from './support.ts';

/** It ran to its end, and not one message was wrong. */
export function expectRight(meter: Meter): void {
  expect(meter.problem).toBeUndefined();
  expect(meter.phase).toBe('done');
  expect(meter.truth).toMatchObject({ torn: 0, lost: 0, reordered: 0 });
  expect(meter.total?.messages).toBeGreaterThan(0);
  expect(meter.truth.verified).toBeGreaterThanOrEqual(meter.total?.messages ?? 0);
}

type Wrong = Pick<Meter['truth'], 'torn' | 'lost' | 'reordered'>;

/** A fault shows only where both sides run at the same time, which others may not let them do: a run of so long, so often. */
const ATTEMPTS = 3;

/** Runs in which `options` have a fault built in, until messages are found to be wrong: those that `count` counts, else any. */
export async function findWrong(
  options: Partial<LoadOptions>,
  count = ({ torn, lost, reordered }: Wrong) => torn + lost + reordered,
): Promise<void> {
  let found = 0;
  for (let attempt = 0; attempt < ATTEMPTS && found === 0; attempt++)
    found = count((await runUntil(({ truth }) => count(truth) > 0, options)).truth);
  expect(found).toBeGreaterThan(0);
}

export const countLost = ({ lost }: Wrong): number => lost;
