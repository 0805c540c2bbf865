// `shmtop ps --json`: processes with the ids of what they hold, and where they map it.

import type { Hold, ProcessRow } from '../probe/model/process-row.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { jsonOfGap, jsonOfHolder, jsonOfMapping, jsonOfSituation } from './json.ts';

export function jsonOfProcesses(snapshot: Snapshot, rows: readonly ProcessRow[]) {
  return { ...jsonOfSituation(snapshot), processes: rows.map(jsonOfProcess), gaps: snapshot.gaps.map(jsonOfGap) };
}

export function jsonOfProcess({ process, holds, countByKind, sizeBytes, costBytes }: ProcessRow) {
  const { mappings: _mappings, fds: _fds, ...identity } = jsonOfHolder(process);
  return { ...identity, counts: countByKind, sizeBytes, costBytes, objects: holds.map(jsonOfHold) };
}

export function jsonOfHold({ object, holder }: Hold) {
  return { id: object.id, kind: object.kind, mappings: holder.mappings.map(jsonOfMapping), fds: holder.fds };
}
