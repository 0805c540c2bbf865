// Every limit that shared memory can run into, and how much of it is used: numbers only, from one sample.
import type { HostMemory } from './host-memory.ts';
import type { ShmObject } from './object.ts';
import type { Limits, ShmMount } from './snapshot.ts';

interface CeilingFacts {
  /** Unique; one series of values over time is kept under it. */
  readonly id: string;
  readonly unit: 'bytes' | 'count';
  /** Absent: not known. */
  readonly used?: number;
  /** Absent: no limit, or more than a number can say (2^53). */
  readonly limit?: number;
}

/** `shmem` is of the whole machine, `segments` to `largest` of our own IPC namespace, the others of one tmpfs each. */
export type Ceiling = CeilingFacts &
  (
    | { readonly kind: 'shmem' | 'segments' | 'pages' | 'largest' }
    | { readonly kind: 'mount-bytes'; readonly mount: ShmMount }
    | { readonly kind: 'mount-inodes'; readonly mount: ShmMount }
  );
export type CeilingKind = Ceiling['kind'];

/** In the order in which they are worth knowing. `objects`: absent where nobody asks for the largest, which looks at each. */
export function ceilingsOf(
  limits: Limits,
  memory: HostMemory | undefined,
  objects?: readonly ShmObject[],
): readonly Ceiling[] {
  const shmall = limitNumber(limits.shmall);
  const { shmemBytes, totalBytes } = memory ?? {};
  return [
    { kind: 'shmem', id: 'shmem', unit: 'bytes', used: shmemBytes, limit: totalBytes },
    { kind: 'segments', id: 'segments', unit: 'count', used: limits.segments, limit: limitNumber(limits.shmmni) },
    {
      kind: 'pages',
      id: 'pages',
      unit: 'bytes',
      used: limits.pages * limits.pageSizeBytes,
      limit: shmall === undefined ? undefined : exact(shmall * limits.pageSizeBytes),
    },
    ...(objects ? [largest(limits, objects)] : []),
    ...limits.mounts.flatMap((mount): readonly Ceiling[] => [
      {
        kind: 'mount-bytes',
        id: `bytes:${mount.device}`,
        unit: 'bytes',
        used: mount.usedBytes,
        limit: mount.sizeBytes,
        mount,
      },
      {
        kind: 'mount-inodes',
        id: `inodes:${mount.device}`,
        unit: 'count',
        used: mount.inodesUsed,
        limit: mount.inodes,
        mount,
      },
    ]),
  ];
}

function largest({ shmmax }: Limits, objects: readonly ShmObject[]): Ceiling {
  let used = 0;
  for (const { kind, sizeBytes = 0 } of objects) if (kind === 'sysv') used = Math.max(used, sizeBytes);
  return { kind: 'largest', id: 'largest', unit: 'bytes', used, limit: limitNumber(shmmax) };
}

/** Text of a limit as a number; what is beyond 2^53 is as good as none. */
function limitNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : exact(Number(text));
}

const exact = (value: number) => (Number.isSafeInteger(value) ? value : undefined);
