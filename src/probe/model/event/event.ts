// What happened to a shared memory object: the events of `shmtop watch`, of recordings and of the Events screen. Plain data.
import type { ByteString } from '../bytes.ts';
import type { Kind, ShmObject } from '../object.ts';

/** `lost`: something was not seen; `detail` says what. It is an event so that no gap is ever silent. */
export type EventName =
  | 'created'
  | 'attached'
  | 'detached'
  | 'marked'
  | 'destroyed'
  | 'resized'
  | 'opened'
  | 'closed'
  | 'owner-died'
  | 'lost';

export const EVENT_NAMES: readonly EventName[] = [
  'created',
  'attached',
  'detached',
  'marked',
  'destroyed',
  'resized',
  'opened',
  'closed',
  'owner-died',
  'lost',
];

/** How it was learnt. */
export type EventSource = 'poll' | 'perf' | 'fanotify' | 'inotify' | 'tracepoint' | 'connector';
export const EVENT_SOURCES: readonly EventSource[] = ['poll', 'perf', 'fanotify', 'inotify', 'tracepoint', 'connector'];

export interface ShmEvent {
  /** Milliseconds since the epoch, with the fraction; the kernel's own time of it where the source has one. */
  readonly atMs: number;
  readonly event: EventName;
  readonly source: EventSource;
  /** How many of them this one stands for; at least 1. Of merged ones, only the last process is known. */
  readonly count: number;
  /** As in a Snapshot; absent only for `lost`. */
  readonly id?: string;
  /** As `ls` prints it. Escaped. */
  readonly shortId?: string;
  readonly kind?: Kind;
  /** Raw: the key, `/name`, `memfd:name`. */
  readonly rawName?: ByteString;
  /** Who did it; absent where the source does not tell. */
  readonly pid?: number;
  /** Raw command name of that process; absent where it was gone before it could be read. */
  readonly comm?: ByteString;
  /** The kernel's count of mappings after it, as read when the event was handled; segments of our IPC namespace only. */
  readonly nattch?: number;
  /** Size after `created` and `resized`. */
  readonly sizeBytes?: number;
  /** In words, our own, safe to print: `by fork`, `ring overrun`. */
  readonly detail?: string;
}

/** The id that events of an object have: a name keeps its own when it is unlinked. */
export const eventIdOf = ({ id }: Pick<ShmObject, 'id'>): string => id.replace(/^unlinked:/, 'posix:');

/** The object that an event is about, by the ids of a snapshot. */
export function objectOfEvent(
  { id }: Pick<ShmEvent, 'id'>,
  byId: ReadonlyMap<string, ShmObject>,
): ShmObject | undefined {
  if (id === undefined) return undefined;
  return byId.get(id) ?? (id.startsWith('posix:') ? byId.get(`unlinked:${id.slice(6)}`) : undefined);
}
