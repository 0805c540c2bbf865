// The format of `watch --record`: JSON lines, first a header, then snapshots and events as they came. PURE reader and writer.
import { EVENT_NAMES, type ShmEvent } from './event.ts';
import type { SourceNote } from './live-session.ts';
import { KINDS, type ShmObject, VERDICT_STATES } from './object.ts';
import type { Snapshot } from './snapshot.ts';

export const RECORDING_VERSION = 1;

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

/** The first line read back; in words why it is none. */
export function parseHeaderLine(line: string): RecordingHeader | string {
  const value = parseJson(line);
  if (!isRecord(value) || value.recording !== 'shmtop') return 'it is not a recording of shmtop watch --record';
  const { version, startedAtMs, sources } = value;
  if (version !== RECORDING_VERSION) return `it has version ${String(version)}, this shmtop reads ${RECORDING_VERSION}`;
  if (typeof startedAtMs !== 'number' || !Array.isArray(sources)) return 'its first line is damaged';
  return { recording: 'shmtop', version, startedAtMs, sources: sources.filter(isNote) };
}

/** Any other line read back; undefined for the last one of a recording that was cut off, and for damage. */
export function parseEntryLine(line: string): RecordingEntry | undefined {
  const value = parseJson(line);
  if (!isRecord(value)) return undefined;
  const { snapshot, event } = value;
  if (isSnapshot(snapshot)) return { type: 'snapshot', atMs: snapshot.takenAtMs, snapshot };
  if (isEvent(event)) return { type: 'event', atMs: event.atMs, event };
  return undefined;
}

/** Both begin with their time (`snapshotOf` in sampler.ts, event-teller.ts); a line that ends as JSON does is whole. */
const STARTS_WITH_TIME = /^\{"(event|snapshot)":\{"(?:atMs|takenAtMs)":(\d+(?:\.\d+)?),/;

/** What a line is and when it was, without parsing all of it; undefined where it is damaged. */
export function glanceAtLine(line: string): Pick<RecordingEntry, 'type' | 'atMs'> | undefined {
  const found = line.endsWith('}}') ? STARTS_WITH_TIME.exec(line) : undefined;
  if (!found) return parseEntryLine(line);
  return { type: found[1] === 'event' ? 'event' : 'snapshot', atMs: Number(found[2]) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // SyntaxError: a line that was cut
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNote(value: unknown): value is SourceNote {
  return isRecord(value) && typeof value.name === 'string' && typeof value.text === 'string';
}

/** What the program stands on is looked at; finer fields are those of our own format, whose version was checked. */
function isSnapshot(value: unknown): value is Snapshot {
  if (!isRecord(value) || typeof value.takenAtMs !== 'number' || !Array.isArray(value.objects)) return false;
  const { host, visibility, limits, gaps } = value;
  const isHeadWhole = isRecord(host) && isRecord(visibility) && isRecord(limits) && Array.isArray(limits.mounts);
  return isHeadWhole && Array.isArray(visibility.gaps) && Array.isArray(gaps) && value.objects.every(isObject);
}

function isObject(value: unknown): value is ShmObject {
  if (!isRecord(value) || !isRecord(value.verdict)) return false;
  const { id, shortId, kind, rawName, status, holders, verdict } = value;
  const isNamed = [id, shortId, rawName].every((text) => typeof text === 'string');
  return (
    isNamed &&
    KINDS.some((known) => known === kind) &&
    Array.isArray(status) &&
    Array.isArray(holders) &&
    holders.every(isHolder) &&
    VERDICT_STATES.some((known) => known === verdict.state) &&
    Array.isArray(verdict.evidence)
  );
}

const isHolder = (value: unknown) =>
  isRecord(value) && typeof value.pid === 'number' && Array.isArray(value.mappings) && Array.isArray(value.fds);

function isEvent(value: unknown): value is ShmEvent {
  return (
    isRecord(value) &&
    typeof value.atMs === 'number' &&
    typeof value.count === 'number' &&
    EVENT_NAMES.some((known) => known === value.event)
  );
}
