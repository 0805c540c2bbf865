// The latest events, each with what was known of its object when it came: the memory of the Events screen.
import type { ShmEvent } from '../../probe/model/event/event.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { EventEntry } from './event-entry.ts';
import { withTrueCounts } from './event-nattch.ts';
import { inOrder } from './event-order.ts';

export interface EventLog {
  /** Oldest first, in the order in which things happened. */
  readonly entries: readonly EventEntry[];
  /** How many there have been, those that were forgotten included. */
  readonly count: number;
  /** Happened since the last point of the sparklines: what the rate in the header is made of. */
  readonly sinceSample: number;
}

export const NO_EVENTS: EventLog = { entries: [], count: 0, sinceSample: 0 };
/** About 2 MB. */
const MOST_ENTRIES = 5000;

/** `counts`: does an event count in the rate of the header? What the screen does not show does not. */
export function addToLog(
  log: EventLog,
  events: readonly ShmEvent[],
  find: (event: ShmEvent) => ShmObject | undefined,
  counts: (entry: EventEntry) => boolean,
): EventLog {
  const fresh = events.map((event, at): EventEntry => ({ id: `event:${log.count + at}`, event, object: find(event) }));
  const happened = fresh.reduce((sum, entry) => sum + (counts(entry) ? entry.event.count : 0), 0);
  const { kept, entries } = inOrder(log.entries, fresh);
  const before = log.entries.slice(0, kept);
  const checked = withTrueCounts(before, entries, new Set(fresh.map(({ id }) => id)));
  return {
    entries: before
      .slice(Math.max(0, kept + checked.length - MOST_ENTRIES))
      .concat(checked)
      .slice(-MOST_ENTRIES),
    count: log.count + events.length,
    sinceSample: log.sinceSample + happened,
  };
}

/** Ids of the objects that events since then were about. */
export function idsSince({ entries }: EventLog, sinceMs: number): ReadonlySet<string> {
  const ids = new Set<string>();
  for (let at = entries.length - 1; at >= 0; at--) {
    const { id, atMs } = itemAt(entries, at).event;
    if (atMs < sinceMs) break;
    if (id !== undefined) ids.add(id);
  }
  return ids;
}
