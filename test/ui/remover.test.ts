// The order in which a confirmed removal is carried out: nobody observes while it works, and nothing is left held.
import { beforeEach, expect, test } from 'vitest';
import type { RemovalOrder } from '../../src/remove/model/order.ts';
import { plan } from '../../src/remove/model/plan.ts';
import { type Report, sumUp } from '../../src/remove/model/report.ts';
import { Remover } from '../../src/ui/remover.ts';
import { NOW_MS, segment } from './sample-objects.ts';

const plans = plan([segment(1)], { force: false, isNamed: true, listedAtMs: NOW_MS });
const DONE = sumUp(
  plans.map((one) => ({ plan: one, outcome: { kind: 'removed', how: 'freed-now', freedBytes: 4096 } })),
  [],
  undefined,
);

let happened: string[] = [];
let held = Promise.withResolvers<void>();
let work = Promise.withResolvers<Report>();
let reports: Report[] = [];
beforeEach(() => {
  happened = [];
  held = Promise.withResolvers();
  work = Promise.withResolvers();
  reports = [];
});

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

function remover(remove = start): Remover {
  return new Remover({
    remove,
    minAgeSec: 7,
    hold: () => {
      happened.push('hold');
      return held.promise;
    },
    release: () => happened.push('release'),
    clock: () => undefined,
    onProgress: (done) => happened.push(`${done} done`),
    onDone: (report) => {
      happened.push('told');
      reports.push(report);
    },
  });
}

function start(order: RemovalOrder) {
  happened.push(`remove ${order.plans.length}, patience ${order.minAgeSec}`);
  order.onProgress(1, 1);
  return { report: work.promise, stop: () => happened.push('stop') };
}

test('the observing thread stands still first, and goes on before the end is told', async () => {
  const one = remover();
  one.start(plans);
  await settled();
  expect(happened).toEqual(['hold']);
  held.resolve();
  await settled();
  expect(happened).toEqual(['hold', 'remove 1, patience 7', '1 done']);
  work.resolve(DONE);
  await settled();
  expect(happened.slice(3)).toEqual(['release', 'told']);
  expect(reports).toEqual([DONE]);
});

test('one at a time, and the next after it', async () => {
  const one = remover();
  held.resolve();
  work.resolve(DONE);
  one.start(plans);
  one.start(plans);
  await settled();
  expect(reports).toHaveLength(1);
  one.start(plans);
  await settled();
  expect(reports).toHaveLength(2);
});

test('stopped while the observing thread is still at work, the removal is stopped before it begins', async () => {
  const one = remover();
  one.start(plans);
  one.stop();
  held.resolve();
  await settled();
  expect(happened).toEqual(['hold', 'remove 1, patience 7', '1 done', 'stop']);
});

test('the end of the program stops what is at work, waits for it, says what became of it, and lets nothing more begin', async () => {
  const one = remover();
  held.resolve();
  one.start(plans);
  await settled();
  const closed = one.close(5000);
  await settled();
  expect(happened).toContain('stop');
  expect(happened).not.toContain('told');
  work.resolve(DONE);
  expect(await closed).toBe('Removed sysv:1, 4.0K freed.');
  expect(happened.slice(-2)).toEqual(['release', 'told']);
  one.start(plans);
  await settled();
  expect(reports).toHaveLength(1);
});

test('it waits no longer than it may, and says where to look', async () => {
  const one = remover();
  held.resolve();
  one.start(plans);
  await settled();
  expect(await one.close(20)).toContain('rm --history');
});

test('with nothing at work the program ends at once and has nothing to say', async () => {
  expect(await remover().close(5000)).toBeUndefined();
});

test('where no thread can be started the observing one goes on, and each object is said to have stayed', async () => {
  const one = remover(() => {
    throw new Error('removal-worker.js is missing');
  });
  held.resolve();
  one.start(plans);
  await settled();
  expect(happened).toEqual(['hold', 'release', 'told']);
  expect(reports).toMatchObject([{ refused: 1, removed: 0 }]);
  expect(reports[0].results[0].outcome).toMatchObject({
    reason: expect.stringContaining('removal-worker.js is missing'),
  });
});
