// Who uses a limit up: its objects, gathered by the command that holds them.
import type { ByteString } from '../bytes.ts';
import type { Ceiling } from '../ceilings.ts';
import { costBytes, type ShmObject } from '../object.ts';

export interface Consumer {
  /** Command of its holders, raw; absent: nobody holds these. */
  readonly comm?: ByteString;
  /** Different processes. */
  readonly processes: number;
  readonly objects: number;
  /** In memory and swap; length, where a limit counts that. */
  readonly bytes: number;
}

/** Those that count how long segments are, not what they take. */
const LENGTHS: ReadonlySet<Ceiling['kind']> = new Set(['pages', 'largest', 'namespace-pages']);

/** The largest first, by what the limit counts. What several commands hold is of the one with most processes. */
export function consumersOf(
  ceiling: Ceiling,
  objects: readonly ShmObject[],
  ownNamespace: string | undefined,
): Consumer[] {
  const countsLength = LENGTHS.has(ceiling.kind);
  const drafts = new Map<ByteString | undefined, { pids: Set<number>; objects: number; bytes: number }>();
  for (const object of objects) {
    if (!isOf(object, ceiling, ownNamespace)) continue;
    const comm = commOf(object);
    const draft = drafts.get(comm) ?? { pids: new Set(), objects: 0, bytes: 0 };
    drafts.set(comm, draft);
    draft.objects++;
    draft.bytes += (countsLength ? object.sizeBytes : costBytes(object)) ?? 0;
    for (const holder of object.holders) if (holder.comm === comm) draft.pids.add(holder.pid);
  }
  const size = ({ objects, bytes }: Consumer) => (ceiling.unit === 'count' ? objects : bytes);
  return [...drafts]
    .map(([comm, { pids, objects, bytes }]) => ({ comm, processes: pids.size, objects, bytes }))
    .sort((a, b) => size(b) - size(a));
}

function isOf(
  { kind, ipcNamespace, device, hugePageBytes }: ShmObject,
  ceiling: Ceiling,
  ownNamespace: string | undefined,
): boolean {
  switch (ceiling.kind) {
    case 'shmem':
      return true;
    case 'mount-bytes':
    case 'mount-inodes':
      return device === ceiling.mount.device && (kind === 'posix' || kind === 'unlinked' || kind === 'file');
    case 'segments':
    case 'pages':
    case 'largest':
      return kind === 'sysv' && ipcNamespace === ownNamespace;
    case 'namespace-segments':
    case 'namespace-pages':
      return kind === 'sysv' && ipcNamespace === ceiling.namespace.id;
    case 'huge-pages':
      return hugePageBytes !== undefined && String(hugePageBytes) === ceiling.of;
    // Semaphores and queues are no objects; what a group was charged for no object tells.
    case 'semaphore-sets':
    case 'semaphores':
    case 'queues':
    case 'group':
      return false;
  }
}

function commOf({ holders }: ShmObject): ByteString | undefined {
  const counts = new Map<ByteString, number>();
  for (const { comm } of holders) if (comm !== undefined) counts.set(comm, (counts.get(comm) ?? 0) + 1);
  return [...counts].reduce<readonly [ByteString | undefined, number]>(
    (most, each) => (each[1] > most[1] ? each : most),
    [undefined, 0],
  )[0];
}
