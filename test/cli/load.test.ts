// `shmtop load` as people and scripts meet it: rows, summary, JSON, exit codes, narrow terminals.
import { describe, expect, it } from 'vitest';
import { plotSweep } from '../../src/cli/load/plot.ts';
import type { LoadWords } from '../../src/cli/load/words.ts';
import { runLoad } from '../../src/cli/load.ts';
import { type LoadEngine, openLoadEngine } from '../../src/load/engine.ts';
import { type Meter, newMeter } from '../../src/load/model/meter.ts';
import { SYNC_MODES, type Transport } from '../../src/load/model/options.ts';
import { isProblem, problem } from '../../src/load/model/problem.ts';
import { FAULT } from '../../src/load/model/ring.ts';
import { Sampler } from '../../src/probe/look/sampler.ts';
import { boxesFor, sparksFromZero } from '../../src/ui/format/boxes.ts';
import { formatByteRate, formatCount, formatNs, formatRatio, formatShare } from '../../src/ui/format/load-numbers.ts';
import { wrapLabelled } from '../../src/ui/format/wrap.ts';
import { expectFit } from '../support/json-schema.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  words: LoadWords,
  columns?: number,
  openEngine = quick,
  signal = new AbortController().signal,
  locale = 'C.UTF-8',
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const stdout = {
    columns,
    isTty: columns !== undefined,
    write: (text: string | Uint8Array) => void out.push(String(text)),
  };
  const sample = () => new Sampler({ minAgeSec: 0 }).sample();
  const stderr = { isTty: false, write: (text: string | Uint8Array) => void err.push(String(text)) };
  const code = await runLoad(words, { openEngine, sample, stdout, stderr, env: { LANG: locale }, signal });
  return { code, out: out.join(''), err: err.join('') };
}

const SOON = { warmUpSec: 0.1 };
/** The real engine, whose runs need not be warm, and which compares in short cells: nothing here is about how fast. */
function quick(): LoadEngine | ReturnType<typeof problem> {
  const engine = openLoadEngine();
  if (isProblem(engine)) return engine;
  return {
    ...engine,
    measure: (request) => engine.measure({ ...request, options: { ...request.options, ...SOON } }),
    compare: (request) => engine.compare({ ...request, options: { ...request.options, ...SOON, durationSec: 0.3 } }),
    sweep: (request) => engine.sweep({ ...request, options: { ...request.options, ...SOON } }),
  };
}

/** The same with a defect built into every run. */
function faultyEngine(): LoadEngine | ReturnType<typeof problem> {
  const engine = quick();
  if (isProblem(engine)) return engine;
  const measure: LoadEngine['measure'] = (request) =>
    engine.measure({ ...request, options: { ...request.options, fault: FAULT.lost } });
  return { ...engine, measure };
}

/** Sweeps through two sizes only. */
function shortSweeps(): LoadEngine | ReturnType<typeof problem> {
  const engine = quick();
  if (isProblem(engine)) return engine;
  return { ...engine, sweep: (request) => engine.sweep({ ...request, sizes: [64, 4096] }) };
}

/** Interrupted when the first row of a run is there. */
function interrupted(abort: AbortController): LoadEngine | ReturnType<typeof problem> {
  const engine = quick();
  if (isProblem(engine)) return engine;
  const measure: LoadEngine['measure'] = (request) => {
    const onMeter = (meter: Meter) => {
      request.onMeter?.(meter);
      if (meter.intervals.length > 0) abort.abort();
    };
    return engine.measure({ ...request, onMeter });
  };
  return { ...engine, measure };
}

const COMPARED = ['shm', 'pipe', 'posix-mq', 'vm-readv'] as const;
/** Compares with a few only. */
const comparing = (transports: readonly Transport[]) => () => {
  const engine = quick();
  if (isProblem(engine)) return engine;
  return {
    ...engine,
    compare: (request: Parameters<LoadEngine['compare']>[0]) => engine.compare({ ...request, transports }),
  };
};

/** An engine of which no run begins. */
function failing(): LoadEngine | ReturnType<typeof problem> {
  const engine = quick();
  if (isProblem(engine)) return engine;
  const measure: LoadEngine['measure'] = async (request) => {
    const meter = await engine.measure({ ...request, signal: AbortSignal.abort() });
    if (isProblem(meter)) return meter;
    const { setup } = meter;
    return { ...newMeter(setup), phase: 'failed', problem: problem('failed', 'no room') };
  };
  return { ...engine, measure };
}

/** What stays on a terminal: control sequences that clear a line are applied. */
const settled = (text: string) => text.split('\n').map((row) => row.split('\r\x1b[K').at(-1) ?? '');

