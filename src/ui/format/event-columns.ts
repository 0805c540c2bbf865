// The column table of events, for the Events screen.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { ShmEvent } from '../../probe/model/event/event.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { Column } from './column.ts';
import { bytesColumn, countColumn, textColumn } from './column-kinds.ts';
import { clockTime, EVENT_TOKENS, eventName } from './event-text.ts';

/** What the columns need of a row. */
export interface EventRow {
  readonly event: ShmEvent;
  /** Its object as it was listed then; absent where it was not. */
  readonly object?: ShmObject;
}

/** As the table of objects names it: a name that was taken away is no longer that of its file. */
export const shownIdOf = ({ event, object }: EventRow): string | undefined => object?.shortId ?? event.shortId;

/** `12:00:00`: what is left of the time where there is no room for the thousandths. */
export const SHORT_TIME_WIDTH = 8;

export const EVENT_COLUMNS: readonly Column<EventRow>[] = [
  {
    ...textColumn<EventRow>('time', 'TIME', 'when it happened, by the kernel where it tells', 12, ({ event }) =>
      clockTime(event.atMs),
    ),
    minWidth: SHORT_TIME_WIDTH,
    priority: 0,
  },
  {
    ...textColumn<EventRow>('event', 'EVENT', 'what happened, and how often where several were merged', 13, whatOf),
    minWidth: 10,
    priority: 0,
    token: ({ event }) => EVENT_TOKENS[event.event],
  },
  {
    ...textColumn<EventRow>('id', 'ID', 'the object', 20, shownIdOf),
    cut: 'middle',
    priority: 0,
  },
  { ...textColumn<EventRow>('name', 'NAME', 'its key or name', 10, ({ event }) => eventName(event)), priority: 5 },
  { ...countColumn<EventRow>('pid', 'PID', 'who did it', ({ event }) => event.pid), priority: 1 },
  {
    ...textColumn<EventRow>('command', 'COMMAND', 'its command', 15, ({ event }) =>
      event.comm === undefined ? undefined : escapeBytes(event.comm),
    ),
    priority: 2,
  },
  {
    ...countColumn<EventRow>('nattch', 'NATTCH', 'mappings of the segment after it', ({ event }) => event.nattch),
    priority: 3,
  },
  { ...bytesColumn<EventRow>('size', 'SIZE', 'length after it', ({ event }) => event.sizeBytes), priority: 7 },
  { ...textColumn<EventRow>('source', 'SOURCE', 'how it was learnt', 10, ({ event }) => event.source), priority: 6 },
  {
    ...textColumn<EventRow>('detail', 'DETAIL', 'what else there is to say', 24, ({ event }) => event.detail),
    priority: 4,
  },
];

function whatOf({ event }: EventRow): string {
  return event.count > 1 ? `${event.event} x${event.count}` : event.event;
}
