// The limits of a snapshot with what the account knows beside it: every tmpfs, and the memory of the machine.

import { escapeBytes } from '../bytes.ts';
import type { HostMemory } from '../host-memory.ts';
import type { Limits, ShmMount } from '../snapshot.ts';
import type { Account, MemoryMount } from './account.ts';

/** Those of /dev/shm as they are called elsewhere and where they stood, then every other one that has limits and could be asked. */
export function withAllMounts(limits: Limits, mounts: readonly MemoryMount[]): Limits {
  const known = new Set(limits.mounts.map(({ device }) => device));
  const others = mounts.flatMap((mount) => (known.has(mount.device) ? [] : limited(mount)));
  return { ...limits, mounts: [...limits.mounts, ...others] };
}

function limited({ fileSystem, isReached, path, pid, ...rest }: MemoryMount): ShmMount[] {
  const { device, isOfOthers, sizeBytes, usedBytes, inodes, inodesUsed } = rest;
  if (fileSystem === 'hugetlbfs' || !isReached || path === undefined) return [];
  const place = pid === undefined ? '' : `/proc/${pid}/root`;
  const whose = isOfOthers ? { isOfOthers } : {};
  return [{ path: `${place}${escapeBytes(path)}`, device, ...whose, sizeBytes, usedBytes, inodes, inodesUsed }];
}

export const limitsWith = ({ parts }: Account, limits: Limits): Limits =>
  withAllMounts(
    limits,
    parts.flatMap(({ mount }) => mount ?? []),
  );

export const memoryOf = ({ totalBytes, shmemBytes }: Account): HostMemory | undefined =>
  totalBytes === undefined ? undefined : { totalBytes, shmemBytes };
