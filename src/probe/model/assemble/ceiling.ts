// How many objects are handed on: the rest is counted, so that nobody who makes a million of them can stop whoever looks at them.
import { itemAt } from '../item-at.ts';
import { costBytes, KINDS, type Kind, newestSec, type ShmObject, type VerdictState } from '../object.ts';

/** Objects, and the bytes that they occupy in memory or swap as far as that is known. */
export interface Count {
  readonly objects: number;
  readonly costBytes: number;
}

/** What exists and was judged, but is not among the objects of the snapshot. */
export interface LeftOut extends Count {
  readonly sizeBytes: number;
  readonly byKind: Readonly<Record<Kind, Count>>;
  readonly byVerdict: Readonly<Record<VerdictState, Count>>;
}

/** The objects that are handed on, in the order given. */
export interface Kept {
  readonly objects: readonly ShmObject[];
  /** Absent: these are all. */
  readonly leftOut?: LeftOut;
}

/** Of the dashboard, and of a table in text: what 5,000 processes hold and 30,000 segments are fewer; more would make keys wait. */
export const MOST_OBJECTS = 40_000;
/** A row that was shown stays unless another object is that many times as large: rows do not come and go with every page. */
const STAYS = 2;
const NOBODY = -1;
const NONE_SHOWN: ReadonlySet<string> = new Set();

/** What a choice depends on, by place; asked for each place once. */
export interface Crowd {
  readonly length: number;
  readonly kindOf: (at: number) => Kind;
  /** Absent: nobody knows. */
  readonly uidOf: (at: number) => number | undefined;
  readonly stateOf: (at: number) => VerdictState;
  readonly costOf: (at: number) => number;
  /** Seconds since the epoch. */
  readonly newestOf: (at: number) => number;
  /** Was it handed on the last time? */
  readonly isShown: (at: number) => boolean;
}

/**
 * 1 for each of the at most `most` places that are kept. Room is shared evenly, first among kinds, then among the owners of a kind:
 * what one user makes pushes out his own and nobody else's; where there are more owners than places, the lower user ids come first.
 * Of one owner's come first those that are held, abandoned or orphaned, then the largest, then the newest.
 */
export function chooseFrom(crowd: Crowd, most: number): Uint8Array {
  const isKept = new Uint8Array(crowd.length);
  if (crowd.length <= most) return isKept.fill(1);
  const all = Array.from(isKept, (_, at) => at);
  const kinds = [...groupBy(all, (at) => KINDS.indexOf(crowd.kindOf(at))).values()];
  for (const [kind, room] of shareOut(kinds, most)) {
    const byOwner = groupBy(kind, (at) => crowd.uidOf(at) ?? NOBODY);
    const owners = [...byOwner].sort(([a], [b]) => a - b).map(([, members]) => members);
    for (const [members, places] of shareOut(owners, room)) {
      if (places === members.length) for (const at of members) isKept[at] = 1;
      else if (places > 0) for (const at of inOrder(crowd, members).subarray(0, places)) isKept[at] = 1;
    }
  }
  return isKept;
}

/** As many of finished objects; the same array, at no cost, where there are no more. `shown`: ids of those of the last time. */
export function keepMost(objects: readonly ShmObject[], most: number, shown: ReadonlySet<string> = NONE_SHOWN): Kept {
  if (objects.length <= most) return { objects };
  const tally = new LeftOutTally();
  const isKept = chooseFrom(
    {
      length: objects.length,
      kindOf: (at) => itemAt(objects, at).kind,
      uidOf: (at) => itemAt(objects, at).uid,
      stateOf: (at) => itemAt(objects, at).verdict.state,
      costOf: (at) => costBytes(itemAt(objects, at)) ?? 0,
      newestOf: (at) => newestSec(itemAt(objects, at)),
      isShown: (at) => shown.has(itemAt(objects, at).id),
    },
    most,
  );
  const kept = objects.filter((object, at) => {
    if (isKept[at] === 0) tally.add(object.kind, object.verdict.state, costBytes(object) ?? 0, object.sizeBytes ?? 0);
    return isKept[at] === 1;
  });
  return { objects: kept, leftOut: tally.sum };
}

