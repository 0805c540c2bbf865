// Who uses a limit up: its objects, gathered by the command that holds them.
import type { ByteString } from '../bytes.ts';
import { hasObjects, isCounted } from '../ceiling-scope.ts';
import type { Ceiling } from '../ceilings.ts';
import { costBytes, type ShmObject } from '../object.ts';
import { once } from '../once.ts';
import { isHeldByNobody } from './held-by-nobody.ts';

export interface Consumer {
  /** Command of its holders, raw; absent: nobody holds these, or (`isUnseen`) who does cannot be seen. */
  readonly comm?: ByteString;
  readonly isUnseen: boolean;
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
  const drafts = new Map<ByteString | boolean, { pids: Set<number>; objects: number; bytes: number }>();
  for (const object of objects) {
    if (!isCounted({ ceiling, ownNamespace }, object)) continue;
    const comm = commOf(object);
    const key = comm ?? isHeldByNobody(object);
    const draft = drafts.get(key) ?? { pids: new Set(), objects: 0, bytes: 0 };
    drafts.set(key, draft);
    draft.objects++;
    draft.bytes += (countsLength ? object.sizeBytes : costBytes(object)) ?? 0;
    for (const holder of object.holders) if (holder.comm === comm) draft.pids.add(holder.pid);
  }
  const size = ({ objects, bytes }: Consumer) => (ceiling.unit === 'count' ? objects : bytes);
  return [...drafts]
    .map(([key, { pids, objects, bytes }]) => ({
      comm: typeof key === 'string' ? key : undefined,
      isUnseen: key === false,
      processes: pids.size,
      objects,
      bytes,
    }))
    .sort((a, b) => size(b) - size(a));
}

/** The same for many limits: of one mount or namespace, of which anybody makes thousands, only its own objects are looked at. */
export function consumersAmong(
  objects: readonly ShmObject[],
  ownNamespace: string | undefined,
): (ceiling: Ceiling) => Consumer[] {
  const byDevice = once(() => Map.groupBy(objects, ({ device }) => device));
  const byNamespace = once(() => Map.groupBy(objects, ({ ipcNamespace }) => ipcNamespace));
  const candidates = (ceiling: Ceiling) => {
    if ('mount' in ceiling) return byDevice().get(ceiling.mount.device) ?? [];
    if ('namespace' in ceiling) return byNamespace().get(ceiling.namespace.id) ?? [];
    return hasObjects(ceiling) ? objects : [];
  };
  return (ceiling) => consumersOf(ceiling, candidates(ceiling), ownNamespace);
}

function commOf({ holders }: ShmObject): ByteString | undefined {
  const counts = new Map<ByteString, number>();
  for (const { comm } of holders) if (comm !== undefined) counts.set(comm, (counts.get(comm) ?? 0) + 1);
  return [...counts].reduce<readonly [ByteString | undefined, number]>(
    (most, each) => (each[1] > most[1] ? each : most),
    [undefined, 0],
  )[0];
}
