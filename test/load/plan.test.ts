// Bad input is refused before anything is made, in words that say what to do.

import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/load/machine.ts';
import { DEFAULT_OPTIONS, type LoadOptions } from '../../src/load/model/options.ts';
import { isProblem, type LoadProblem } from '../../src/load/model/problem.ts';
import { bytesText, exactSizeText, parseRate, sizeText } from '../../src/load/model/size.ts';
import { planLoad } from '../../src/load/plan.ts';
import { parseBytes } from '../../src/ui/format/bytes.ts';

const GIB = 1024 ** 3;
const MACHINE: Machine = {
  cpus: 2,
  availableBytes: 8 * GIB,
  shmmaxBytes: Infinity,
  devShmFreeBytes: 4 * GIB,
  nodes: [],
  hugePageBytes: 2 * 1024 ** 2,
  hugePagesFree: 0,
};

function refusal(options: Partial<LoadOptions>, machine: Partial<Machine> = {}): LoadProblem | undefined {
  const plan = planLoad({ ...DEFAULT_OPTIONS, ...options }, { ...MACHINE, ...machine });
  return isProblem(plan) ? plan : undefined;
}

describe('planning a load', () => {
  it.each([0, 4, 7, 12, 13, 100, 4097, 16 * 1024 ** 2 + 8, -8, 0.5, Number.NaN])(
    'refuses messages of %d bytes',
    (sizeBytes) => {
      if (sizeBytes === 100) return expect(refusal({ sizeBytes })?.message).toContain('such as 104');
      expect(refusal({ sizeBytes })?.kind).toBe('refused');
    },
  );

  it('takes 8 bytes to 16 MiB', () => {
    for (const sizeBytes of [8, 16, 64, 104, 1000, 4096, 16 * 1024 ** 2])
      expect(refusal({ sizeBytes })).toBeUndefined();
  });

  it('refuses what cannot be mapped at once, before koffi would abort the process', () => {
    const found = refusal({ sizeBytes: 16 * 1024 ** 2, pairs: 64, backing: 'memfd' }, { availableBytes: 64 * GIB });
    expect(found?.message).toMatch(/64 x 16 MiB messages need a segment of 4\.0 GiB, and more than 4 GiB cannot/);
  });

  it('refuses more than the machine, SHMMAX or /dev/shm has, each with its own advice', () => {
    const large = { sizeBytes: 16 * 1024 ** 2 };
    expect(refusal(large, { availableBytes: 70e6 })?.message).toContain('of memory available');
    expect(refusal({ ...large, backing: 'sysv' }, { shmmaxBytes: 1e6 })?.message).toMatch(
      /kernel\.shmmax allows 976\.6 KiB.*Use memfd/,
    );
    expect(refusal({ ...large, backing: 'posix' }, { devShmFreeBytes: 1e6 })?.message).toMatch(
      /\/dev\/shm has only.*Use memfd/,
    );
    expect(refusal({ ...large, backing: 'memfd' }, { shmmaxBytes: 1, devShmFreeBytes: 0 })).toBeUndefined();
  });

  it.each([
    [{ api: 'view', buffer: 'unbounded' }, /--api view from an unbounded buffer/],
    [{ api: 'view', sync: 'none' }, /change under its hands/],
    [{ api: 'pool', sync: 'sem' }, /mode sem: use futex or spin/],
    [{ api: 'pool', group: 32 }, /each buffer is loaned by itself/],
    [{ api: 'pool', rate: 1000 }, /fixed rate/],
    [{ producers: 0 }, /takes 1 to 32 of each/],
    [{ consumers: 33 }, /takes 1 to 32 of each/],
    [{ producers: 2, pairs: 2 }, /--pairs does not go with it/],
    [{ producers: 2, sync: 'eventfd' }, /mode eventfd: use futex or spin/],
    [{ producers: 2, api: 'pool' }, /--api does not go with it/],
    [{ producers: 2, rate: 1000 }, /no fixed rates/],
    [{ huge: true, backing: 'posix' }, /Use sysv or memfd/],
    [{ huge: true }, /needs 1 huge pages of 2\.0 MiB, and 0 are free.*sysctl vm\.nr_hugepages/],
    [{ nodes: [3] }, /There is no node 3 with processors: this machine has none/],
  ] as const)('refuses %j, and says why', (options, words) => {
    const found = refusal(options);
    expect(found?.kind).toBe('refused');
    expect(found?.message).toMatch(words);
  });

  it('takes messages in place and shared rings where they go together with the rest', () => {
    for (const options of [
      { api: 'view', sync: 'semop', rate: 1000 },
      { api: 'pool', sync: 'spin' },
      { api: 'pool', job: 'duplex', sync: 'sem' },
      { producers: 3 },
      { producers: 1, consumers: 32, sync: 'spin' },
    ] as const)
      expect(refusal(options)).toBeUndefined();
    expect(refusal({ huge: true }, { hugePagesFree: 1 })).toBeUndefined();
    expect(refusal({ nodes: [0] }, { nodes: [{ node: 0, cpus: [0] }] })).toBeUndefined();
    expect(refusal({ nodes: [0], pin: true }, { nodes: [{ node: 0, cpus: [0] }] })?.message).toContain('--pin');
  });

  it('refuses polling on one processor, and never spins there by default', () => {
    for (const sync of ['spin', 'flag'] as const)
      expect(refusal({ sync }, { cpus: 1 })?.message).toContain('Use futex');
    const plan = planLoad(DEFAULT_OPTIONS, { ...MACHINE, cpus: 1 });
    expect(plan).toMatchObject({ spinUs: 0 });
    expect(planLoad(DEFAULT_OPTIONS, MACHINE)).toMatchObject({ spinUs: 50 });
  });

  it('lets a buffer grow only where indices are what one waits for, and where there is room for it', () => {
    const growing = { buffer: 'unbounded' } as const;
    for (const sync of ['sem', 'semop', 'eventfd', 'flag', 'signal', 'none'] as const)
      expect(refusal({ ...growing, sync })?.message).toContain('a bound themselves');
    expect(refusal({ ...growing, mostBytes: 1e6 })?.message).toMatch(/need --most of at least/);
    expect(refusal({ ...growing, mostBytes: 8 * GIB })?.message).toMatch(/may grow to 8\.0 GiB.*Give less/);
    expect(refusal({ ...growing, backing: 'posix', mostBytes: 5 * GIB })?.message).toMatch(/\/dev\/shm has only/);
    for (const mostBytes of [2 ** 23, 2 ** 28, 4 * GIB]) {
      const plan = planLoad({ ...DEFAULT_OPTIONS, ...growing, mostBytes }, MACHINE);
      expect(plan).toMatchObject({ mostBlocks: expect.any(Number) });
      if (!isProblem(plan)) expect(plan.mostBlocks).toBeLessThanOrEqual(64);
    }
  });

  it.each([
    { readerRate: 0 },
    { readerRate: 10, sync: 'none' as const },
    { pairs: 0 },
    { pairs: 65 },
    { pairs: 1.5 },
    { durationSec: 0 },
    { durationSec: Number.POSITIVE_INFINITY },
    { durationSec: 1e6 },
    { rate: 0 },
    { rate: 1e10 },
    { group: 3 },
    { group: 2048 },
    { group: 32, sizeBytes: 4096 },
  ])('refuses %o', (options) => {
    expect(refusal(options)?.kind).toBe('refused');
  });
});

describe('rates as people type them, sizes as they are shown', () => {
  it('are understood', () => {
    expect(['1000', '100k', '1.5M', '2M/s'].map(parseRate)).toEqual([1000, 1e5, 1.5e6, 2e6]);
  });

  it('are written as they are read', () => {
    for (const size of [8, 100, 1024, 1536, 65_536, 1024 ** 2]) expect(parseBytes(sizeText(size))).toBe(size);
    expect([64, 4096, 1024 ** 2].map(exactSizeText)).toEqual(['64 B', '4 KiB', '1 MiB']);
    expect(bytesText(3 * GIB)).toBe('3.0 GiB');
  });
});
