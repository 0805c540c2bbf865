// One event as a line for people and as a JSON object for scripts.

import { escapeBytes } from '../probe/model/bytes.ts';
import type { ShmEvent } from '../probe/model/event/event.ts';
import { formatBytes } from '../ui/format/bytes.ts';
import { paint } from '../ui/format/colour.ts';
import { clockTime, EVENT_TOKENS, eventName } from '../ui/format/event-text.ts';
import { jsonText } from './json-text.ts';

const NAME_WIDTH = 10;
const ID_WIDTH = 16;

/** `12:00:00.123  attached    sysv:5  0x0052e2c1  nattch 2  pid 10 postgres  perf`, in local time, without an end. */
export function eventText(event: ShmEvent, style: { readonly colour: boolean }): string {
  const name = paint(event.event.padEnd(NAME_WIDTH), EVENT_TOKENS[event.event], style);
  const parts = [clockTime(event.atMs), name];
  if (event.shortId !== undefined) parts.push(event.shortId.padEnd(ID_WIDTH));
  const more = eventName(event);
  if (more !== undefined) parts.push(more);
  if (event.nattch !== undefined) parts.push(`nattch ${event.nattch}`);
  if (event.sizeBytes !== undefined) parts.push(formatBytes(event.sizeBytes, { bytes: 'iec' }));
  if (event.pid !== undefined) {
    parts.push(`pid ${event.pid}${event.comm === undefined ? '' : ` ${escapeBytes(event.comm)}`}`);
  }
  if (event.count > 1) parts.push(`x${event.count}`);
  if (event.detail !== undefined) parts.push(`(${event.detail})`);
  parts.push(paint(event.source, 'faint', style));
  return parts.join('  ');
}

/** One line, without its end. Absent fields are left out. */
export const eventJson = (event: ShmEvent): string => jsonText(jsonOfEvent(event));

/** With `name`, `sizeBytes` and `detail` where they are known. */
export function jsonOfEvent(event: ShmEvent) {
  const { id, pid, nattch, source, count, sizeBytes, detail, rawName, comm } = event;
  return {
    at: isoMicros(event.atMs),
    event: event.event,
    id,
    name: rawName === undefined ? undefined : escapeBytes(rawName),
    pid,
    comm: comm === undefined ? undefined : escapeBytes(comm),
    nattch,
    sizeBytes,
    source,
    count,
    detail,
  };
}

/** ISO 8601 UTC with microseconds: attaches may be shorter than a millisecond. */
function isoMicros(atMs: number): string {
  const wholeMs = Math.floor(atMs);
  const micros = Math.min(999, Math.floor((atMs - wholeMs) * 1000));
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}
