// PURE: /proc/meminfo (proc_meminfo(5)): `MemTotal:       24640000 kB`, one line a number.
import type { AccountReadings } from '../model/account/account.ts';
import type { HostMemory } from '../model/host-memory.ts';

/** Undefined where it has no total: it is not that file. Swap in use is what is not free of it. */
export function parseMeminfo(text: string): HostMemory | undefined {
  const bytesOf = (name: string) => bytesIn(text, name);
  const totalBytes = bytesOf('MemTotal');
  if (totalBytes === undefined) return undefined;
  const swapTotalBytes = bytesOf('SwapTotal');
  const swapFreeBytes = bytesOf('SwapFree');
  return {
    totalBytes,
    availableBytes: bytesOf('MemAvailable'),
    swapTotalBytes,
    swapUsedBytes:
      swapTotalBytes === undefined || swapFreeBytes === undefined ? undefined : swapTotalBytes - swapFreeBytes,
    shmemBytes: bytesOf('Shmem'),
  };
}

/** What it says of shared memory alone. */
export function parseShmem(
  text: string,
): Pick<AccountReadings, 'shmemBytes' | 'totalBytes' | 'shmemHugeBytes' | 'swapBytes'> {
  return {
    shmemBytes: bytesIn(text, 'Shmem'),
    shmemHugeBytes: bytesIn(text, 'ShmemHugePages'),
    totalBytes: bytesIn(text, 'MemTotal'),
    swapBytes: parseMeminfo(text)?.swapUsedBytes,
  };
}

function bytesIn(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d{1,15}) kB$`, 'm').exec(text);
  return found ? Number(found[1]) * 1024 : undefined;
}
