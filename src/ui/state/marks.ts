// Rows that are new, changed or gone stay marked for a moment; what happened to an object is remembered for its details.

import { escapeBytes } from '../../probe/model/bytes.ts';
import { eventIdOf } from '../../probe/model/event/event.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { formatIecBytes } from '../format/bytes.ts';
import type { Data, TickInput } from './data.ts';
import { type EventLog, idsSince } from './event-log.ts';

export type MarkKind = 'new' | 'changed' | 'gone';

export interface Mark {
  readonly kind: MarkKind;
  readonly atMs: number;
}

/** How long a mark is shown. */
const MARK_MS = 4000;
/** More happenings than these are forgotten, the oldest first. */
const MOST_HAPPENINGS = 2000;

/** Where more rows change at once nothing stands out among them, and telling it all would take longer than a key may wait. */
const MOST_MARKED = 2000;
/** More gone rows than these are not shown: who makes and removes names by the ten thousand fills no memory with them. */
const MOST_GHOSTS = 1000;

/** Something that was seen to happen to an object. */
export interface Happening {
  readonly id: string;
  readonly atMs: number;
  /** Safe to print. */
  readonly text: string;
}

export interface Marks {
  readonly byId: ReadonlyMap<string, Mark>;
  /** Objects that are gone but still shown. */
  readonly ghosts: readonly ShmObject[];
  readonly happenings: readonly Happening[];
}

export const NO_MARKS: Marks = { byId: new Map(), ghosts: [], happenings: [] };

/** The marks after a tick. Nothing is marked as new in the first tick: everything would be. */
export function markTick(marks: Marks, before: Data, tick: TickInput, log: EventLog): Marks {
  const atMs = tick.head.takenAtMs;
  const isKnown = before.stage === 'whole' && !tick.isFresh;
  const kept = keepYoung(marks, atMs);
  if (!isKnown || (tick.changed.length === 0 && tick.removed.length === 0)) return kept;
  const byId = new Map(kept.byId);
  const ghosts = new Map(kept.ghosts.map((object) => [object.id, object]));
  const happenings: Happening[] = [];
  // What an event tells, exactly and when it was, need not be told again by the difference of two samples.
  const told = new Set([...tick.events.map(({ id }) => id), ...idsSince(log, before.head?.takenAtMs ?? atMs)]);
  const say = (id: string, texts: readonly string[]) => {
    for (const text of texts) happenings.push({ id, atMs, text });
  };
  for (const object of tick.changed.slice(0, MOST_MARKED)) {
    const old = before.byId.get(object.id);
    ghosts.delete(object.id);
    if (!old) {
      if (!isNewIn(before, object)) continue;
      byId.set(object.id, { kind: 'new', atMs });
      if (!told.has(eventIdOf(object))) say(object.id, ['appeared']);
      continue;
    }
    const texts = told.has(eventIdOf(object)) ? whatBecame(old, object) : whatHappened(old, object);
    if (texts.length > 0 || old.rssBytes !== object.rssBytes || old.allocatedBytes !== object.allocatedBytes) {
      byId.set(object.id, { kind: 'changed', atMs });
    }
    say(object.id, texts);
  }
  const unlisted = new Set(tick.unlisted);
  for (const id of tick.removed) {
    const object = before.byId.get(id);
    if (!object || unlisted.has(id)) continue;
    if (ghosts.size < MOST_GHOSTS) {
      byId.set(id, { kind: 'gone', atMs });
      ghosts.set(id, object);
    } else byId.delete(id);
    if (!told.has(eventIdOf(object))) say(id, ['is gone']);
  }
  return {
    byId,
    ghosts: [...ghosts.values()],
    happenings: happenings.length > 0 ? kept.happenings.concat(happenings).slice(-MOST_HAPPENINGS) : kept.happenings,
  };
}

/** Where some were left out, one that was not listed before may have been there: only what was made since is new. */
function isNewIn({ head }: Data, { btimeSec, ctimeSec }: ShmObject): boolean {
  if (!head?.leftOut) return true;
  const madeSec = btimeSec ?? ctimeSec;
  return madeSec !== undefined && madeSec >= Math.floor(head.takenAtMs / 1000);
}

/** Rows whose objects something happened to flash; what is new or gone stays marked as that. */
export function markEvents(marks: Marks, touched: readonly { readonly id: string; readonly atMs: number }[]): Marks {
  if (touched.length === 0) return marks;
  const byId = new Map(marks.byId);
  for (const { id, atMs } of touched) {
    const kind = byId.get(id)?.kind ?? 'changed';
    if (kind !== 'gone') byId.set(id, { kind, atMs });
  }
  return { ...marks, byId };
}

/** The same value when nothing is too old. */
function keepYoung(marks: Marks, nowMs: number): Marks {
  if (marks.byId.size === 0) return marks;
  const young = [...marks.byId].filter(([, { atMs }]) => nowMs - atMs < MARK_MS);
  if (young.length === marks.byId.size) return marks;
  const byId = new Map(young);
  return { ...marks, byId, ghosts: marks.ghosts.filter(({ id }) => byId.get(id)?.kind === 'gone') };
}

/** In words, what is different and worth telling. */
function whatHappened(before: ShmObject, after: ShmObject): string[] {
  const texts: string[] = [];
  const old = new Set(before.holders.map(({ pid, startTicks }) => `${pid} ${startTicks}`));
  const now = new Set(after.holders.map(({ pid, startTicks }) => `${pid} ${startTicks}`));
  for (const { pid, startTicks, comm } of after.holders) {
    if (!old.has(`${pid} ${startTicks}`))
      texts.push(`process ${pid}${comm === undefined ? '' : ` (${escapeBytes(comm)})`} holds it`);
  }
  for (const { pid, startTicks, comm } of before.holders) {
    if (!now.has(`${pid} ${startTicks}`))
      texts.push(`process ${pid}${comm === undefined ? '' : ` (${escapeBytes(comm)})`} let go of it`);
  }
  if (before.nattch !== after.nattch) texts.push(`nattch ${before.nattch ?? '?'} → ${after.nattch ?? '?'}`);
  if (before.sizeBytes !== after.sizeBytes) {
    texts.push(`size ${formatIecBytes(before.sizeBytes ?? 0)} → ${formatIecBytes(after.sizeBytes ?? 0)}`);
  }
  if (!before.status.includes('dest') && after.status.includes('dest')) texts.push('marked for destruction (dest)');
  return [...texts, ...whatBecame(before, after)];
}

/** What no event tells: how it is judged. */
function whatBecame(before: ShmObject, after: ShmObject): string[] {
  return before.verdict.state === after.verdict.state ? [] : [`${before.verdict.state} → ${after.verdict.state}`];
}