describe('shmtop load', () => {
  it('prints what runs, a row a second and a summary with the counts of the verification', async () => {
    const { code, out, err } = await run({ duration: '1.2s', latency: false });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^futex, 64 B messages, 16384 slots, one pair, verify sample\nin sysv:\d+ \(key 0x534d[0-9a-f]{4} when made\)/,
    );
    expect(out).toMatch(/second +messages\/s +bytes\/s/);
    expect(out).toMatch(/throughput +[\d.]+ [kM] messages\/s/);
    expect(out).toMatch(/verified +\d+ messages, every byte of \d+: torn 0, lost 0, reordered 0/);
    expect(out).not.toContain('\x1b');
  });

  it('fits a terminal of 40 columns', async () => {
    const { code, out } = await run({ duration: '1.1s', latency: false, rate: '10k', pairs: '3' }, 40);
    expect(code).toBe(0);
    for (const row of settled(out)) expect(row.length).toBeLessThanOrEqual(40);
  });

  it('prints ASCII only in a locale that has nothing else', async () => {
    const { signal } = new AbortController();
    const { code, out } = await run({ duration: '300ms' }, 80, quick, signal, 'C');
    expect(code).toBe(0);
    expect(out).toMatch(/p99.9 [\d.]+ (ns|us|ms)/);
    expect(out).toMatch(/^[\x20-\x7e\r\n\x1b]*$/);
  });

  it('prints one JSON object with the fields of the contract and the raw intervals', async () => {
    const { code, out, err } = await run({ duration: '300ms', size: '4K', backing: 'memfd', json: true });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trim().split('\n')).toHaveLength(1);
    const report = JSON.parse(out);
    expectFit('load', report);
    expect(report).toMatchObject({
      schemaVersion: 2,
      mode: 'futex',
      backing: 'memfd',
      sizeBytes: 4096,
      pairs: 1,
      torn: 0,
      lost: 0,
      reordered: 0,
    });
    for (const name of [
      'seconds',
      'messages',
      'bytes',
      'messagesPerSecond',
      'bytesPerSecond',
      'verified',
      'cpuSecondsPerGB',
      'memcpyBytesPerSecond',
    ]) {
      expect(report[name]).toBeGreaterThan(0);
    }
    expect(report.bytes).toBe(report.messages * 4096);
    expect(report.latencyNs).toMatchObject({ kind: 'round-trip', p50: expect.any(Number), p999: expect.any(Number) });
    expect(report.intervals.length).toBeGreaterThan(0);
    expect(JSON.stringify(report)).not.toMatch(/null|NaN|-1,/);
  });

  it('exits 1 when messages were lost, and says so', async () => {
    const json = await run({ duration: '300ms', latency: false, json: true }, undefined, faultyEngine);
    expect(json.code).toBe(1);
    expectFit('load', JSON.parse(json.out));
    const { code, out } = await run({ duration: '300ms', latency: false }, undefined, faultyEngine);
    expect(code).toBe(1);
    expect(out).toMatch(/lost [1-9]/);
    expect(out).toContain('THE DATA WERE DAMAGED');
  });

  it('compares with what else carries messages in whole rounds, with round trips, also as JSON', async () => {
    const words = { compare: true, rounds: '1', size: '4K', duration: '200ms', latency: false, json: true };
    const { code, out } = await run(words, undefined, comparing(COMPARED));
    expect(code).toBe(0);
    const { comparison } = JSON.parse(out);
    expectFit('load', JSON.parse(out));
    expect(comparison.map((row: { transport: string }) => row.transport)).toEqual(COMPARED);
    for (const row of comparison) {
      expect(row.problem).toBeUndefined();
      expect(row).toMatchObject({ sizeBytes: 4096, limit: expect.stringMatching(/.{20}/) });
      expect(row.roundTripNs.p50).toBeGreaterThan(0);
    }
    expect(comparison.filter((row: { isBestOther: boolean }) => row.isBestOther)).toHaveLength(1);
    expect(comparison[0].shmRatio.median).toBe(1);
  });

  it('tells what a comparison could not measure, with the limit that is in the way, and is done all the same', async () => {
    const words = { compare: true, rounds: '1', size: '16K', duration: '200ms', latency: false };
    const { code, out, err } = await run(words, undefined, comparing(['shm', 'pipe', 'posix-mq']));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^POSIX queue +-/m);
    expect(out).toMatch(
      /^POSIX queue +A POSIX queue takes messages of at most 8 KiB as it comes\. Not measured: 16 KiB\./m,
    );
    expect(out).toMatch(/^shared memory +[\d.]+ [kM]? *[\d.]+ [kMG]?B\/s/m);
    expect(out).toMatch(/16 KiB: shared memory is [\d.]+x/);
  });

  it('says how far an unbounded buffer grew, and what happens at its bound, also as JSON', async () => {
    const slow = { buffer: 'unbounded', readerRate: '1k', size: '4K', most: '8M', duration: '2s', latency: false };
    const { code, out } = await run(slow);
    expect(code).toBe(0);
    expect(out).toMatch(
      /growth +grew to 2 segments, all that it may have \(8\.0 MiB of 8\.0 MiB\): now the writer waits/,
    );
    const json = JSON.parse((await run({ ...slow, json: true })).out);
    expect(json).toMatchObject({ mostBytes: 2 ** 23, readerRate: 1000, growth: { segments: 2, mostBytes: 2 ** 23 } });
    expectFit('load', json);
  });

  it('is done when a race that was asked for does damage, and says what it saw', async () => {
    const { code, out } = await run({ sync: 'none', duration: '300ms', latency: false, size: '4K' });
    expect(code).toBe(0);
    expect(out).toMatch(/a race +[\d.]+ [kM]? ?looks: .* torn, .* lost, .* repeated, .* stale/);
    expect(out).not.toContain('DAMAGED');
    const json = await run({ sync: 'none', duration: '300ms', latency: false, json: true });
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject({ repeated: expect.any(Number), stale: expect.any(Number) });
    expectFit('load', JSON.parse(json.out));
  });

  it('lists the modes with the answer of each to the one question, also as JSON', async () => {
    const { code, out } = await run({ modes: true }, 80);
    expect(code).toBe(0);
    expect(out).toMatch(/^How does the reader know that data has come\?/);
    for (const mode of SYNC_MODES) expect(out).toMatch(new RegExp(`^${mode} +\\w`, 'm'));
    for (const row of out.split('\n')) expect(row.length).toBeLessThanOrEqual(80);
    const json = JSON.parse((await run({ modes: true, json: true })).out);
    expect(json.modes.map(({ mode }: { mode: string }) => mode).toSorted()).toEqual(SYNC_MODES.toSorted());
    expectFit('load', json);
  });

  it('says how fair a ring was that many share, also as JSON', async () => {
    const shared = { producers: '3', consumers: '2', duration: '500ms', latency: false };
    const { code, out, err } = await run(shared);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/3 to 2 on one ring/);
    expect(out).toMatch(/fairness +producers (\d+ % ){3}\(index 0\.\d\d|fairness +producers (\d+ % ){3}\(index 1\.00/);
    const json = JSON.parse((await run({ ...shared, json: true })).out);
    expect(json).toMatchObject({ producers: 3, consumers: 2, torn: 0, lost: 0, reordered: 0 });
    expect(json.fairness.consumers).toHaveLength(2);
    expectFit('load', json);
  });

  it('plays the tour to its end, with what shmtop shows of each scene', { timeout: 300_000 }, async () => {
    const { code, out, err } = await run({ tour: true, duration: '1ms' });
    expect(err).toBe('');
    expect(code).toBe(0);
    for (let scene = 1; scene <= 10; scene++) expect(out).toContain(`${scene} of 10: `);
    expect(out).toMatch(/in-use .*shmtop-tour ×2/);
    expect(out).toMatch(/4 of 10[\s\S]*in-use .*shmtop-tour\[\d+\]/);
    expect(out).toMatch(/no synchronisation: .* torn, .* lost/);
    expect(out).toMatch(/shared memory: .* messages\/s/);
    expect((await run({ tour: true, json: true })).code).toBe(2);
  });

  it('compares copying with both ways of not copying, also as JSON', async () => {
    const all = { api: 'all', size: '1K', duration: '300ms', rounds: '1' };
    const { code, out, err } = await run(all);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^1 KiB( +[\d.]+ [kMG]B\/s){3} +view [\d.]+x \[.*\], pool [\d.]+x \[/m);
    const json = JSON.parse((await run({ ...all, json: true })).out);
    expect(json).toMatchObject({ verify: 'full', apis: [{ sizeBytes: 1024 }] });
    expectFit('load', json);
    const view = JSON.parse((await run({ api: 'view', duration: '300ms', latency: false, json: true })).out);
    expect(view).toMatchObject({ api: 'view', torn: 0 });
  });

  it('runs through the sizes and prints them as CSV', async () => {
    const { code, out, err } = await run({ sweep: true, csv: true, duration: '100ms' });
    expect(err).toBe('');
    expect(code).toBe(0);
    const [header, ...rows] = out.trim().split('\n');
    expect(header).toMatch(/^sizeBytes,slots,messagesPerSecond,bytesPerSecond/);
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual([
      8, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
    ]);
    for (const row of rows) expect(row).toMatch(/,0,0,0$/);
  });

  it('prints a sweep, and a run that could not begin, as the JSON that the schema says', async () => {
    const sweep = await run({ sweep: true, json: true, duration: '200ms' }, undefined, shortSweeps);
    expect(sweep.code).toBe(0);
    expect(JSON.parse(sweep.out).sweep).toHaveLength(2);
    expectFit('load', JSON.parse(sweep.out));
    const none = await run(
      { json: true, size: '16M', pairs: '1', duration: '300ms', latency: false },
      undefined,
      failing,
    );
    expect(none.code).toBe(1);
    expect(JSON.parse(none.out)).toMatchObject({ problem: 'no room', messages: 0, intervals: [] });
    expectFit('load', JSON.parse(none.out));
  });

  it.each([
    [{ size: '0' }, 1, 'between 8 and 16M'],
    [{ size: '13' }, 1, 'multiple of 8'],
    [{ size: '32M' }, 1, 'between 8 and 16M'],
    [{ pairs: '0' }, 1, '1 to 64'],
    [{ pairs: '64', size: '16M' }, 1, 'Use smaller messages'],
    [{ duration: '0' }, 1, 'above 0'],
    [{ size: 'huge' }, 2, '--size cannot be "huge"'],
    [{ sync: 'mutex' }, 2, 'choose one of spin, futex'],
    [{ backing: 'disk' }, 2, 'sysv, posix, memfd'],
    [{ verify: 'yes' }, 2, 'full, sample, seq, off'],
    [{ rate: 'fast' }, 2, '--rate cannot be'],
    [{ clean: true }, 2, '--clean goes with --leak'],
    [{ csv: true }, 2, '--csv goes with --sweep'],
    [{ rounds: '3' }, 2, '--rounds goes with --compare'],
    [{ compare: true, rounds: '0' }, 2, '--rounds cannot be'],
    [{ most: '1G' }, 2, '--most goes with --buffer unbounded'],
    [{ buffer: 'endless' }, 2, 'choose one of bounded, unbounded'],
    [{ buffer: 'unbounded', sync: 'sem' }, 1, 'Use futex or spin'],
    [{ leak: 'many' }, 2, '--leak cannot be'],
    [{ leak: '5000' }, 1, '1 to 1000'],
  ] as const)('refuses %o with exit code %i in one line', async (words, code, text) => {
    const ran = await run(words);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(text);
    expect(ran.err.trim().split('\n')).toHaveLength(1);
  });

  it('shows what was typed escaped, as every command does', async () => {
    const { code, err } = await run({ sync: 'mu\x1b[31mtex' });
    expect(code).toBe(2);
    expect(err).toContain('mu\\x1b[31mtex');
    expect(err).not.toContain('\x1b');
  });

  it('exits 130 when it was interrupted, with what was measured until then', async () => {
    const abort = new AbortController();
    const engine = () => interrupted(abort);
    const { code, out } = await run({ duration: '30s', latency: false }, undefined, engine, abort.signal);
    expect(code).toBe(130);
    expect(out).toContain('throughput');
  });
});

