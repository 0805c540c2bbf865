// What was seen to happen to one object, as one list: events of this session, what its samples showed, and what a witness saw before.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { EventName, ShmEvent } from '../../probe/model/event/event.ts';
import type { ObjectHistory } from '../../probe/model/event/object-history.ts';
import type { Deed, DeedKind, Life } from '../../probe/model/life/life.ts';
import { shortTime, spellDeed } from '../format/actor-text.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { clockTime } from '../format/event-text.ts';
import type { Happening } from '../state/marks.ts';

const MOST_SEEN = 12;
/** Two sources that tell of one thing rarely differ by more. */
const SAME_MS = 1500;
const DAY_MS = 86_400_000;

const DEED_OF: Readonly<Partial<Record<EventName, DeedKind>>> = {
  created: 'made',
  attached: 'attached',
  detached: 'detached',
  resized: 'resized',
  opened: 'opened',
  marked: 'removed',
  destroyed: 'removed',
};

/** The latest first; what both saw stands there once, as whoever told more of it. */
export function seenLines(
  history: ObjectHistory | undefined,
  happenings: readonly Happening[],
  life: Life | undefined,
  nowMs: number,
): string[] {
  const all = history?.events ?? [];
  const deeds = (life?.deeds ?? []).filter(
    (deed) => !all.some((event) => isSame(life, deed, event) && tellsWho(event)),
  );
  const events = all.filter((event) => !deeds.some((deed) => isSame(life, deed, event)));
  return [
    ...events.map((event) => ({ atMs: event.atMs, text: spellEvent(event) })),
    ...deeds.map((deed) => ({ atMs: deed.atMs, text: life ? spellDeed(life, deed) : deed.what })),
    ...happenings,
  ]
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, MOST_SEEN)
    .map(({ atMs, text }) => `${nowMs - atMs < DAY_MS ? clockTime(atMs) : shortTime(atMs, nowMs)}  ${text}`);
}

const tellsWho = ({ pid }: ShmEvent) => pid !== undefined;

function isSame(life: Life | undefined, { what, by, atMs }: Deed, event: ShmEvent): boolean {
  const pid = by === undefined ? undefined : life?.actors[by]?.pid;
  return (
    DEED_OF[event.event] === what &&
    Math.abs(event.atMs - atMs) <= SAME_MS &&
    (pid === undefined || event.pid === undefined || pid === event.pid)
  );
}

function spellEvent({ event, count, pid, comm, nattch, sizeBytes, detail }: ShmEvent): string {
  const parts = [count > 1 ? `${event} x${count}` : event];
  if (pid !== undefined) parts.push(`by ${comm === undefined ? '?' : escapeBytes(comm)}[${pid}]`);
  const facts = [
    nattch === undefined ? '' : `nattch ${nattch}`,
    sizeBytes === undefined ? '' : formatIecBytes(sizeBytes),
    detail ?? '',
  ].filter((fact) => fact !== '');
  if (facts.length > 0) parts.push(`(${facts.join(', ')})`);
  return parts.join(' ');
}
