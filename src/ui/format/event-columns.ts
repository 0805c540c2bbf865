// The column table of events, for the Events screen.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { EventEntry } from '../state/event-log.ts';
import type { Column } from './column.ts';
import { bytesColumn, countColumn, textColumn } from './column-kinds.ts';
import { clockTime, EVENT_TOKENS, eventName } from './event-text.ts';

/** `12:00:00`: what is left of the time where there is no room for the thousandths. */
export const SHORT_TIME_WIDTH = 8;

export const EVENT_COLUMNS: readonly Column<EventEntry>[] = [
  {
    ...textColumn<EventEntry>('time', 'TIME', 'when it happened, by the kernel where it tells', 12, ({ event }) =>
      clockTime(event.atMs),
    ),
    minWidth: SHORT_TIME_WIDTH,
    priority: 0,
  },
  {
    ...textColumn<EventEntry>('event', 'EVENT', 'what happened, and how often where several were merged', 13, whatOf),
    minWidth: 10,
    priority: 0,
    token: ({ event }) => EVENT_TOKENS[event.event],
  },
  {
    // What was lost is of no object: what it was must be seen on the narrowest screen.
    ...textColumn<EventEntry>('id', 'ID', 'the object', 20, ({ event }) => event.shortId ?? event.detail),
    cut: 'middle',
    priority: 0,
  },
  { ...textColumn<EventEntry>('name', 'NAME', 'its key or name', 10, ({ event }) => eventName(event)), priority: 5 },
  { ...countColumn<EventEntry>('pid', 'PID', 'who did it', ({ event }) => event.pid), priority: 1 },
  {
    ...textColumn<EventEntry>('command', 'COMMAND', 'its command', 15, ({ event }) =>
      event.comm === undefined ? undefined : escapeBytes(event.comm),
    ),
    priority: 2,
  },
  {
    ...countColumn<EventEntry>('nattch', 'NATTCH', 'mappings of the segment after it', ({ event }) => event.nattch),
    priority: 3,
  },
  { ...bytesColumn<EventEntry>('size', 'SIZE', 'length after it', ({ event }) => event.sizeBytes), priority: 7 },
  { ...textColumn<EventEntry>('source', 'SOURCE', 'how it was learnt', 10, ({ event }) => event.source), priority: 6 },
  {
    ...textColumn<EventEntry>('detail', 'DETAIL', 'what else there is to say', 24, ({ event }) =>
      event.shortId === undefined ? undefined : event.detail,
    ),
    priority: 4,
  },
];

function whatOf({ event }: EventEntry): string {
  return event.count > 1 ? `${event.event} x${event.count}` : event.event;
}
