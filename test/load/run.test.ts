// Whole runs with real processes: every mode, backing and transport moves messages, and not one of them is wrong.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isTrue, type Meter } from '../../src/load/model/meter.ts';
import { BACKINGS, type LoadOptions, SYNC_MODES, TRANSPORTS } from '../../src/load/model/options.ts';
import { FAULT } from '../../src/load/model/ring.ts';
import { runPlan } from '../../src/load/run.ts';
import { Sampler } from '../../src/probe/look/sampler.ts';
import { countLost, expectRight, findWrong } from './right.ts';
import { libc, runUntil, shortPlan, shortRun } from './support.ts';

/** What the one mode that promises nothing does to messages, and all others. */
const KINDS = ['torn', 'lost', 'repeated', 'stale'] as const;
const PROMISING = SYNC_MODES.filter((sync) => sync !== 'none');

describe('a run', () => {
  it.each(PROMISING)('moves messages in mode %s, none of them wrong', async (sync) => {
    expectRight(await shortRun({ sync }));
  });

  it.each(BACKINGS)('moves messages over %s', async (backing) => {
    expectRight(await shortRun({ backing, verify: 'full' }));
  });

  it.each(TRANSPORTS)('moves the same messages through %s', async (transport) => {
    expectRight(await shortRun({ transport, sizeBytes: 4096, verify: 'full' }));
    expectRight(await shortRun({ transport, sizeBytes: 104 }));
  });

  it.each(TRANSPORTS)('sends the same messages there and back through %s, and times them', async (transport) => {
    for (const sizeBytes of [8, 4096]) {
      const meter = await shortRun({ transport, sizeBytes, job: 'duplex' });
      expectRight(meter);
      expect(meter.roundTripNs?.count).toBeGreaterThan(0);
    }
  });

  it('grows by further segments where the reader is slower, and loses nothing, also where the sequence number wraps', async () => {
    for (const backing of BACKINGS) {
      const options = { buffer: 'unbounded', readerRate: 50_000, sizeBytes: 1024, mostBytes: 2 ** 26 } as const;
      const first = backing === 'memfd' ? 0x7fffffff - 5000 : backing === 'posix' ? -5000 : 0;
      const hasGrown = ({ growth }: Meter) => (growth?.segments ?? 0) > 2;
      const meter = await runUntil(hasGrown, { ...options, backing, first, verify: 'full' });
      expectRight(meter);
      expect(meter.growth?.segments).toBeGreaterThan(2);
      expect(meter.growth?.bytes).toBe((meter.growth?.segments ?? 0) * 2 ** 22);
    }
  });

  it('grows no further than it may: then the writer waits; and a bounded buffer does not grow', async () => {
    const slow = { readerRate: 10_000, sizeBytes: 4096 } as const;
    const hasWaited = ({ growth }: Meter) => (growth?.waits ?? 0) > 0;
    const meter = await runUntil(hasWaited, { ...slow, buffer: 'unbounded', mostBytes: 3 * 2 ** 22 });
    expectRight(meter);
    expect(meter.growth).toMatchObject({ segments: 3, bytes: 3 * 2 ** 22, mostBytes: 3 * 2 ** 22 });
    expect(meter.growth?.waits).toBeGreaterThan(0);
    const bounded = await shortRun(slow);
    expectRight(bounded);
    expect(bounded.growth).toBeUndefined();
  });

  it('uses a segment again that both have left, so that a reader who catches up is followed by no growth', async () => {
    // The writer is slower most of the time, and both go round through whatever there is.
    const hasGoneRound = ({ total }: Meter) => (total?.messages ?? 0) > 64 * 4096;
    const meter = await runUntil(hasGoneRound, { buffer: 'unbounded', sizeBytes: 1024, mostBytes: 2 ** 25 });
    expectRight(meter);
    expect(meter.total?.messages).toBeGreaterThan(8 * 4096);
    expect(meter.growth?.segments).toBeLessThanOrEqual(8);
  });

  it('shows each further segment in the table, ours, and held by both sides', async () => {
    let most = 0;
    const isSeen = ({ setup }: Meter) => {
      const pids = setup.workers.map(({ pid }) => pid);
      const { objects } = new Sampler({ rss: false, minAgeSec: 0 }).sample();
      const ours = objects.filter(({ software }) => software?.name === 'shmtop load');
      const held = ours.filter(({ holders }) => pids.every((pid) => holders.some((holder) => holder.pid === pid)));
      for (const { verdict } of held) expect(verdict.state).toBe('in-use');
      most = Math.max(most, held.length);
      return most > 2;
    };
    const slow = { buffer: 'unbounded', readerRate: 20_000, sizeBytes: 4096, backing: 'memfd' } as const;
    const meter = await runUntil(isSeen, slow);
    expectRight(meter);
    expect(most).toBeGreaterThan(2);
  });

  it('with a slower reader moves what that one takes, in every mode that promises something', async () => {
    for (const sync of PROMISING) {
      const meter = await shortRun({ sync, readerRate: 2000, durationSec: 0.5 });
      expectRight(meter);
      expect(meter.total?.messagesPerSecond).toBeLessThan(4000);
    }
  });

  it('through a queue refuses what a queue does not take, before anything is made', () => {
    for (const transport of ['sysv-mq', 'posix-mq'] as const)
      expect(() => shortPlan({ transport, sizeBytes: 16_384 })).toThrow(/takes messages of at most 8 KiB/);
  });

  it('without synchronisation finds messages torn, lost, repeated and stale, and that is no failure', async () => {
    const seen = { torn: 0, lost: 0, repeated: 0, stale: 0 };
    for (let attempt = 0; attempt < 10 && Object.values(seen).includes(0); attempt++) {
      const hasSeenAll = ({ truth }: Meter) => KINDS.every((kind) => seen[kind] + (truth[kind] ?? 0) > 0);
      const sizeBytes = attempt % 2 === 0 ? 4096 : 65_536;
      const meter = await runUntil(hasSeenAll, { sync: 'none', sizeBytes, durationSec: 0.4 });
      expect(meter.problem).toBeUndefined();
      expect(isTrue(meter.truth)).toBe(true);
      for (const kind of KINDS) seen[kind] += meter.truth[kind] ?? 0;
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });

  it.each([8, 16, 72, 1000, 1024, 4096, 65_536, 1024 ** 2, 16 * 1024 ** 2])(
    'moves messages of %i bytes',
    async (sizeBytes) => {
      expectRight(await shortRun({ sizeBytes, verify: 'full' }));
    },
  );

  it.each(PROMISING)('goes on where the sequence number passes 2^31 and 2^32 in mode %s', async (sync) => {
    for (const first of [0x7fffffff - 5000, -5000]) expectRight(await shortRun({ sync, first, verify: 'full' }));
  });

  it('goes on there with groups too, and moves groups of every size', async () => {
    for (const first of [0, 0x7fffffff - 5001, -5001]) {
      for (const group of [2, 32, 128]) expectRight(await shortRun({ first, group, verify: 'full' }));
    }
  });

  it('runs several pairs in one segment, each in every mode that shares descriptors or sets', async () => {
    for (const sync of ['futex', 'semop', 'eventfd', 'sem'] as const) {
      const meter = await shortRun({ sync, pairs: 3, backing: 'memfd' });
      expectRight(meter);
      expect(new Set(meter.setup.workers.map((worker) => worker.pid)).size).toBe(6);
    }
  });

  it.each(PROMISING)('sends messages there and back in mode %s and times them', async (sync) => {
    const meter = await shortRun({ sync, job: 'duplex' });
    expectRight(meter);
    expect(meter.roundTripNs?.count).toBeGreaterThan(0);
    expect(meter.roundTripNs?.p50).toBeLessThanOrEqual(meter.roundTripNs?.max ?? 0);
  });

  it('shows both processes attached to a segment that is already marked for removal', async () => {
    let seen = '';
    const plan = shortPlan({ backing: 'sysv', durationSec: 0.3 });
    const meter = await runPlan({
      libc: libc(),
      plan,
      intervalMs: 100,
      onMeter: ({ phase, setup }) => {
        if (phase !== 'running' || seen) return;
        const shmid = /sysv:(\d+)/.exec(setup.segmentName)?.[1];
        seen =
          readFileSync('/proc/sysvipc/shm', 'utf8')
            .split('\n')
            .find((line) => line.trim().split(/\s+/)[1] === shmid) ?? '';
        const maps = setup.workers.map((worker) => readFileSync(`/proc/${worker.pid}/maps`, 'latin1'));
        for (const map of maps) expect(map).toMatch(/\/SYSV534d[0-9a-f]{4} \(deleted\)/);
      },
    });
    expectRight(meter);
    const [key, , perms, , , , nattch] = seen.trim().split(/\s+/);
    expect({ key, perms, nattch }).toEqual({ key: '0', perms: '1600', nattch: '3' });
  });

  it('leaves no mapping and no descriptor in the process that ran it', async () => {
    const count = () => readdirSync('/proc/self/fd').length;
    for (const backing of BACKINGS) await shortRun({ backing, sync: 'eventfd', durationSec: 0.1 });
    const before = count();
    for (const backing of BACKINGS) await shortRun({ backing, sync: 'eventfd', durationSec: 0.1 });
    expect(count()).toBe(before);
    expect(readFileSync('/proc/self/maps', 'latin1')).not.toMatch(/SYSV534d|shmtop-ring|\/dev\/shm\/#/);
  });

  it('ends early when it is told to, with what was measured until then', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 500);
    const startMs = performance.now();
    const meter = await shortRun({ durationSec: 30 }, abort.signal);
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect(isTrue(meter.truth)).toBe(true);
  });

  it.each(['producer', 'consumer'])('says that the %s died and how, and does not wait for the end', async (role) => {
    let killed = 0;
    let killedMs = 0;
    const meter = await runPlan({
      libc: libc(),
      plan: shortPlan({ durationSec: 20 }),
      intervalMs: 50,
      onMeter: ({ phase, setup }) => {
        if (phase !== 'running' || killed) return;
        killed = setup.workers.find((worker) => worker.role === role)?.pid ?? 0;
        killedMs = performance.now();
        process.kill(killed, 'SIGKILL');
      },
    });
    expect(meter.phase).toBe('failed');
    expect(meter.problem?.message).toContain(`The ${role} (pid ${killed}) was killed by SIGKILL`);
    expect(performance.now() - killedMs).toBeLessThan(4000);
  });
});

