// Every limit that shared memory can run into, and how much of it is used: numbers only, from one sample.
import type { HostMemory } from './host-memory.ts';
import type { NamespaceFacts } from './namespace-facts.ts';
import type { ShmObject } from './object.ts';
import { OTHER_LIMIT_KINDS, type OtherLimitKind } from './other-limits.ts';
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

/**
 * `shmem` is of the whole machine, `segments` to `largest` of our own IPC namespace, the mounts of one tmpfs each, those of a namespace of
 * another IPC namespace, where half of it is used. The others: `OtherLimit`.
 */
export type Ceiling = CeilingFacts &
  (
    | { readonly kind: 'shmem' | 'segments' | 'pages' | 'largest' }
    | { readonly kind: 'mount-bytes'; readonly mount: ShmMount }
    | { readonly kind: 'mount-inodes'; readonly mount: ShmMount }
    | { readonly kind: 'namespace-segments' | 'namespace-pages'; readonly namespace: NamespaceFacts }
    | { readonly kind: OtherLimitKind; readonly of?: string; readonly shmemBytes?: number }
  );
export type CeilingKind = Ceiling['kind'];
export const CEILING_KINDS: readonly CeilingKind[] = [
  ...(['shmem', 'segments', 'pages', 'largest', 'mount-bytes', 'mount-inodes'] as const),
  ...(['namespace-segments', 'namespace-pages'] as const),
  ...OTHER_LIMIT_KINDS,
];

/** Used of its limit; may exceed 1. Undefined: one of them is not known, or there is no limit. */
export const shareOf = ({ used, limit }: Pick<CeilingFacts, 'used' | 'limit'>): number | undefined =>
  used === undefined || !limit ? undefined : used / limit;

/** In the order in which they are worth knowing. `objects`: absent where nobody asks for the largest, which looks at each. */
export function ceilingsOf(
  limits: Limits,
  memory: HostMemory | undefined,
  objects?: readonly ShmObject[],
  namespaces: readonly NamespaceFacts[] = [],
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
    ...(limits.others ?? []).map(
      (other): Ceiling => ({
        ...other,
        id: `${other.kind}:${other.of ?? ''}`,
        unit: other.kind === 'group' ? 'bytes' : 'count',
      }),
    ),
    ...namespaces.flatMap((namespace) => ceilingsOfNamespace(namespace, limits.pageSizeBytes)),
  ];
}

/** Hundreds of namespaces are mostly empty: only what is worth knowing. */
const WORTH_KNOWING = 0.5;

function ceilingsOfNamespace(namespace: NamespaceFacts, pageSizeBytes: number): readonly Ceiling[] {
  const { id, isOwn, shmmni, shmall, segments, pages } = namespace;
  if (isOwn) return [];
  const mostPages = limitNumber(shmall);
  const both: readonly Ceiling[] = [
    {
      kind: 'namespace-segments',
      id: `segments:${id}`,
      unit: 'count',
      used: segments,
      limit: limitNumber(shmmni),
      namespace,
    },
    {
      kind: 'namespace-pages',
      id: `pages:${id}`,
      unit: 'bytes',
      used: pages * pageSizeBytes,
      limit: mostPages === undefined ? undefined : exact(mostPages * pageSizeBytes),
      namespace,
    },
  ];
  return both.filter(({ used = 0, limit }) => limit !== undefined && used >= limit * WORTH_KNOWING);
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
