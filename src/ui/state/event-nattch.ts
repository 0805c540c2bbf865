// nattch as it was after each event: the kernel is asked when an event is handled, which is later, and other events lie between.
// What does not fit to its neighbours is left out.
import type { ShmEvent } from '../../probe/model/event/event.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { EventEntry } from './event-entry.ts';

/** How many earlier events are looked at for what was known of an object. */
const MOST_LOOKED_AT = 300;

/** `entries` follow `before`; those in `fresh` are checked, the others were. */
export function withTrueCounts(
  before: readonly EventEntry[],
  entries: readonly EventEntry[],
  fresh: ReadonlySet<string>,
): readonly EventEntry[] {
  const runs = Map.groupBy(
    entries.filter(({ event }) => event.kind === 'sysv' && event.id !== undefined),
    ({ event }) => event.id ?? '',
  );
  const wrong = new Set<string>();
  for (const [id, run] of runs) {
    if (run.some((entry) => fresh.has(entry.id))) markWrong(run, lastKnown(before, id), wrong);
  }
  if (wrong.size === 0) return entries;
  return entries.map((entry) =>
    wrong.has(entry.id) && fresh.has(entry.id) ? { ...entry, event: { ...entry.event, nattch: undefined } } : entry,
  );
}

/** What an event changes: the count after it is that of before and this. */
function changeBy({ event, count }: ShmEvent): number {
  return event === 'attached' ? count : event === 'detached' ? -count : 0;
}

/** `start`: the count before the first of them; absent where it is not known. */
function markWrong(run: readonly EventEntry[], start: number | undefined, wrong: Set<string>): void {
  // From a creation on it is known: nobody is attached yet.
  const made = run.findLastIndex(({ event }) => event.event === 'created');
  if (made >= 0) {
    if (made > 0) markWrong(run.slice(0, made), start, wrong);
    markAgainst(run.slice(made), 0, wrong);
    return;
  }
  markAgainst(run, start ?? startOf(run), wrong);
}

function markAgainst(run: readonly EventEntry[], start: number | undefined, wrong: Set<string>): void {
  let count = start !== undefined && isPossible(run, start) ? start : startOf(run);
  for (const entry of run) {
    count = count === undefined ? undefined : count + changeBy(entry.event);
    if (entry.event.nattch !== undefined && entry.event.nattch !== count) wrong.add(entry.id);
  }
}

/** From the last that was read, since nothing lay between it and its reading; undefined where that makes no sense. */
function startOf(run: readonly EventEntry[]): number | undefined {
  const last = run.findLastIndex(({ event }) => event.nattch !== undefined);
  const nattch = run[last]?.event.nattch;
  if (nattch === undefined) return undefined;
  const start = run.slice(0, last + 1).reduce((count, { event }) => count - changeBy(event), nattch);
  return isPossible(run, start) ? start : undefined;
}

/** Never below nobody. */
function isPossible(run: readonly EventEntry[], start: number): boolean {
  let count = start;
  for (const { event } of run) {
    if (count < 0) return false;
    count += changeBy(event);
  }
  return count >= 0;
}

/** The count after the last event of it. */
function lastKnown(before: readonly EventEntry[], id: string): number | undefined {
  for (let at = before.length - 1; at >= 0 && before.length - at <= MOST_LOOKED_AT; at--) {
    const { event } = itemAt(before, at);
    if (event.id === id) return event.nattch;
  }
  return undefined;
}
