// The limits of a snapshot with what the account knows beside it: every tmpfs, and the memory of the machine.

import { escapeBytes } from '../bytes.ts';
import type { HostMemory } from '../host-memory.ts';
import type { Limits, ShmMount } from '../snapshot.ts';
import type { Account } from './account.ts';

/** Those of /dev/shm as they are called elsewhere, then every other tmpfs that is shown somewhere. */
export function limitsWith({ parts }: Account, limits: Limits): Limits {
  const devices = new Set(limits.mounts.map(({ device }) => device));
  const others = parts.flatMap(({ mount }): ShmMount[] => {
    if (mount?.path === undefined || devices.has(mount.device)) return [];
    const { device, path, sizeBytes, usedBytes, inodes, inodesUsed } = mount;
    return [{ device, path: escapeBytes(path), sizeBytes, usedBytes, inodes, inodesUsed }];
  });
  return { ...limits, mounts: [...limits.mounts, ...others] };
}

export const memoryOf = ({ totalBytes, shmemBytes }: Account): HostMemory | undefined =>
  totalBytes === undefined ? undefined : { totalBytes, shmemBytes };
