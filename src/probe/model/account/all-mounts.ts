// The limits of a look together with every other tmpfs of the account.
import { escapeBytes } from '../bytes.ts';
import type { Limits, ShmMount } from '../snapshot.ts';
import type { MemoryMount } from './account.ts';

/** Those of /dev/shm as they are called elsewhere and where they stood, then every other one that has limits and could be asked. */
export function withAllMounts(limits: Limits, mounts: readonly MemoryMount[]): Limits {
  const known = new Set(limits.mounts.map(({ device }) => device));
  return {
    ...limits,
    mounts: [...limits.mounts, ...mounts.flatMap((mount) => (known.has(mount.device) ? [] : limited(mount)))],
  };
}

function limited({ fileSystem, isReached, path, pid, ...rest }: MemoryMount): ShmMount[] {
  const { device, sizeBytes, usedBytes, inodes, inodesUsed } = rest;
  if (fileSystem === 'hugetlbfs' || !isReached || path === undefined) return [];
  const place = pid === undefined ? '' : `/proc/${pid}/root`;
  return [{ path: `${place}${escapeBytes(path)}`, device, sizeBytes, usedBytes, inodes, inodesUsed }];
}
