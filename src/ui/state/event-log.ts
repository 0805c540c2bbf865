// The latest events, each with what was known of its object when it came: the memory of the Events screen.
import type { ShmEvent } from '../../probe/model/event/event.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';

export interface EventEntry {
  /** Unique in the log; in the order in which they came. */
  readonly id: string;
  readonly event: ShmEvent;
  /** Absent where no sample had shown it. */
  readonly object?: ShmObject;
}

export interface EventLog {
  /** Oldest first. */
  readonly entries: readonly EventEntry[];
  /** How many there have been, those that were forgotten included. */
  readonly count: number;
  /** Happened since the last point of the sparklines: what the rate in the header is made of. */
  readonly sinceSample: number;
}

export const NO_EVENTS: EventLog = { entries: [], count: 0, sinceSample: 0 };
/** About 2 MB. */
const MOST_ENTRIES = 5000;

export function addToLog(
  log: EventLog,
  events: readonly ShmEvent[],
  find: (event: ShmEvent) => ShmObject | undefined,
): EventLog {
  const fresh = events.map((event, at): EventEntry => ({ id: `event:${log.count + at}`, event, object: find(event) }));
  const happened = events.reduce((sum, { count }) => sum + count, 0);
  return {
    entries: log.entries
      .slice(Math.max(0, log.entries.length + fresh.length - MOST_ENTRIES))
      .concat(fresh)
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
