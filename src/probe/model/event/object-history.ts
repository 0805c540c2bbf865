// What happened to each object while it was watched: its latest events, who held it how long, series for sparklines. Plain data.
import type { ByteString } from '../bytes.ts';
import { costBytes, type ShmObject } from '../object.ts';
import { eventIdOf, type ShmEvent } from './event.ts';

/** One attach by one process, from the event that told it to the one that ended it. */
export interface Hold {
  readonly pid: number;
  readonly comm?: ByteString;
  /** Milliseconds since the epoch; absent where it began before the watch. */
  readonly fromMs?: number;
  /** Absent while it lasts. */
  readonly untilMs?: number;
}

/** One point of the sparklines; absent values were not known then. */
export interface Point {
  readonly atMs: number;
  readonly nattch?: number;
  readonly costBytes?: number;
}

export interface ObjectHistory {
  readonly id: string;
  /** The latest ones, oldest first. */
  readonly events: readonly ShmEvent[];
  /** In the order of their beginning; finished ones are forgotten first. */
  readonly holds: readonly Hold[];
  readonly points: readonly Point[];
}

/** By event id (a name keeps its `posix:` id when it is unlinked). */
export type Histories = ReadonlyMap<string, ObjectHistory>;

export const NO_HISTORIES: Histories = new Map();
/** All together some 10 MB at most. */
const MOST_EVENTS = 60;
const MOST_HOLDS = 60;
const MOST_POINTS = 120;
/** Of more objects, those that nothing happened to for longest are forgotten. */
const MOST_OBJECTS = 500;

const latest = <Item>(items: readonly Item[], most: number) => (items.length > most ? items.slice(-most) : items);

/** The histories after some events, in order of time; the old ones stay as they were. Costs a copy of the map of objects. */
export function addEvents(histories: Histories, events: readonly ShmEvent[]): Histories {
  const byId = new Map<string, ShmEvent[]>();
  for (const event of events) {
    if (event.id === undefined) continue;
    const known = byId.get(event.id);
    if (known) known.push(event);
    else byId.set(event.id, [event]);
  }
  const next = new Map(histories);
  for (const [id, news] of byId) {
    const known = next.get(id) ?? emptyHistory(id);
    next.delete(id); // to the end: the map is in the order of the last change
    next.set(id, afterEvents(known, news));
  }
  return forgetOldest(next);
}

function forgetOldest(histories: Map<string, ObjectHistory>): Histories {
  for (const id of histories.keys()) {
    if (histories.size <= MOST_OBJECTS) break;
    histories.delete(id);
  }
  return histories;
}

const emptyHistory = (id: string): ObjectHistory => ({ id, events: [], holds: [], points: [] });

function afterEvents({ id, events, holds, points }: ObjectHistory, news: readonly ShmEvent[]): ObjectHistory {
  const steps = news.flatMap(({ atMs, nattch }): Point[] => (nattch === undefined ? [] : [{ atMs, nattch }]));
  return {
    id,
    events: latest([...events, ...news], MOST_EVENTS),
    holds: news.reduce((now, event) => trimHolds(holdsAfter(now, event)), holds),
    points: steps.length === 0 ? points : latest([...points, ...steps], MOST_POINTS),
  };
}

function holdsAfter(holds: readonly Hold[], { event, pid, comm, atMs, count }: ShmEvent): readonly Hold[] {
  if (event === 'destroyed')
    return holds.map((hold) => (hold.untilMs === undefined ? { ...hold, untilMs: atMs } : hold));
  if (pid === undefined) return holds;
  if (event === 'attached') {
    return [
      ...holds,
      ...Array.from({ length: Math.min(count, MOST_HOLDS) }, (): Hold => ({ pid, comm, fromMs: atMs })),
    ];
  }
  if (event !== 'detached') return holds;
  let left = count;
  const ended = holds.map((hold) => {
    if (left === 0 || hold.pid !== pid || hold.untilMs !== undefined) return hold;
    left--;
    return { ...hold, untilMs: atMs };
  });
  // It held it before the watch began.
  return left > 0 ? [...ended, { pid, comm, untilMs: atMs }] : ended;
}

function trimHolds(holds: readonly Hold[]): readonly Hold[] {
  if (holds.length <= MOST_HOLDS) return holds;
  let surplus = holds.length - MOST_HOLDS;
  const kept = holds.filter(({ untilMs }) => untilMs === undefined || surplus-- <= 0);
  return latest(kept, MOST_HOLDS);
}

/** An object as a sample showed it, and as the sample before did; absent: it is new. */
export interface Change {
  readonly before?: ShmObject;
  readonly after: ShmObject;
}

/** The histories with a point for each object whose nattch or cost is another one since `beforeMs`, and its holders by their present names. */
export function addChanges(
  histories: Histories,
  changes: readonly Change[],
  beforeMs: number,
  atMs: number,
): Histories {
  const moved = latest(
    changes.filter(({ before, after }) => before && hasMoved(before, after)),
    MOST_OBJECTS,
  );
  const renamed = changes.flatMap(({ after }) => withNames(histories.get(eventIdOf(after)), after) ?? []);
  if (moved.length === 0 && renamed.length === 0) return histories;
  const next = new Map(histories);
  for (const history of renamed) next.set(history.id, history);
  for (const { before, after } of moved) {
    const id = eventIdOf(after);
    const known = next.get(id) ?? emptyHistory(id);
    // Where nothing was known the line starts at what it was.
    const start = known.points.length === 0 && before ? [pointOf(before, beforeMs)] : known.points;
    next.delete(id);
    next.set(id, { ...known, points: latest([...start, pointOf(after, atMs)], MOST_POINTS) });
  }
  return forgetOldest(next);
}

/** A program may take its name only after it has attached. Undefined when all are called as they were. */
function withNames(history: ObjectHistory | undefined, { holders }: ShmObject): ObjectHistory | undefined {
  if (!history) return undefined;
  const nameOf = ({ pid, comm, untilMs }: Hold) =>
    (untilMs === undefined ? holders.find((holder) => holder.pid === pid)?.comm : undefined) ?? comm;
  if (history.holds.every((hold) => nameOf(hold) === hold.comm)) return undefined;
  return { ...history, holds: history.holds.map((hold) => ({ ...hold, comm: nameOf(hold) })) };
}

const hasMoved = (before: ShmObject, after: ShmObject) =>
  before.nattch !== after.nattch || costBytes(before) !== costBytes(after);

const pointOf = (object: ShmObject, atMs: number): Point => ({
  atMs,
  nattch: object.nattch,
  costBytes: costBytes(object),
});

/** Milliseconds that a hold has lasted; undefined where its beginning is not known. */
export function heldMs({ fromMs, untilMs }: Hold, nowMs: number): number | undefined {
  return fromMs === undefined ? undefined : Math.max(0, (untilMs ?? nowMs) - fromMs);
}
