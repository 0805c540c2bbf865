// Lives and watches as a store gives them back: whatever was written there, what comes out is of the form that life.ts says.
import type { ByteString } from '../bytes.ts';
import {
  type Actor,
  DEED_KINDS,
  type Deed,
  type Ending,
  type Life,
  MOST_ANCESTORS,
  type Watch,
  type WatchGap,
  WRITER_ROLES,
} from '../life/life.ts';
import { type Decoder, flag, integer, list, Misfit, mapped, oneOf, optional, record, text } from './decode.ts';
import { anyUserId, count, momentMs, objectId, pid, rawBytes, rawComm, shownText } from './decode-words.ts';
import { container } from './object-decoder.ts';

/** More than a recorder keeps of one life. */
const MOST_ACTORS = 256;
const MOST_DEEDS = 1024;
const MOST_GAPS = 1024;
const MOST_SOURCES = 64;
const MOST_SIGNAL = 64;

const IDENTITY =
  /^(?:sysv [0-9a-z]{1,20} \d{1,10} \d{1,20} \d{1,10} 0x[0-9a-f]{8}|file \d{1,10}:\d{1,10} \d{1,20} (?:\d{1,24}|unknown \d{1,20}))$/;

const ticks = count;

const ending = record<Ending>({
  atMs: momentMs,
  exitCode: optional(integer(0, 255)),
  signal: optional(integer(1, MOST_SIGNAL)),
  isOom: optional(flag),
});

const parent = record<NonNullable<Actor['parent']>>({
  pid,
  startTicks: optional(ticks),
  comm: optional(rawComm),
});

const actor = record<Actor>({
  pid,
  startTicks: optional(ticks),
  uid: optional(anyUserId),
  comm: optional(rawComm),
  unit: optional<ByteString>(rawBytes),
  container: optional(container),
  parent: optional(parent),
  session: optional(pid),
  ancestors: optional(list(parent, MOST_ANCESTORS)),
  ended: optional(ending),
});

const deed = record<Deed>({
  atMs: momentMs,
  what: oneOf(DEED_KINDS),
  by: optional(integer(0, MOST_ACTORS - 1)),
  sizeBytes: optional(count),
  rawName: optional(rawBytes),
});

const anyLife = record<Life>({
  identity: text(100, IDENTITY),
  id: objectId,
  kind: oneOf(['sysv', 'posix'] as const),
  rawName: rawBytes,
  firstName: optional(rawBytes),
  sizeBytes: optional(count),
  uid: optional(anyUserId),
  bornMs: optional(momentMs),
  actors: list(actor, MOST_ACTORS),
  isMakerKnown: flag,
  actorsLeftOut: count,
  deeds: list(deed, MOST_DEEDS),
  deedsLeftOut: count,
  unseenMs: optional(momentMs),
  goneMs: optional(momentMs),
});

/** A life whose parts fit each other: who did something is there, a known maker too, and the identity is of its kind. */
export const life: Decoder<Life> = mapped(anyLife, (given) => {
  if (given.deeds.some(({ by }) => by !== undefined && by >= given.actors.length))
    return new Misfit('a life whose deeds are of its actors');
  if (given.isMakerKnown && given.actors.length === 0) return new Misfit('a life with its maker');
  const isOfKind = given.identity.startsWith(given.kind === 'sysv' ? 'sysv ' : 'file ');
  return isOfKind && given.id.startsWith(`${given.kind}:`) ? given : new Misfit('a life of the kind of its object');
});

const gap = record<WatchGap>({ fromMs: momentMs, untilMs: optional(momentMs), why: shownText });

export const watch: Decoder<Watch> = record<Watch>({
  bootId: text(36, /^[0-9a-f-]{36}$/),
  sinceMs: momentMs,
  seenMs: momentMs,
  isRunning: flag,
  pid: optional(pid),
  role: optional(oneOf(WRITER_ROLES)),
  sources: list(record({ name: shownText, isActive: flag, text: shownText }), MOST_SOURCES),
  gaps: list(gap, MOST_GAPS),
  leftOut: optional(count),
});
