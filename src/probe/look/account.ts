// The account of shared memory of one look: what is read for it beside the snapshot, and put together.
import type { Account, AccountReadings, MemoryMount } from '../model/account/account.ts';
import { accountOf } from '../model/account/account-of.ts';
import { unescapeBytes } from '../model/bytes.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { parseShmem } from '../parse/meminfo.ts';
import { readGpuMemory } from '../source/gpu-memory.ts';
import { readHugePools } from '../source/huge-pools.ts';
import { readText } from '../source/io.ts';
import { readMemoryMounts } from '../territory/places/memory-mounts.ts';
import type { Machine } from './machine.ts';
import type { Sighting } from './sighting.ts';

/** What a look leaves for whoever asks for more of it. */
export interface Seen extends Pick<Sighting, 'pids' | 'namespaces' | 'ownMounts'> {
  readonly machine: Machine;
}

/** Read at once after the look, or it does not close: about 2 ms, and 0.1 ms for each other mount namespace. */
export function readAccount(seen: Seen, snapshot: Pick<Snapshot, 'objects' | 'limits'>): Account {
  return accountOf(snapshot, readAccountReadings(seen, snapshot));
}

/** What `accountOf` needs beside the snapshot; the same cost. */
export function readAccountReadings(
  { machine, pids, namespaces, ownMounts }: Seen,
  { objects, limits }: Pick<Snapshot, 'objects' | 'limits'>,
): AccountReadings {
  const { io, procRoot, procKind, ownLibc } = machine;
  const meminfo = readText(io, `${procRoot}/meminfo`);
  const isOwn = procKind === 'own';
  const { mounts: found, isWhole } =
    isOwn && ownLibc
      ? readMemoryMounts({ libc: ownLibc, procRoot, ownMounts, namespaces, objects })
      : { mounts: [], isWhole: true };
  const gpu = isOwn ? readGpuMemory(io, procRoot, pids) : { gpus: [], isWhole: true };
  const known = new Set(found.filter(({ isReached }) => isReached).map(({ device }) => device));
  const others = limits.mounts
    .filter(({ device }) => !known.has(device))
    .map((mount): MemoryMount => ({ ...mount, path: unescapeBytes(mount.path), fileSystem: 'tmpfs', isReached: true }));
  const covered = new Set(others.map(({ device }) => device));
  return {
    ...(typeof meminfo === 'number' ? {} : parseShmem(meminfo)),
    mounts: [...found.filter(({ device }) => !covered.has(device)), ...others],
    gpus: gpu.gpus,
    pools: isOwn ? readHugePools(io) : [],
    ...(isWhole && gpu.isWhole ? {} : { isPartly: true }),
  };
}
