// What of the machine matters to those who choose their memory: its nodes, and the huge pages that somebody has set aside.
import { readdirSync, readFileSync } from 'node:fs';
import { parseCpuList } from './model/cpu-list.ts';

/** A node of memory with its processors (numa(7)). */
export interface MemoryNode {
  readonly node: number;
  readonly cpus: readonly number[];
}

export interface Hardware {
  /** Those that have processors, ascending. Empty where the kernel knows of no nodes. */
  readonly nodes: readonly MemoryNode[];
  /** Of the default size (proc_meminfo(5), Hugepagesize); 0 where there are none. */
  readonly hugePageBytes: number;
  readonly hugePagesFree: number;
}

/** `meminfo`: the text of /proc/meminfo; `sys`: where nodes are listed. */
export function readHardware(meminfo: string, sys = '/sys/devices/system/node'): Hardware {
  const field = (pattern: RegExp) => Number(pattern.exec(meminfo)?.[1] ?? 0);
  const free = field(/^HugePages_Free:\s+(\d+)$/m) - field(/^HugePages_Rsvd:\s+(\d+)$/m);
  return {
    nodes: readNodes(sys),
    hugePageBytes: field(/^Hugepagesize:\s+(\d+) kB$/m) * 1024,
    hugePagesFree: Math.max(0, free),
  };
}

function readNodes(sys: string): MemoryNode[] {
  try {
    return readdirSync(sys)
      .flatMap((name) => /^node(\d{1,4})$/.exec(name)?.[1] ?? [])
      .map((digits) => ({
        node: Number(digits),
        cpus: parseCpuList(readFileSync(`${sys}/node${digits}/cpulist`, 'utf8')),
      }))
      .filter(({ cpus }) => cpus.length > 0)
      .sort((a, b) => a.node - b.node);
  } catch {
    return []; // ENOENT: built without CONFIG_NUMA, or no /sys
  }
}
