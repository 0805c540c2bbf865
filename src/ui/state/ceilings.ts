// Every limit that shared memory can run into: how full it is, how fast it fills, and the misleading error that it causes.
import { costBytes } from '../../probe/model/object.ts';
import { safeText } from '../format/safe-text.ts';
import type { Data } from './data.ts';
import { type History, ratePerSecond, secondsToFull } from './history.ts';
import { memoLast } from './memo.ts';
import { type State, shownData } from './state.ts';

export interface Ceiling {
  readonly id: string;
  readonly title: string;
  readonly unit: 'bytes' | 'count';
  readonly used: number;
  /** Absent: no limit, or more than a number can say. */
  readonly limit?: number;
  readonly share?: number;
  readonly ratePerSecond?: number;
  readonly fullInSec?: number;
  /** What a program says when it runs into it. */
  readonly error: string;
  readonly meaning: string;
  readonly advice: string;
}

/** Values worth a history, by the id of their ceiling. */
export function measure(data: Data): Record<string, number | undefined> {
  const { limits } = data.head ?? {};
  const values: Record<string, number | undefined> = { shmem: data.memory?.shmemBytes };
  if (!limits) return values;
  values.segments = limits.segments;
  values.pages = limits.pages * limits.pageSizeBytes;
  for (const mount of limits.mounts) {
    values[`bytes:${mount.device}`] = mount.usedBytes;
    values[`inodes:${mount.device}`] = mount.inodesUsed;
  }
  return values;
}

export function selectCeilings(state: State): readonly Ceiling[] {
  return list(shownData(state), state.history);
}

/** Text of a limit as a number; what is beyond 2^53 is as good as none. */
export function limitNumber(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

const list = memoLast((data: Data, history: History): readonly Ceiling[] => {
  const { head, memory } = data;
  if (!head) return [];
  const { limits } = head;
  const found: Omit<Ceiling, 'share' | 'ratePerSecond' | 'fullInSec'>[] = [];
  if (memory?.shmemBytes !== undefined) {
    found.push({
      id: 'shmem',
      title: 'Shared memory of RAM',
      unit: 'bytes',
      used: memory.shmemBytes,
      limit: memory.totalBytes,
      error: 'no error: the OOM killer, or swapping; free(1) shows it as "shared"',
      meaning: 'Shmem of /proc/meminfo: tmpfs, segments, memfds and anonymous shared mappings that are in memory.',
      advice: 'It cannot be dropped like cache: somebody must remove it. Sort by MEM to see what it is.',
    });
  }
  found.push({
    id: 'segments',
    title: 'System V segments (SHMMNI)',
    unit: 'count',
    used: limits.segments,
    limit: limitNumber(limits.shmmni),
    error: 'shmget: No space left on device (ENOSPC), though no disk is full',
    meaning: 'Number of segments in this IPC namespace.',
    advice: 'Remove what is abandoned, or raise it: sysctl kernel.shmmni=…',
  });
  const shmall = limitNumber(limits.shmall);
  found.push({
    id: 'pages',
    title: 'System V memory (SHMALL)',
    unit: 'bytes',
    used: limits.pages * limits.pageSizeBytes,
    limit:
      shmall === undefined || shmall * limits.pageSizeBytes > Number.MAX_SAFE_INTEGER
        ? undefined
        : shmall * limits.pageSizeBytes,
    error: 'shmget: No space left on device (ENOSPC), the same as for SHMMNI',
    meaning: 'Length of all segments together, in pages.',
    advice: 'Remove what is abandoned, or raise it: sysctl kernel.shmall=… (in pages)',
  });
  found.push({
    id: 'largest',
    title: 'Largest segment (SHMMAX)',
    unit: 'bytes',
    used: data.objects.reduce(
      (most, { kind, sizeBytes }) => (kind === 'sysv' ? Math.max(most, sizeBytes ?? 0) : most),
      0,
    ),
    limit: limitNumber(limits.shmmax),
    error: 'shmget: Invalid argument (EINVAL)',
    meaning: 'Length of one segment.',
    advice: 'Raise it: sysctl kernel.shmmax=… (in bytes)',
  });
  for (const mount of limits.mounts) {
    const path = safeText(mount.path);
    found.push({
      id: `bytes:${mount.device}`,
      title: `${path} bytes`,
      unit: 'bytes',
      used: mount.usedBytes ?? 0,
      limit: mount.sizeBytes,
      error: 'write or ftruncate: No space left on device; through a mapping: Bus error (SIGBUS)',
      meaning: 'Pages of all files in this tmpfs; those without a name count too.',
      advice: `Remove what is abandoned, or enlarge it: mount -o remount,size=… ${path} (docker: --shm-size)`,
    });
    found.push({
      id: `inodes:${mount.device}`,
      title: `${path} inodes`,
      unit: 'count',
      used: mount.inodesUsed ?? 0,
      limit: mount.inodes,
      error: 'shm_open: No space left on device, though df shows room; df -i shows it',
      meaning: 'Files, directories and links in this tmpfs.',
      advice: `Remove small leftovers, or raise it: mount -o remount,nr_inodes=… ${path}`,
    });
  }
  return found.map((ceiling) => ({
    ...ceiling,
    share: ceiling.limit ? ceiling.used / ceiling.limit : undefined,
    ratePerSecond: ratePerSecond(history[ceiling.id]),
    fullInSec: ceiling.limit === undefined ? undefined : secondsToFull(history[ceiling.id], ceiling.limit),
  }));
});

/** What removal of everything abandoned would give back. */
export function gainBytes(data: Data): number {
  return data.objects.reduce(
    (sum, object) => sum + (object.verdict.state === 'abandoned' ? (costBytes(object) ?? 0) : 0),
    0,
  );
}
