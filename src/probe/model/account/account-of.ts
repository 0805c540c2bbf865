// Puts the account together: objects of a snapshot and what was read beside them, each byte in one part.
import { costBytes, type ShmObject } from '../object.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Account, AccountPart, AccountReadings, GpuMemory, MemoryMount, PartNote } from './account.ts';
import { hugeAccounts, isHuge } from './huge-account.ts';
import { byBytes, sumOf } from './part-sum.ts';

/** `snapshot`: with resident bytes of segments (`rss`), and everything that is not a plain file. */
export function accountOf(snapshot: Pick<Snapshot, 'objects'>, readings: AccountReadings): Account {
  const { shmemBytes, totalBytes, shmemHugeBytes, swapBytes } = readings;
  const ofShmem = snapshot.objects.filter((object) => !isHuge(object));
  const sure = [
    ...segmentParts(ofShmem),
    ...mountParts(ofShmem, readings),
    ...['memfd' as const, 'anonymous' as const].flatMap((kind) => {
      const members = ofShmem.filter((object) => object.kind === kind);
      return members.length === 0 ? [] : [{ id: kind, kind, ...sumOf(members), notes: isPartly(members) }];
    }),
  ];
  const parts = [...sure, ...gpuParts(readings.gpus, shmemBytes, sure)].sort(byBytes);
  return {
    shmemBytes,
    totalBytes,
    shmemHugeBytes,
    swapBytes,
    parts,
    remainderBytes: shmemBytes === undefined ? undefined : parts.reduce((left, { bytes }) => left - bytes, shmemBytes),
    huge: hugeAccounts(snapshot.objects, readings),
    ...(readings.isPartly ? { isPartly: true } : {}),
  };
}

/** What is only known to be allocated takes no more than all others leave: whoever allocates makes no memory by it. */
function gpuParts(gpus: readonly GpuMemory[], shmemBytes: number | undefined, sure: readonly AccountPart[]) {
  let left = sure.reduce((rest, { bytes }) => rest - bytes, shmemBytes ?? Number.POSITIVE_INFINITY);
  const told = gpus.toSorted((a, b) => Number(a.isAllocated ?? false) - Number(b.isAllocated ?? false));
  return told.map(({ id, driver, bytes: most, isAllocated }): AccountPart => {
    const bytes = isAllocated ? Math.max(0, Math.min(most, left)) : most;
    left -= bytes;
    const notes: readonly PartNote[] = isAllocated ? ['at-most'] : [];
    return { id: `gpu:${id}`, kind: 'gpu', driver, bytes, listedBytes: 0, objectIds: [], notes };
  });
}

function segmentParts(objects: readonly ShmObject[]): AccountPart[] {
  const segments = objects.filter(({ kind }) => kind === 'sysv');
  return [...Map.groupBy(segments, ({ ipcNamespace }) => ipcNamespace ?? '0')].map(([ipcNamespace, members]) => {
    const swapBytes = members.reduce((sum, { swapBytes = 0 }) => sum + swapBytes, 0);
    const { listedBytes, objectIds } = sumOf(members);
    return {
      id: `sysv:${ipcNamespace}`,
      kind: 'sysv',
      ipcNamespace,
      bytes: listedBytes - swapBytes,
      swapBytes: swapBytes > 0 ? swapBytes : undefined,
      listedBytes,
      objectIds,
      notes: isPartly(members),
    };
  });
}

/** Each mount with what is on it; objects on one that nobody shows make it known. */
function mountParts(objects: readonly ShmObject[], { mounts, swapBytes = 0 }: AccountReadings): AccountPart[] {
  const onMounts = Map.groupBy(objects.filter(isOnMount), ({ device = '' }) => device);
  const known = mounts.filter(({ fileSystem }) => fileSystem !== 'hugetlbfs');
  const devices = new Set(mounts.map(({ device }) => device));
  const unknown = [...onMounts.keys()]
    .filter((device) => !devices.has(device))
    .map((device): MemoryMount => ({ device, fileSystem: 'tmpfs', isReached: false }));
  return [...known, ...unknown].map((mount) => {
    const { device, usedBytes, path } = mount;
    const members = onMounts.get(device) ?? [];
    const sum = sumOf(members);
    const notes: PartNote[] = path === undefined ? ['unmounted'] : [];
    if (usedBytes === undefined) notes.push(mount.isReached ? 'no-limit' : 'not-reached', ...isPartly(members));
    if (swapBytes > 0 && (usedBytes ?? sum.bytes) > 0) notes.push('swapped');
    // Names come and go between the two readings: what is listed is there.
    return { id: `mount:${device}`, kind: 'mount', ...sum, bytes: usedBytes ?? sum.bytes, mount, notes };
  });
}

/** Does its memory belong to a mount? */
function isOnMount({ kind, onDisk, onMemory }: ShmObject): boolean {
  if (kind === 'file') return onMemory === 'tmpfs' || onMemory === 'devtmpfs';
  return (kind === 'posix' || kind === 'unlinked') && onDisk === undefined;
}

const isPartly = (members: readonly ShmObject[]): PartNote[] =>
  members.some((object) => costBytes(object) === undefined) ? ['partly'] : [];
