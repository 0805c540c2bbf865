// PURE: what must have happened between two looks, where nothing tells it as it happens. What came and went between them is not in it.
import type { ShmObject } from '../object.ts';
import type { ShmEvent } from './event.ts';

/** In the order of the objects; `atMs` is the time of the later look. */
export function eventsBetween(
  before: readonly ShmObject[],
  after: readonly ShmObject[],
  atMs: number,
): readonly ShmEvent[] {
  const known = new Map(before.map((object) => [object.id, object]));
  const events = after.flatMap((object) => {
    const was = known.get(object.id);
    known.delete(object.id);
    return was && isSame(was, object)
      ? changes(was, object, atMs)
      : [
          ...(was ? [told(was, 'destroyed', atMs)] : []),
          { ...told(object, 'created', atMs), sizeBytes: object.sizeBytes, pid: object.creator?.pid },
        ];
  });
  return [...events, ...[...known.values()].map((object) => told(object, 'destroyed', atMs))];
}

/** A shmid returns; its key, maker and time of making do not all. */
const isSame = (a: ShmObject, b: ShmObject) =>
  a.kind !== 'sysv' ||
  (a.cuid === b.cuid && a.creator?.pid === b.creator?.pid && a.sizeBytes === b.sizeBytes && isSameKey(a, b));

/** The key of one that is marked is 0. */
const isSameKey = (a: ShmObject, b: ShmObject) => a.key === b.key || b.status.includes('dest');

function changes(was: ShmObject, object: ShmObject, atMs: number): readonly ShmEvent[] {
  const events: ShmEvent[] = [];
  const { nattch, sizeBytes, status } = object;
  if (!was.status.includes('dest') && status.includes('dest')) events.push(told(object, 'marked', atMs));
  if (sizeBytes !== undefined && was.sizeBytes !== undefined && sizeBytes !== was.sizeBytes)
    events.push({ ...told(object, 'resized', atMs), sizeBytes });
  const more = (nattch ?? 0) - (was.nattch ?? 0);
  if (more !== 0) {
    const event = told(object, more > 0 ? 'attached' : 'detached', atMs);
    events.push({ ...event, nattch, count: Math.abs(more), pid: object.lastUser?.pid });
  }
  return events;
}

function told({ id, shortId, kind, rawName }: ShmObject, event: ShmEvent['event'], atMs: number): ShmEvent {
  return { atMs, event, source: 'poll', count: 1, id, shortId, kind, rawName };
}
