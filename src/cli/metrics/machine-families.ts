// What there is in all: objects by verdict and by kind, limits, memory of the machine, and how much of it could be seen.

import { ceilingsOf } from '../../probe/model/ceilings.ts';
import { GAP_REASONS, GAP_SOURCES } from '../../probe/model/gap.ts';
import type { HostMemory } from '../../probe/model/host-memory.ts';
import { costBytes, KINDS, type Kind, VERDICT_STATES } from '../../probe/model/object.ts';
import type { Semaphores } from '../../probe/model/semaphores.ts';
import { countUnlisted, type Snapshot } from '../../probe/model/snapshot.ts';
import { addLeftOut, sumTotals } from '../../probe/model/totals.ts';
import { type Family, single } from './exposition.ts';

/** Each object is in one of the verdicts and in one of the kinds, those that are not listed too. */
export function objectFamilies({ objects, leftOut }: Snapshot): readonly Family[] {
  const { byVerdict } = addLeftOut(sumTotals(objects), leftOut);
  const byKind = new Map<Kind, { objects: number; costBytes: number }>();
  for (const kind of KINDS) byKind.set(kind, { ...(leftOut?.byKind[kind] ?? { objects: 0, costBytes: 0 }) });
  for (const object of objects) {
    const sum = byKind.get(object.kind);
    if (!sum) continue;
    sum.objects++;
    sum.costBytes += costBytes(object) ?? 0;
  }
  const verdicts = (of: 'objects' | 'costBytes') =>
    VERDICT_STATES.map((verdict) => ({ labels: { verdict }, value: byVerdict[verdict][of] }));
  const kinds = (of: 'objects' | 'costBytes') =>
    KINDS.map((kind) => ({ labels: { kind }, value: byKind.get(kind)?.[of] }));
  const memory = 'Memory and swap, as far as it is known, of shared memory objects';
  return [
    { name: 'shmtop_objects', help: 'Shared memory objects by verdict', samples: verdicts('objects') },
    { name: 'shmtop_memory_bytes', help: `${memory} by verdict`, unit: 'bytes', samples: verdicts('costBytes') },
    { name: 'shmtop_kind_objects', help: 'Shared memory objects by kind', samples: kinds('objects') },
    { name: 'shmtop_kind_memory_bytes', help: `${memory} by kind`, unit: 'bytes', samples: kinds('costBytes') },
  ];
}

/** Of our own IPC namespace, and of the machine. */
export function limitFamilies(
  { limits, gaps }: Snapshot,
  semaphores: Semaphores | undefined,
  memory: HostMemory | undefined,
) {
  const ceilings = ceilingsOf(limits, memory);
  const of = (kind: 'segments' | 'pages') => {
    // A table that could not be read is not an empty one.
    if (gaps.some(({ source }) => source === 'sysv')) return undefined;
    return ceilings.find((ceiling) => ceiling.kind === kind);
  };
  return [
    single('shmtop_segments', 'System V segments in this IPC namespace', of('segments')?.used),
    single('shmtop_segments_limit', 'Most segments (SHMMNI)', of('segments')?.limit),
    single('shmtop_segment_length_bytes', 'Length of all these segments', of('pages')?.used, 'bytes'),
    single('shmtop_segment_length_limit_bytes', 'Most of it (SHMALL)', of('pages')?.limit, 'bytes'),
    single('shmtop_semaphore_sets', 'System V semaphore sets in this IPC namespace', semaphores?.sets),
    single('shmtop_semaphore_sets_limit', 'Most sets (SEMMNI)', semaphores?.mostSets),
    single('shmtop_semaphores', 'System V semaphores in all these sets', semaphores?.semaphores),
    single('shmtop_semaphores_limit', 'Most semaphores (SEMMNS)', semaphores?.mostSemaphores),
    single('shmtop_host_shmem_bytes', 'Shmem of /proc/meminfo', memory?.shmemBytes, 'bytes'),
    single('shmtop_host_memory_bytes', 'MemTotal of /proc/meminfo', memory?.totalBytes, 'bytes'),
  ];
}

/** How much of the machine these numbers are of. */
export function sightFamilies(snapshot: Snapshot, version: string, seconds: number): readonly Family[] {
  const { visibility, gaps } = snapshot;
  const all = [...visibility.gaps, ...gaps];
  const missed = GAP_SOURCES.flatMap((source) =>
    GAP_REASONS.map((reason) => {
      const value = all
        .filter((gap) => gap.source === source && gap.reason === reason)
        .reduce((sum, { count }) => sum + count, 0);
      return { labels: { source, reason }, value: value > 0 ? value : undefined };
    }),
  );
  return [
    { name: 'shmtop_build_info', help: 'Version of shmtop', samples: [{ labels: { version }, value: 1 }] },
    single('shmtop_view_complete', '1 where nothing that could hold an object was hidden', visibility.complete ? 1 : 0),
    single('shmtop_processes', 'Processes, kernel threads not counted', visibility.processes),
    single('shmtop_processes_inspected', 'Processes that could be looked into', visibility.inspected),
    { name: 'shmtop_unseen', help: 'Things that could not be seen, by what and why', samples: missed },
    single(
      'shmtop_unlisted_objects',
      'Objects that are counted, but too many to be listed one by one',
      countUnlisted(snapshot),
    ),
    single('shmtop_look_seconds', 'How long this look took', seconds, 'seconds'),
  ];
}