function groupBy(places: readonly number[], keyOf: (at: number) => number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const at of places) {
    const key = keyOf(at);
    const group = groups.get(key);
    if (group) group.push(at);
    else groups.set(key, [at]);
  }
  return groups;
}

/** As much as it needs for each group up to one level that is the same for all; what is then left goes to the first ones. */
export function shareOut<Group extends { readonly length: number }>(
  groups: readonly Group[],
  room: number,
): readonly (readonly [group: Group, places: number])[] {
  let left = room;
  let level = 0;
  const lengths = groups.map(({ length }) => length).sort((a, b) => a - b);
  for (const [at, length] of lengths.entries()) {
    level = Math.floor(left / (lengths.length - at));
    if (length > level) break;
    left -= length;
  }
  let spare = room - lengths.reduce((sum, length) => sum + Math.min(length, level), 0);
  return groups.map((group) => {
    const isGivenOneMore = group.length > level && spare-- > 0;
    return [group, Math.min(group.length, level + (isGivenOneMore ? 1 : 0))] as const;
  });
}

/** The places, the most urgent first. */
function inOrder(crowd: Crowd, members: readonly number[]): Uint32Array {
  const order = Uint32Array.from(members, (_, member) => member);
  const urgency = Uint8Array.from(members, (at) => urgencyOf(crowd.stateOf(at)));
  const isShown = Uint8Array.from(members, (at) => (crowd.isShown(at) ? 1 : 0));
  const cost = Float64Array.from(members, (at, member) => crowd.costOf(at) * (isShown[member] ? STAYS : 1));
  const newest = Float64Array.from(members, crowd.newestOf);
  order.sort((a, b) => more(urgency, a, b) || more(cost, a, b) || more(isShown, a, b) || more(newest, a, b) || a - b);
  return order.map((member) => itemAt(members, member));
}

/** Below 0 where a has the greater value. */
const more = (values: Uint8Array | Float64Array, a: number, b: number) => (values[b] ?? 0) - (values[a] ?? 0);

/** Who decides about a removal needs to see what is left over and what is in use; what somebody may come back for comes last. */
const urgencyOf = (state: VerdictState): number => (state === 'unheld' || state === 'unknown' ? 0 : 1);

type Tally = { objects: number; costBytes: number };
const none = (): Tally => ({ objects: 0, costBytes: 0 });

/** Counts what is left out. */
export class LeftOutTally {
  readonly #sum = {
    ...none(),
    sizeBytes: 0,
    byKind: { sysv: none(), posix: none(), unlinked: none(), memfd: none(), anonymous: none(), file: none() },
    byVerdict: { 'in-use': none(), abandoned: none(), orphaned: none(), unheld: none(), unknown: none() },
  };

  add(kind: Kind, state: VerdictState, costBytes: number, sizeBytes: number): void {
    this.#sum.sizeBytes += sizeBytes;
    for (const tally of [this.#sum, this.#sum.byKind[kind], this.#sum.byVerdict[state]]) {
      tally.objects++;
      tally.costBytes += costBytes;
    }
  }

  get sum(): LeftOut {
    return this.#sum;
  }
}

/** What was left out in two steps. */
export function sumLeftOut(a: LeftOut | undefined, b: LeftOut | undefined): LeftOut | undefined {
  if (!a || !b) return a ?? b;
  const both = (x: Count, y: Count): Count => ({
    objects: x.objects + y.objects,
    costBytes: x.costBytes + y.costBytes,
  });
  const byKind = (kind: Kind) => both(a.byKind[kind], b.byKind[kind]);
  const byVerdict = (state: VerdictState) => both(a.byVerdict[state], b.byVerdict[state]);
  return {
    ...both(a, b),
    sizeBytes: a.sizeBytes + b.sizeBytes,
    byKind: {
      sysv: byKind('sysv'),
      posix: byKind('posix'),
      unlinked: byKind('unlinked'),
      memfd: byKind('memfd'),
      anonymous: byKind('anonymous'),
      file: byKind('file'),
    },
    byVerdict: {
      'in-use': byVerdict('in-use'),
      abandoned: byVerdict('abandoned'),
      orphaned: byVerdict('orphaned'),
      unheld: byVerdict('unheld'),
      unknown: byVerdict('unknown'),
    },
  };
}
