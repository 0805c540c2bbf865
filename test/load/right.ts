// What every run of a load must show at its end.
import { expect } from 'vitest';
import type { Meter } from '../../src/load/model/meter.ts';

/** It ran to its end, and not one message was wrong. */
export function expectRight(meter: Meter): void {
  expect(meter.problem).toBeUndefined();
  expect(meter.phase).toBe('done');
  expect(meter.truth).toMatchObject({ torn: 0, lost: 0, reordered: 0 });
  expect(meter.total?.messages).toBeGreaterThan(0);
  expect(meter.truth.verified).toBeGreaterThanOrEqual(meter.total?.messages ?? 0);
}
