// Memory of the machine, from a /proc/meminfo as kernels write it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseMeminfo } from '../../../src/probe/parse/meminfo.ts';
import { readHostMemory } from '../../../src/probe/source/host-memory.ts';

const TEXT = `MemTotal:       24640000 kB
MemFree:        22000000 kB
MemAvailable:   23000000 kB
SwapCached:            0 kB
SwapTotal:       2097148 kB
SwapFree:        2097000 kB
Shmem:              8844 kB
ShmemHugePages:   999999 kB
`;

it('is in bytes; swap in use is what is not free', () => {
  expect(parseMeminfo(TEXT)).toEqual({
    totalBytes: 24_640_000 * 1024,
    availableBytes: 23_000_000 * 1024,
    swapTotalBytes: 2_097_148 * 1024,
    swapUsedBytes: 148 * 1024,
    shmemBytes: 8844 * 1024,
  });
});

it('leaves out what the kernel does not tell, and is nothing without a total', () => {
  expect(parseMeminfo('MemTotal: 1 kB\nSwapTotal: 5 kB\n')).toEqual({ totalBytes: 1024, swapTotalBytes: 5120 });
  expect(parseMeminfo('MemTotal: x kB\nShmem: 1 kB')).toBeUndefined();
  expect(parseMeminfo(`MemTotal: ${'9'.repeat(30)} kB`)).toBeUndefined();
});

it('is that of the /proc that is looked at, and not of this machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shmtop-meminfo-'));
  try {
    expect(readHostMemory(folder)).toBeUndefined();
    writeFileSync(join(folder, 'meminfo'), TEXT);
    expect(readHostMemory(folder)?.totalBytes).toBe(24_640_000 * 1024);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
