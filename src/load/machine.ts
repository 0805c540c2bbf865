// What the machine offers a load, read once before it starts, and how busy it is meanwhile.
import { readFileSync, statfsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type Hardware, readHardware } from './hardware.ts';

export interface Machine extends Hardware {
  /** Processors that this process may use (affinity and cgroup quota counted). */
  readonly cpus: number;
  /** MemAvailable, or less where a memory cgroup allows less. */
  readonly availableBytes: number;
  readonly shmmaxBytes: number;
  readonly devShmFreeBytes: number;
}

/** Time of all processors since boot, in clock ticks. */
export interface CpuTicks {
  readonly busy: number;
  readonly total: number;
}

// Absent or unreadable (ENOENT without /proc, EACCES): no limit is known, the kernel will say so itself.
const readText = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Reads the limits; costs some system calls, once. `proc` and `devShm` can be other roots. */
export function readMachine(proc = '/proc', devShm = '/dev/shm'): Machine {
  const meminfo = readText(`${proc}/meminfo`);
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo);
  const shmmax = Number.parseInt(readText(`${proc}/sys/kernel/shmmax`), 10);
  return {
    ...readHardware(meminfo),
    cpus: availableParallelism(),
    availableBytes: Math.min(available ? Number(available[1]) * 1024 : Infinity, cgroupRoom()),
    shmmaxBytes: Number.isNaN(shmmax) ? Infinity : shmmax,
    devShmFreeBytes: freeBytes(devShm),
  };
}

function cgroupRoom(): number {
  const max = Number.parseInt(readText('/sys/fs/cgroup/memory.max'), 10);
  const current = Number.parseInt(readText('/sys/fs/cgroup/memory.current'), 10);
  return Number.isNaN(max) || Number.isNaN(current) ? Infinity : Math.max(0, max - current);
}

function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return 0; // ENOENT: no /dev/shm here
  }
}

/** Reads how busy all processors were (proc_stat(5)); undefined without /proc. Asynchronous: the UI thread reads no files. */
export async function readCpuTicks(path = '/proc/stat'): Promise<CpuTicks | undefined> {
  try {
    const fields = (await readFile(path, 'latin1')).split('\n', 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
    const total = fields.reduce((sum, ticks) => sum + ticks, 0);
    return { busy: total - fields[3] - fields[4], total };
  } catch {
    return undefined;
  }
}
