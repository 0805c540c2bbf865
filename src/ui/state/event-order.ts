// Events in the order in which things happened: sources tell late, and each in its own time. Times never run backwards, and nothing
// is used before it is made or after it is gone.
import { itemAt } from '../../probe/model/item-at.ts';
import type { EventEntry } from './event-entry.ts';

/** What comes later than this many others stands before them no more, with the time of the last of them. */
const MOST_BACK = 1000;
/** A source tells of a creation or an end within this; earlier events of the same id are of a former life. */
const LATE_MS = 1500;
/** How many events are looked at for one of the same object. */
const MOST_LOOKED_AT = 300;

export interface Ordered {
  /** How many of the earlier entries stay as they are. */
  readonly kept: number;
  /** What follows them: the others and the fresh ones. */
  readonly entries: readonly EventEntry[];
}

/** `entries` are in order, `fresh` as they came. */
export function inOrder(entries: readonly EventEntry[], fresh: readonly EventEntry[]): Ordered {
  const kept = firstTouched(entries, fresh);
  const boundaryMs = kept > 0 ? itemAt(entries, kept - 1).event.atMs : Number.NEGATIVE_INFINITY;
  const inTime = fresh.map((entry) => (entry.event.atMs < boundaryMs ? atTime(entry, boundaryMs) : entry));
  const part = [...entries.slice(kept), ...inTime].sort((a, b) => a.event.atMs - b.event.atMs);
  return { kept, entries: byCause(part) };
}

/** The first entry that a fresh one stands before, or whose object it tells the creation or, after its end, a use of. */
function firstTouched(entries: readonly EventEntry[], fresh: readonly EventEntry[]): number {
  const earliestMs = fresh.reduce((least, { event }) => Math.min(least, event.atMs), Number.POSITIVE_INFINITY);
  const made = new Set(fresh.flatMap(({ event }) => (event.event === 'created' ? (event.id ?? []) : [])));
  const used = new Set(fresh.flatMap(({ event }) => event.id ?? []));
  const least = Math.max(0, entries.length - MOST_BACK);
  let from = entries.length;
  for (let at = entries.length - 1; at >= least; at--) {
    const { event } = itemAt(entries, at);
    const isLater = event.atMs > earliestMs;
    if (isLater || (event.event === 'destroyed' ? used : made).has(event.id ?? '')) from = at;
    else if (event.atMs < earliestMs - LATE_MS) break;
  }
  return from;
}

function byCause(part: readonly EventEntry[]): readonly EventEntry[] {
  const ordered: EventEntry[] = [];
  const seen = new Set<string>();
  const ended = new Set<string>();
  for (const entry of part) {
    const { id, event } = entry.event;
    if (id === undefined || !seen.has(id)) ordered.push(entry);
    else if (event === 'created') putFirst(ordered, entry, id);
    else if (event !== 'destroyed' && ended.has(id)) putBeforeEnd(ordered, entry, id);
    else ordered.push(entry);
    if (id === undefined) continue;
    seen.add(id);
    if (event === 'destroyed') ended.add(id);
    if (event === 'created') ended.delete(id);
  }
  return ordered;
}

/** A creation before all that was done with what was made. */
function putFirst(ordered: EventEntry[], entry: EventEntry, id: string): void {
  let first = -1;
  for (let at = ordered.length - 1; at >= 0 && ordered.length - at <= MOST_LOOKED_AT; at--) {
    const { event } = itemAt(ordered, at);
    if (entry.event.atMs - event.atMs > LATE_MS) break;
    if (event.id !== id) continue;
    if (event.event === 'destroyed' || event.event === 'created') break;
    first = at;
  }
  if (first < 0) ordered.push(entry);
  else ordered.splice(first, 0, atTime(entry, itemAt(ordered, first).event.atMs));
}

/** What was done with it before its end, which is then as late. */
function putBeforeEnd(ordered: EventEntry[], entry: EventEntry, id: string): void {
  for (let at = ordered.length - 1; at >= 0 && ordered.length - at <= MOST_LOOKED_AT; at--) {
    const end = itemAt(ordered, at);
    if (entry.event.atMs - end.event.atMs > LATE_MS) break;
    if (end.event.id !== id || end.event.event !== 'destroyed') continue;
    ordered.splice(at, 1);
    ordered.push(entry, atTime(end, entry.event.atMs));
    return;
  }
  ordered.push(entry);
}

const atTime = (entry: EventEntry, atMs: number): EventEntry => ({ ...entry, event: { ...entry.event, atMs } });
