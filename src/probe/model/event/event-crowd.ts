// Too many events for a screen become fewer that say the same: equal ones of one process are counted, and what is left out is said.
import type { ShmEvent } from './event.ts';

/** So many are told one by one, however alike they are. */
const FEW = 200;

/**
 * At most about `most` events in order of time. Of a crowd, events of one name, object and process become one at the time of
 * the last, with the sum of their counts; if that is not enough, the oldest are replaced by one `lost` event with their number.
 */
export function thinOut(events: readonly ShmEvent[], most: number): readonly ShmEvent[] {
  if (events.length <= FEW) return events;
  const merged = mergeEqual(events);
  const surplus = merged.length - most;
  const first = merged[surplus];
  if (surplus <= 0 || !first) return merged;
  const count = merged.slice(0, surplus).reduce((sum, event) => sum + event.count, 0);
  const detail = 'events that came too fast for the screen: shmtop watch tells them all';
  return [{ atMs: first.atMs, event: 'lost', source: first.source, count, detail }, ...merged.slice(surplus)];
}

function mergeEqual(events: readonly ShmEvent[]): ShmEvent[] {
  const byKind = new Map<string, ShmEvent>();
  for (const event of events) {
    const key = `${event.event} ${event.id ?? event.detail ?? ''} ${event.pid ?? ''}`;
    const known = byKind.get(key);
    // To the end: what happened last stands last.
    if (known) byKind.delete(key);
    byKind.set(key, known ? { ...event, count: known.count + event.count } : event);
  }
  return [...byKind.values()];
}
