// The format of `watch --record`: JSON lines, first a header, then snapshots and events in order of time. Pure reader and writer.
import type { ShmEvent } from './event.ts';
import type { SourceNote } from './live-session.ts';
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

export interface Recording {
  readonly header: RecordingHeader;
  /** In order of time; at least one snapshot unless the recording was cut at its start. */
  readonly entries: readonly RecordingEntry[];
  /** Lines that could not be read: the last one of a recording that was cut off, or damage. */
  readonly damagedLines: number;
}

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

/** Reads a whole recording; in words why it is none. Cut or damaged lines are counted, not fatal. */
export function parseRecording(text: string): Recording | string {
  const [first = '', ...lines] = text.split('\n');
  const header = parseHeader(first);
  if (typeof header === 'string') return header;
  const entries: RecordingEntry[] = [];
  let damagedLines = 0;
  for (const line of lines) {
    if (line === '') continue;
    const entry = parseEntry(line);
    if (entry) entries.push(entry);
    else damagedLines++;
  }
  entries.sort((a, b) => a.atMs - b.atMs);
  return { header, entries, damagedLines };
}

function parseHeader(line: string): RecordingHeader | string {
  const value = parseJson(line);
  if (!isRecord(value) || value.recording !== 'shmtop') return 'it is not a recording of shmtop watch --record';
  const { version, startedAtMs, sources } = value;
  if (version !== RECORDING_VERSION) return `it has version ${String(version)}, this shmtop reads ${RECORDING_VERSION}`;
  if (typeof startedAtMs !== 'number' || !Array.isArray(sources)) return 'its first line is damaged';
  return { recording: 'shmtop', version, startedAtMs, sources: sources.filter(isNote) };
}

function parseEntry(line: string): RecordingEntry | undefined {
  const value = parseJson(line);
  if (!isRecord(value)) return undefined;
  const { snapshot, event } = value;
  if (isSnapshot(snapshot)) return { type: 'snapshot', atMs: snapshot.takenAtMs, snapshot };
  if (isEvent(event)) return { type: 'event', atMs: event.atMs, event };
  return undefined;
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

/** The shape is trusted below what is used to order it: it is our own format, and its version was checked. */
function isSnapshot(value: unknown): value is Snapshot {
  return isRecord(value) && typeof value.takenAtMs === 'number' && Array.isArray(value.objects);
}

function isEvent(value: unknown): value is ShmEvent {
  return isRecord(value) && typeof value.atMs === 'number' && typeof value.event === 'string';
}
