// PAGEMAP_SCAN (Documentation/admin-guide/mm/pagemap.rst, Linux 6.7): which pages of a process are in memory, without touching them.
import { ioctl } from './file.ts';
import type { Libc } from './libc.ts';
import { type NativeMemory, readU64, writeU64 } from './memory.ts';

/** `_IOWR('f', 16, struct pm_scan_arg)`. */
const PAGEMAP_SCAN = 0xc0606610;
const ARG_BYTES = 96;
const REGION_BYTES = 24;
const PAGE_IS = { FILE: 1 << 2, PRESENT: 1 << 3, PFNZERO: 1 << 5 } as const;

export interface PageRegion {
  readonly start: number;
  readonly end: number;
}

/** Memory for `scanPresent`, to be used again and again. */
export function scanMemory(
  libc: Libc,
  regions: number,
): { readonly arg: NativeMemory; readonly regions: NativeMemory } {
  return { arg: libc.allocate(ARG_BYTES), regions: libc.allocate(regions * REGION_BYTES) };
}

/**
 * Present pages from `start` to `end` that belong to the process alone (anonymous, or its copy of a file's page), and where the
 * kernel stopped. -errno: -ENOTTY where it has no such call.
 */
export function scanPresent(
  libc: Libc,
  fd: number,
  { arg, regions }: ReturnType<typeof scanMemory>,
  start: number,
  end: number,
): { readonly regions: readonly PageRegion[]; readonly next: number } | number {
  const wanted = PAGE_IS.PRESENT | PAGE_IS.FILE | PAGE_IS.PFNZERO;
  const words = [ARG_BYTES, 0, start, end, 0, regions.address, regions.bytes.length / REGION_BYTES, 0];
  // Without FILE and without PFNZERO: both stand in the mask and are inverted.
  for (const [at, value] of [...words, PAGE_IS.FILE | PAGE_IS.PFNZERO, wanted, 0, PAGE_IS.PRESENT].entries())
    writeU64(arg.u32, at * 2, value);
  const count = ioctl(libc, fd, PAGEMAP_SCAN, arg.address);
  if (count < 0) return count;
  const found = Array.from({ length: count }, (_, at) => ({
    start: readU64(regions.u32, at * 6),
    end: readU64(regions.u32, at * 6 + 2),
  }));
  return { regions: found, next: readU64(arg.u32, 8) };
}
