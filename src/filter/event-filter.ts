// The FILTER words for events: those of their objects, and their own: event=attached, source=perf.
import { EVENT_NAMES, EVENT_SOURCES } from '../probe/model/event/event.ts';
import type { EventSubject } from './event-subject.ts';
import { type Filter, type FilterVocabulary, parseFilter } from './filter.ts';
import type { FilterField } from './filter-field.ts';
import { matchesObjectText, OBJECT_FIELDS } from './object-filter.ts';

/** What only events have. */
export const EVENT_FIELDS: readonly FilterField<EventSubject>[] = [
  { id: 'event', kind: 'closed', allowed: EVENT_NAMES, values: ({ event }) => [event.event] },
  { id: 'source', kind: 'closed', allowed: EVENT_SOURCES, values: ({ event }) => [event.source] },
];

const VOCABULARY: FilterVocabulary<EventSubject> = {
  fields: [
    ...EVENT_FIELDS,
    ...OBJECT_FIELDS.map(
      (field): FilterField<EventSubject> => ({
        ...field,
        values: ({ object }, nowSec) => field.values(object, nowSec),
      }),
    ),
  ],
  matchesText: ({ event, object }, text) => event.event.includes(text.toLowerCase()) || matchesObjectText(object, text),
};

export type EventFilter = Filter<EventSubject>;

/** As for objects: words joined by AND, trouble as a value. `lost` events are for the caller: they may concern anything. */
export function parseEventFilter(words: readonly string[]): ReturnType<typeof parseFilter<EventSubject>> {
  return parseFilter(words, VOCABULARY);
}