describe('figures of a load', () => {
  it('have three digits and a unit of powers of 1000', () => {
    expect([0, 1, 999, 999.6, 1234, 76.9e6, 1.02e9].map(formatCount)).toEqual([
      '0',
      '1.00',
      '999',
      '1.00 k',
      '1.23 k',
      '76.9 M',
      '1.02 G',
    ]);
    expect(formatByteRate(4.92e9)).toBe('4.92 GB/s');
    expect([273, 60_100, 1.85e6, 2.1e9].map(formatNs)).toEqual(['273 ns', '60.1 µs', '1.85 ms', '2.10 s']);
    expect([0, 0.001, 0.5, 1].map(formatShare)).toEqual(['0 %', '<1 %', '50 %', '100 %']);
    expect([16.2, 4.2, 0.38].map(formatRatio)).toEqual(['16x', '4.2x', '0.38x']);
  });

  it('are drawn no wider than they may be', () => {
    expect(sparksFromZero([0, 1, 2, 3, 4], 3, boxesFor(true))).toHaveLength(3);
    const point = {
      sizeBytes: 64,
      slots: 8,
      messagesPerSecond: 1e6,
      bytesPerSecond: 64e6,
      truth: { verified: 1, checkedFull: 1, torn: 0, lost: 0, reordered: 0 },
    };
    for (const width of [20, 40, 80, 200]) {
      for (const row of plotSweep([point, { ...point, bytesPerSecond: 1e10 }], width, boxesFor(false)))
        expect(row.length).toBeLessThanOrEqual(width);
      for (const row of wrapLabelled(
        'round trip  p50 364 ns, p90 452 ns, p99 648 ns, p99.9 51.7 µs, max 1.79 ms',
        width,
      )) {
        expect(row.length).toBeLessThanOrEqual(width);
      }
    }
  });
});
