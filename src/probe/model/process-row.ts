// The reverse view: processes with the objects that they hold.
import { costBytes, type Holder, type Kind, type ShmObject } from './object.ts';

/** One object in the hands of one process. */
export interface Hold {
  readonly object: ShmObject;
  readonly holder: Holder;
}

export interface ProcessRow {
  /** The process as it appears among the holders. */
  readonly process: Holder;
  /** In the order of the snapshot; never empty. */
  readonly holds: readonly Hold[];
  readonly countByKind: Readonly<Record<Kind, number>>;
  /** Sums over its objects, each counted in full though others may share it. */
  readonly sizeBytes: number;
  readonly costBytes: number;
}

/** Processes that hold something, by pid. */
export function processRows(objects: readonly ShmObject[]): ProcessRow[] {
  const byPid = new Map<number, Hold[]>();
  for (const object of objects) {
    for (const holder of object.holders) {
      const holds = byPid.get(holder.pid);
      if (holds) holds.push({ object, holder });
      else byPid.set(holder.pid, [{ object, holder }]);
    }
  }
  return [...byPid.values()].flatMap(processRow).sort((a, b) => a.process.pid - b.process.pid);
}

/** The row of one process; none of no holds. */
function processRow(holds: readonly Hold[]): ProcessRow[] {
  const [first] = holds;
  if (!first) return [];
  const countByKind = { sysv: 0, posix: 0, unlinked: 0, memfd: 0, anonymous: 0, file: 0 };
  let sizeBytes = 0;
  let cost = 0;
  for (const { object } of holds) {
    countByKind[object.kind]++;
    sizeBytes += object.sizeBytes ?? 0;
    cost += costBytes(object) ?? 0;
  }
  return [{ process: first.holder, holds, countByKind, sizeBytes, costBytes: cost }];
}
