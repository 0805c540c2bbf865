// What changed between two snapshots: new, gone, grown, shrunk, judged otherwise; and what speaks against comparing them.
import type { KeptObject, KeptSnapshot } from './decode/kept-snapshot.ts';

export const CHANGE_KINDS = ['new', 'grown', 'judged', 'shrunk', 'gone'] as const;
/** `judged`: as large as before, with another verdict. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  readonly kind: ChangeKind;
  /** As it was last seen. */
  readonly object: KeptObject;
  /** Absent of what is new. */
  readonly before?: KeptObject;
  /** Absent of what is gone. */
  readonly after?: KeptObject;
  /** Of its memory and swap; of its length where these are not known, or did not change. Of what is gone below zero. */
  readonly growthBytes: number;
}

export interface SnapshotDiff {
  /** The most grown first; equal ones by id. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
}

/** The same kernel object of two snapshots is compared, whatever it is called in them. `diffSnapshots(a, a)` has no changes. */
export function diffSnapshots(before: KeptSnapshot, after: KeptSnapshot): SnapshotDiff {
  const old = new Map(before.objects.map((object) => [placeOf(object), object]));
  const changes: Change[] = [];
  let unchanged = 0;
  for (const now of after.objects) {
    const place = placeOf(now);
    const then = old.get(place);
    if (!then || !isSame(then, now)) {
      changes.push({ kind: 'new', object: now, after: now, growthBytes: weight(now) });
      continue;
    }
    old.delete(place);
    const change = changeOf(then, now);
    if (change) changes.push(change);
    else unchanged++;
  }
  for (const then of old.values())
    changes.push({ kind: 'gone', object: then, before: then, growthBytes: 0 - weight(then) });
  return { changes: changes.sort(byGrowth), unchanged };
}

function changeOf(before: KeptObject, after: KeptObject): Change | undefined {
  const memory = difference(keptCost(before), keptCost(after));
  const growthBytes = memory || difference(before.sizeBytes, after.sizeBytes) || 0;
  if (growthBytes !== 0)
    return { kind: growthBytes > 0 ? 'grown' : 'shrunk', object: after, before, after, growthBytes };
  if (before.verdict.state === after.verdict.state) return undefined;
  return { kind: 'judged', object: after, before, after, growthBytes };
}

const difference = (before: number | undefined, after: number | undefined) =>
  before === undefined || after === undefined ? undefined : after - before;

/** Memory and swap, where known. */
export const keptCost = ({ allocatedBytes, rssBytes, swapBytes = 0 }: KeptObject): number | undefined =>
  allocatedBytes ?? (rssBytes === undefined ? undefined : rssBytes + swapBytes);

const weight = (object: KeptObject) => keptCost(object) ?? object.sizeBytes ?? 0;

/** A name that was removed leaves its file where it is: the kind changes, device and inode do not. */
const placeOf = ({ id }: KeptObject) => id.replace(/^(posix|unlinked):/, 'name:');

/** Numbers return: a shmid, an inode of a tmpfs that was mounted anew. What never changes of an object tells them apart. */
function isSame(before: KeptObject, after: KeptObject): boolean {
  const differs = (a: number | string | undefined, b: number | string | undefined) =>
    a !== undefined && b !== undefined && a !== b;
  if (before.kind !== 'sysv') return !differs(before.btime, after.btime);
  const isOtherSegment =
    differs(before.sizeBytes, after.sizeBytes) ||
    differs(before.cuid, after.cuid) ||
    differs(before.creator?.pid, after.creator?.pid);
  return !isOtherSegment;
}

const byGrowth = (a: Change, b: Change) => b.growthBytes - a.growthBytes || (a.object.id < b.object.id ? -1 : 1);

/** Why what is said to be new or gone may only be out of sight. `which`: of one snapshot. */
export interface DiffDoubt {
  readonly code: 'other-host' | 'other-namespace' | 'reversed' | 'incomplete' | 'filtered';
  readonly which?: 'before' | 'after';
}

export function doubtsOf(before: KeptSnapshot, after: KeptSnapshot): DiffDoubt[] {
  const doubts: DiffDoubt[] = [];
  if (before.host.hostname !== after.host.hostname) doubts.push({ code: 'other-host' });
  if (before.host.ipcNamespace !== after.host.ipcNamespace) doubts.push({ code: 'other-namespace' });
  if (after.takenAt < before.takenAt) doubts.push({ code: 'reversed' });
  for (const [which, snapshot] of [['before', before] as const, ['after', after] as const]) {
    if (!snapshot.visibility.complete) doubts.push({ code: 'incomplete', which });
    if (ownSegments(snapshot) < snapshot.limits.segments) doubts.push({ code: 'filtered', which });
  }
  return doubts;
}

function ownSegments({ objects, host }: KeptSnapshot): number {
  const own = `sysv:${host.ipcNamespace ?? ''}:`;
  return host.ipcNamespace === undefined
    ? objects.filter(({ kind }) => kind === 'sysv').length
    : objects.filter(({ id }) => id.startsWith(own)).length;
}
