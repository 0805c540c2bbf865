// Memory of the machine: totals through systeminformation (loaded at the first call), Shmem from our own look at meminfo.
import { readFileSync } from 'node:fs';
import type { HostMemory } from '../model/host-memory.ts';

const SHMEM = /^Shmem:\s+(\d+) kB$/m;

/** Undefined where the host does not tell; never throws. */
export async function readHostMemory(procRoot: string): Promise<HostMemory | undefined> {
  try {
    const { mem } = await import('systeminformation');
    const { total, available, swaptotal, swapused } = await mem();
    return {
      totalBytes: total,
      availableBytes: available,
      swapTotalBytes: swaptotal,
      swapUsedBytes: swapused,
      shmemBytes: readShmemBytes(procRoot),
    };
  } catch {
    return undefined; // ERR_MODULE_NOT_FOUND in a stripped install, ENOENT without /proc
  }
}

/** The Shmem line of meminfo, in bytes. */
export function readShmemBytes(procRoot: string): number | undefined {
  try {
    const found = SHMEM.exec(readFileSync(`${procRoot}/meminfo`, 'latin1'));
    return found ? Number(found[1]) * 1024 : undefined;
  } catch {
    return undefined; // ENOENT, EACCES
  }
}
