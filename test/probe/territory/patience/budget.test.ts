// What one look may spend: the small are always read, the greedy only as far as the pool goes, and each look begins anew.
import { expect, test } from 'vitest';
import { LookBudget } from '../../../../src/probe/territory/patience/budget.ts';

/** How many of so many records a process may keep. */
function keep(budget: LookBudget, wanted: number): number {
  budget.startProcess();
  for (let kept = 0; kept < wanted; kept++) if (!budget.mayKeep()) return kept;
  return wanted;
}

test('a greedy process uses up the pool, the next greedy one gets its sure share, a small one all', () => {
  const budget = new LookBudget();
  budget.startLook();
  const first = keep(budget, 1e6);
  expect(first).toBeGreaterThan(30_000);
  expect(first).toBeLessThan(65_530);
  expect(keep(budget, 1e6)).toBe(256);
  expect(keep(budget, 200)).toBe(200);
  budget.startLook();
  expect(keep(budget, 1e6)).toBe(first);
});

test('what is kept from the look before counts, so that nothing grows from look to look', () => {
  const budget = new LookBudget();
  budget.startLook();
  const first = keep(budget, 1e6);
  budget.startLook(LookBudget.excess(first));
  expect(keep(budget, 1e6)).toBe(256);
});

test('many processes that keep to their sure share are bounded too', () => {
  const budget = new LookBudget();
  budget.startLook();
  let all = 0;
  for (let process = 0; process < 20_000; process++) all += keep(budget, 256);
  expect(all).toBeLessThan(700_000);
  expect(keep(budget, 16)).toBe(16);
});

test('a process that takes long uses up the time of all; then each has a few milliseconds', () => {
  let nowMs = 1000;
  const budget = new LookBudget(() => nowMs);
  const read = (stepMs: number) => {
    budget.startProcess();
    const startMs = nowMs;
    while (budget.mayReadOn()) nowMs += stepMs;
    return nowMs - startMs;
  };
  budget.startLook();
  expect(read(1)).toBeGreaterThan(1900);
  expect(read(1)).toBeLessThan(10);
  budget.startLook();
  expect(read(1)).toBeGreaterThan(1900);
});
