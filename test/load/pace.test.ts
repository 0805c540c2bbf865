// What a run says of time: a fixed rate is kept, and the live figures come when they are due.
import { describe, expect, it } from 'vitest';
import type { Meter } from '../../src/load/model/meter.ts';
import { runPlan } from '../../src/load/run.ts';
import { expectRight } from './right.ts';
import { libc, shortPlan, shortRun } from './support.ts';

describe('a run', () => {
  it('offers a fixed rate, and times each message from when it was due', async () => {
    const meter = await shortRun({ rate: 5000, durationSec: 0.5 });
    expectRight(meter);
    expect(meter.total?.messagesPerSecond).toBeGreaterThan(2500);
    expect(meter.total?.messagesPerSecond).toBeLessThan(7500);
    expect(meter.total?.oneWayNs?.count).toBeGreaterThan(0);
  });

  it('goes on where no message came in the measured time, until one does', async () => {
    const meter = await runPlan({
      libc: libc(),
      plan: shortPlan({ durationSec: 0.2 }),
      intervalMs: 100,
      onMeter: ({ phase, setup }) => {
        const pid = setup.workers.find(({ role }) => role === 'consumer')?.pid;
        if (phase !== 'warm-up' || !pid) return;
        process.kill(pid, 'SIGSTOP');
        setTimeout(() => process.kill(pid, 'SIGCONT'), 1000);
      },
    });
    expectRight(meter);
    expect(meter.total?.seconds).toBeGreaterThan(0.5);
  });

  it('moves the live figures between the rows, and keeps only the latest rows where it is told so', async () => {
    const seen: Meter[] = [];
    const meter = await runPlan({
      libc: libc(),
      plan: shortPlan({ durationSec: 1 }),
      intervalMs: 200,
      liveMs: 50,
      mostRows: 3,
      onMeter: (shown) => shown.phase === 'running' && seen.push(shown),
    });
    expectRight(meter);
    expect(meter.intervals.map(({ startSec, seconds }) => Math.round((startSec + seconds) * 10))).toEqual([6, 8, 10]);
    for (const { seconds } of meter.intervals) expect(seconds).toBeGreaterThan(0.1);
    expect(seen.length).toBeGreaterThan(12);
    expect(seen[0].now?.seconds).toBeLessThan(0.15);
    expect(seen[0].intervals).toEqual([]);
    expect(meter.history.bytesPerSecond).toHaveLength(seen.length);
    expect(meter.total?.seconds).toBeCloseTo(1, 1);
  });
});
