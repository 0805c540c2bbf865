// The JSON Schema of a line of `watch --json` and `replay --json`.
import { EVENT_NAMES, EVENT_SOURCES } from '../../probe/model/event/event.ts';
import type { jsonOfEvent } from '../watch-event.ts';
import { about, named, oneOf, optional, record } from './schema.ts';
import { bytes, count, moment, pid, positive, text } from './words.ts';

export const event = named(
  'event',
  about(
    'a line of shmtop watch --json, and of shmtop replay --json',
    record<ReturnType<typeof jsonOfEvent>>({
      at: moment,
      event: about('lost: something was not seen; detail says what', oneOf(EVENT_NAMES)),
      id: optional(about('as in ls --json; a name keeps its own when it is unlinked; absent for lost only', text)),
      name: optional(text),
      pid: optional(about('who did it, where the source tells', pid)),
      comm: optional(text),
      nattch: optional(about('mappings of a segment, after it', count)),
      sizeBytes: optional(bytes),
      source: about('how it was learnt', oneOf(EVENT_SOURCES)),
      count: about('how many events this one stands for', positive),
      detail: optional(text),
    }),
  ),
);
