// What every run of a load must show at its end.
import { expect } from 'vitest';
import type { Meter } from '../../src/load/model/meter.ts';
import type { LoadOptions } from '../../src/load/model/options.ts';
import { shortRun } from './support.ts';

/** It ran to its end, and not one message was wrong. */
export function expectRight(meter: Meter): void {
  expect(meter.problem).toBeUndefined();
  expect(meter.phase).toBe('done');
  expect(meter.truth).toMatchObject({ torn: 0, lost: 0, reordered: 0 });
  expect(meter.total?.messages).toBeGreaterThan(0);
  expect(meter.truth.verified).toBeGreaterThanOrEqual(meter.total?.messages ?? 0);
}

/** A fault shows only where both sides run at the same time, which others may not let them do: it must be found in one of so many runs. */
const ATTEMPTS = 12;

/** The messages that are found to be wrong where `options` have a fault built in. */
export async function findWrong(
  options: Partial<LoadOptions>,
): Promise<Pick<Meter['truth'], 'torn' | 'lost' | 'reordered'>> {
  const found = { torn: 0, lost: 0, reordered: 0 };
  for (let attempt = 0; attempt < ATTEMPTS && found.torn + found.lost + found.reordered === 0; attempt++) {
    const { truth } = await shortRun(options);
    for (const name of ['torn', 'lost', 'reordered'] as const) found[name] += truth[name];
  }
  expect(found.torn + found.lost + found.reordered).toBeGreaterThan(0);
  return found;
}
