// What there may be any number of, since anybody can make it: mounts, IPC namespaces, objects. The largest have series of their own,
// so many and no more; the others are one.
import { costBytes, type ShmObject } from '../../probe/model/object.ts';
import { isOwnMount, type ShmMount, type Snapshot } from '../../probe/model/snapshot.ts';
import { safeText } from '../../ui/format/safe-text.ts';
import type { Family, Sample } from './exposition.ts';

/** Series of each family; our own mounts and namespace come first. */
const MOST_SERIES = 20;
/** Of `--objects`. */
export const MOST_LISTED = 1000;
const OTHERS = 'others';

/** A mount of another namespace has no path that stays (it is told by a pid): it is known by its device. */
export function mountFamilies({ limits }: Snapshot): readonly Family[] {
  const own = limits.mounts.filter(isOwnMount);
  const foreign = limits.mounts
    .filter((mount) => !isOwnMount(mount))
    .sort((a, b) => (b.usedBytes ?? 0) - (a.usedBytes ?? 0));
  const shown = [...own, ...foreign].slice(0, MOST_SERIES);
  const rest = [...own, ...foreign].slice(MOST_SERIES);
  const labelsOf = ({ path, device, mountNamespace }: ShmMount) =>
    mountNamespace === undefined ? { mount: safeText(path), device } : { mount: 'elsewhere', device };
  const family = (
    name: string,
    help: string,
    of: (mount: ShmMount) => number | undefined,
    unit?: Family['unit'],
  ): Family => ({
    ...{ name, help, unit },
    samples: [
      ...shown.map((mount) => ({ labels: labelsOf(mount), value: of(mount) })),
      ...restOf(rest, of, { mount: OTHERS, device: OTHERS }),
    ],
  });
  return [
    family(
      'shmtop_mount_size_bytes',
      'How much may lie in a shared memory file system',
      ({ sizeBytes }) => sizeBytes,
      'bytes',
    ),
    family('shmtop_mount_used_bytes', 'How much lies in it', ({ usedBytes }) => usedBytes, 'bytes'),
    family('shmtop_mount_inodes', 'How many files, folders and links may be in it', ({ inodes }) => inodes),
    family('shmtop_mount_inodes_used', 'How many are', ({ inodesUsed }) => inodesUsed),
  ];
}

/** IPC namespaces by the inodes of /proc/PID/ns/ipc. */
export function namespaceFamilies({ objects, host }: Snapshot): readonly Family[] {
  const sums = new Map<string, { namespace: string; segments: number; memory: number }>();
  for (const object of objects) {
    const { kind, ipcNamespace: namespace } = object;
    if (kind !== 'sysv' || namespace === undefined) continue;
    const sum = sums.get(namespace) ?? { namespace, segments: 0, memory: 0 };
    sums.set(namespace, sum);
    sum.segments++;
    sum.memory += costBytes(object) ?? 0;
  }
  const isOwn = (namespace: string) => namespace === host.ipcNamespace;
  const all = [...sums.values()].sort(
    (a, b) => Number(isOwn(b.namespace)) - Number(isOwn(a.namespace)) || b.segments - a.segments,
  );
  const family = (name: string, help: string, of: 'segments' | 'memory', unit?: Family['unit']): Family => ({
    ...{ name, help, unit },
    samples: [
      ...all.slice(0, MOST_SERIES).map((sum) => ({
        labels: { ipc_namespace: sum.namespace, own: isOwn(sum.namespace) ? '1' : '0' },
        value: sum[of],
      })),
      ...restOf(all.slice(MOST_SERIES), (sum) => sum[of], { ipc_namespace: OTHERS, own: '0' }),
    ],
  });
  return [
    family('shmtop_namespace_segments', 'System V segments by IPC namespace', 'segments'),
    family('shmtop_namespace_segment_memory_bytes', 'Memory and swap of these', 'memory', 'bytes'),
  ];
}

/** Of `most` objects, those with the most memory first. Each that comes and goes is a series of its own: only when asked for. */
export function listedFamilies({ objects }: Snapshot, most: number): readonly Family[] {
  if (most === 0) return [];
  const listed = [...objects]
    .sort((a, b) => (costBytes(b) ?? 0) - (costBytes(a) ?? 0) || (a.id < b.id ? -1 : 1))
    .slice(0, most);
  const family = (
    name: string,
    help: string,
    of: (object: ShmObject) => number | undefined,
    unit?: Family['unit'],
  ): Family => ({
    ...{ name, help, unit },
    samples: listed.map((object) => ({ labels: labelsOf(object), value: of(object) })),
  });
  return [
    family('shmtop_object_memory_bytes', 'Memory and swap of single objects, of the largest ones', costBytes, 'bytes'),
    family('shmtop_object_length_bytes', 'Length of these', ({ sizeBytes }) => sizeBytes, 'bytes'),
    family('shmtop_object_holders', 'Processes that were found to hold them', ({ holders }) => holders.length),
  ];
}

function labelsOf({ id, shortId, kind, user, uid, software, verdict }: ShmObject): Readonly<Record<string, string>> {
  return {
    ...{ id, name: shortId, kind, verdict: verdict.state },
    user: safeText(user ?? String(uid ?? '')),
    software: software === undefined ? '' : safeText(software.name),
  };
}

function restOf<Row>(
  rest: readonly Row[],
  of: (row: Row) => number | undefined,
  labels: Readonly<Record<string, string>>,
): Sample[] {
  if (rest.length === 0) return [];
  return [{ labels, value: rest.reduce((sum, row) => sum + (of(row) ?? 0), 0) }];
}
