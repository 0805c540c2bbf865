// The format of `watch --record`: JSON lines, first a header, then snapshots and events as they came. PURE reader and writer.

import type { Count, LeftOut } from '../assemble/ceiling.ts';
import { EVENT_NAMES, EVENT_SOURCES, type ShmEvent } from '../event/event.ts';
import type { SourceNote } from '../event/live-session.ts';
import { GAP_REASONS, GAP_SOURCES, type Gap } from '../gap.ts';
import { KINDS } from '../object.ts';
import type { Host, Limits, ShmMount, Snapshot, Visibility } from '../snapshot.ts';
import { decodeJson, flag, integer, list, Misfit, oneOf, optional, record } from './decode.ts';
import {
  anyUserId,
  count,
  decimal,
  device,
  foreignName,
  momentMs,
  namespaceId,
  objectId,
  pid,
  rawBytes,
  rawComm,
  shortId,
  shownText,
} from './decode-words.ts';
import { namespaceFacts, otherLimit } from './limit-decoder.ts';
import { shmObject } from './object-decoder.ts';
import { snapshotSinceTwo } from './version-one.ts';

/** As `schemaVersion` of the JSON: 2 since what is orphaned is told from what is abandoned. */
const RECORDING_VERSION = 2;
const OLDEST_READ = 1;

export interface RecordingHeader {
  readonly recording: 'shmtop';
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly sources: readonly SourceNote[];
}

export type RecordingEntry =
  | { readonly type: 'snapshot'; readonly atMs: number; readonly snapshot: Snapshot }
  | { readonly type: 'event'; readonly atMs: number; readonly event: ShmEvent };

/** The first line of a recording, with its end. */
export function headerLine(startedAtMs: number, sources: readonly SourceNote[]): string {
  const header: RecordingHeader = { recording: 'shmtop', version: RECORDING_VERSION, startedAtMs, sources };
  return `${JSON.stringify(header)}\n`;
}

export function snapshotLine(snapshot: Snapshot): string {
  return `${JSON.stringify({ snapshot })}\n`;
}

export function eventLine(event: ShmEvent): string {
  return `${JSON.stringify({ event })}\n`;
}

const MOST_SOURCES = 100;

const brand = record<Pick<RecordingHeader, 'recording' | 'version'>>({
  recording: oneOf(['shmtop']),
  version: integer(0, 1_000_000),
});

const header = record<RecordingHeader>({
  recording: oneOf(['shmtop']),
  version: integer(OLDEST_READ, RECORDING_VERSION),
  startedAtMs: momentMs,
  sources: list(
    record<SourceNote>({ name: shownText, isActive: flag, text: shownText, misses: optional(shownText) }),
    MOST_SOURCES,
  ),
});

/** The first line read back; in words why it is none. */
export function parseHeaderLine(line: string): RecordingHeader | string {
  const found = decodeJson(line, brand);
  if (found instanceof Misfit) return 'it is not a recording of shmtop watch --record';
  if (found.version < OLDEST_READ || found.version > RECORDING_VERSION) {
    return `it has version ${found.version}, this shmtop reads ${OLDEST_READ} to ${RECORDING_VERSION}`;
  }
  const whole = decodeJson(line, header);
  return whole instanceof Misfit ? `its first line is damaged (${whole})` : whole;
}

const gap = record<Gap>({
  source: oneOf(GAP_SOURCES),
  reason: oneOf(GAP_REASONS),
  count,
  pids: optional(list(pid)),
  detail: optional(shownText),
});

const mount = record<ShmMount>({
  path: foreignName,
  device,
  mountNamespace: optional(namespaceId),
  isOfOthers: optional(flag),
  isPartly: optional(flag),
  sizeBytes: optional(count),
  usedBytes: optional(count),
  inodes: optional(count),
  inodesUsed: optional(count),
  unlisted: optional(count),
});

const some = record<Count>({ objects: count, costBytes: count });
const leftOut = record<LeftOut>({
  objects: count,
  costBytes: count,
  sizeBytes: count,
  byKind: record<LeftOut['byKind']>({
    sysv: some,
    posix: some,
    unlinked: some,
    memfd: some,
    anonymous: some,
    file: some,
  }),
  byVerdict: record<LeftOut['byVerdict']>({
    'in-use': some,
    abandoned: some,
    // Version 1 had none.
    orphaned: (value) => (value === undefined ? { objects: 0, costBytes: 0 } : some(value)),
    unheld: some,
    unknown: some,
  }),
});

const snapshotDecoder = record<Snapshot>({
  takenAtMs: momentMs,
  host: record<Host>({
    hostname: foreignName,
    kernel: foreignName,
    ipcNamespace: optional(namespaceId),
    pidNamespace: optional(namespaceId),
    user: foreignName,
    uid: anyUserId,
  }),
  visibility: record<Visibility>({ processes: count, inspected: count, complete: flag, gaps: list(gap) }),
  limits: record<Limits>({
    shmmni: optional(decimal),
    shmall: optional(decimal),
    shmmax: optional(decimal),
    segments: count,
    pages: count,
    pageSizeBytes: count,
    shmRmidForced: optional(flag),
    mounts: list(mount),
    others: optional(list(otherLimit)),
  }),
  objects: list(shmObject),
  namespaces: optional(list(namespaceFacts)),
  leftOut: optional(leftOut),
  gaps: list(gap),
});

const eventDecoder = record<ShmEvent>({
  atMs: momentMs,
  event: oneOf(EVENT_NAMES),
  source: oneOf(EVENT_SOURCES),
  count: integer(1, Number.MAX_SAFE_INTEGER),
  id: optional(objectId),
  shortId: optional(shortId),
  kind: optional(oneOf(KINDS)),
  rawName: optional(rawBytes),
  pid: optional(pid),
  comm: optional(rawComm),
  nattch: optional(count),
  sizeBytes: optional(count),
  detail: optional(shownText),
});

const entry = record<{ readonly snapshot?: Snapshot; readonly event?: ShmEvent }>({
  snapshot: optional(snapshotDecoder),
  event: optional(eventDecoder),
});

/** Any other line read back; undefined for the last one of a recording that was cut off, and for damage. `version`: of its header. */
export function parseEntryLine(line: string, version = RECORDING_VERSION): RecordingEntry | undefined {
  const found = decodeJson(line, entry);
  if (found instanceof Misfit) return undefined;
  const { event } = found;
  const snapshot = version < 2 && found.snapshot ? snapshotSinceTwo(found.snapshot) : found.snapshot;
  if (snapshot) return { type: 'snapshot', atMs: snapshot.takenAtMs, snapshot };
  return event && { type: 'event', atMs: event.atMs, event };
}

/** Both begin with their time (`snapshotOf` in sampler.ts, event-teller.ts); a line that ends as JSON does is whole. */
const STARTS_WITH_TIME = /^\{"(event|snapshot)":\{"(?:atMs|takenAtMs)":(\d{1,15}(?:\.\d{1,20})?),/;

/** What a line is and when it was, without parsing all of it; undefined where it is damaged. */
export function glanceAtLine(line: string): Pick<RecordingEntry, 'type' | 'atMs'> | undefined {
  const found = line.endsWith('}}') ? STARTS_WITH_TIME.exec(line) : undefined;
  if (!found) return parseEntryLine(line);
  const atMs = momentMs(Number(found[2]));
  return atMs instanceof Misfit ? undefined : { type: found[1] === 'event' ? 'event' : 'snapshot', atMs };
}
