// What can be shown before the first look is over: where there is so much that it takes long, some rows of our own tables, unjudged.
import { monotonicMs } from '../../native/monotonic.ts';
import { type UnjudgedContext, unjudgedName, unjudgedSegment } from '../model/assemble/unjudged.ts';
import { GapList } from '../model/gap.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { readNamespace } from '../source/namespace-link.ts';
import { SegmentTableReader } from '../source/segment-tables.ts';
import { readSysvLimits } from '../source/sysv.ts';
import { OWN_PLACE } from '../territory/places/limits.ts';
import { NO_MOUNTS, readOwnMounts } from '../territory/places/mounts.ts';
import { type FoundPlace, PlaceFinder } from '../territory/places/shm-places.ts';
import { walk } from '../territory/places/walk.ts';
import { hostOf, type Machine, OWN_NAMESPACE_UNKNOWN } from './machine.ts';

/** So many of each table: the largest of those met in time. */
const MOST_ROWS = 1000;
const WALK_MS = 120;
/** With fewer of all of them the first look takes some tens of milliseconds, and nothing is shown before it. */
const MANY = { names: 2000, segments: 3000, processes: 800 } as const;

/** Undefined: the first look will soon be over. Costs about a millisecond then, and at most some 200. Never throws. */
export function glance(machine: Machine, takenAtMs: number): Snapshot | undefined {
  const { io, procRoot } = machine;
  const ownNamespace = readNamespace(io, procRoot, 'self', 'ipc') ?? OWN_NAMESPACE_UNKNOWN;
  const processes = io.readPids(procRoot);
  const pids = typeof processes === 'number' ? 0 : processes.pids.length;
  // Of its own: the one of the look keeps what it read last.
  const tables = new SegmentTableReader(io, machine.ownLibc, procRoot);
  const { rows } = tables.read({ ownNamespace, others: new Map(), rss: false }, new GapList());
  const { entries, isMany } = namesOf(machine, pids > MANY.processes || rows.length > MANY.segments);
  if (!isMany) return undefined;
  const context: UnjudgedContext = { ownNamespace, userName: machine.names.user, groupName: machine.names.group };
  return {
    takenAtMs,
    host: hostOf(machine, ownNamespace),
    // Nobody was looked into: that is no gap, and said by `not-judged`.
    visibility: { processes: pids, inspected: 0, complete: false, gaps: [] },
    limits: {
      ...readSysvLimits(io, procRoot, machine.ownLibc),
      segments: rows.length,
      pages: rows.reduce((sum, { sizeBytes }) => sum + Math.ceil(sizeBytes / machine.pageBytes), 0),
      pageSizeBytes: machine.pageBytes,
      mounts: [],
    },
    objects: [
      ...largest(rows).map((row) => unjudgedSegment(row, context)),
      ...entries.map((entry) => unjudgedName(entry, context)),
    ],
    gaps: [],
  };
}

function namesOf(
  { io, ownLibc, procRoot, shmRoot, procKind }: Machine,
  isManyElse: boolean,
): { readonly entries: readonly ShmEntry[]; readonly isMany: boolean } {
  const ownMounts = procKind === 'own' ? readOwnMounts(procRoot) : NO_MOUNTS;
  const others = new Map<string, readonly number[]>();
  const finder = new PlaceFinder({ io, libc: ownLibc, procRoot, shmRoot, ownMounts, others, gaps: new GapList() });
  try {
    const place = finder.own();
    if (!place) return { entries: [], isMany: isManyElse };
    const { inodesUsed } = place.usage();
    const isFew = inodesUsed !== undefined && inodesUsed <= MANY.names;
    if (isFew && !isManyElse) return { entries: [], isMany: false };
    const { entries, isCut } = walked(place);
    return { entries, isMany: isManyElse || isCut };
  } finally {
    finder.close();
  }
}

function walked({ groundOf, root, place }: FoundPlace) {
  const ground = groundOf();
  try {
    const limits = { ...OWN_PLACE, names: MOST_ROWS, untilMs: monotonicMs() + WALK_MS };
    return walk({ ground, root, place, limits }, new GapList());
  } finally {
    ground.close();
  }
}

function largest(rows: readonly SysvRow[]): readonly SysvRow[] {
  if (rows.length <= MOST_ROWS) return rows;
  return rows.toSorted((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MOST_ROWS);
}