describe('the end of a run', () => {
  /** What becomes of a run in whose last moment, before anybody is told to stop, `act` happens to a worker of `role`. */
  const endOf = (options: Partial<LoadOptions>, role: string, act: (pid: number) => void) =>
    runPlan({
      libc: libc(),
      plan: shortPlan(options),
      intervalMs: 100,
      onMeter: ({ phase, setup }) => {
        if (phase === 'stopping') act(setup.workers.find((worker) => worker.role === role)?.pid ?? 0);
      },
    });
  const standStill = (pid: number) => {
    process.kill(pid, 'SIGSTOP');
    setTimeout(() => process.kill(pid, 'SIGCONT'), 250);
  };

  it.each(['producer', 'consumer'])(
    'loses nothing where the %s stands still, whatever carries the messages',
    async (role) => {
      for (const transport of ['shm', 'stdio', 'sysv-mq', 'posix-mq', 'vm-readv'] as const)
        expectRight(await endOf({ transport, sizeBytes: 104 }, role, standStill));
      for (const options of [{ producers: 1, consumers: 1 }, { api: 'pool' }, { buffer: 'unbounded' }] as const)
        expectRight(await endOf(options, role, standStill));
    },
  );

  it.each(['producer', 'consumer'])('says that the %s died, and calls nothing lost for that', async (role) => {
    for (const transport of ['shm', 'posix-mq'] as const) {
      const meter = await endOf({ transport }, role, (pid) => process.kill(pid, 'SIGKILL'));
      expect(meter.problem?.message).toMatch(new RegExp(`^The ${role} \\(pid [0-9]+\\) was killed by SIGKILL`));
      expect(isTrue(meter.truth)).toBe(true);
    }
  });
});

describe('the verification of a run', () => {
  it.each(['earlyPublish', 'overrun', 'lost'] as const)('finds the fault %s', async (name) => {
    await findWrong({ fault: FAULT[name], sync: 'futex' }, name === 'lost' ? countLost : undefined);
  });
});
