// /proc/PID/maps by a scan over its bytes (proc_pid_maps(5)): only lines that can be shared memory become records.
import type { ByteString } from '../model/bytes.ts';
import { type DeviceNumber, deviceNumber, type MappingRecord } from '../model/join/mapping-record.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const SHARED = 0x73; // s

/** Which private mappings are wanted too: those of the devices on which POSIX objects live. */
export type PrivateDevices = ReadonlySet<DeviceNumber>;

/**
 * Appends to `out` every shared mapping, and the private ones on `privateDevices`. A line is
 * `start-end perms offset major:minor inode   name`, numbers in hex but the inode; the name may hold anything but a
 * newline, which the kernel writes as `\012`. Returns the number of lines that were not of this form.
 */
export function parseMaps(
  bytes: Uint8Array,
  length: number,
  pid: number,
  privateDevices: PrivateDevices,
  out: MappingRecord[],
): number {
  let malformed = 0;
  for (let lineStart = 0; lineStart < length; ) {
    let lineEnd = bytes.indexOf(NEWLINE, lineStart);
    if (lineEnd < 0 || lineEnd > length) lineEnd = length;
    // The permissions stand right after the first blank: rwxs or rwxp.
    const firstBlank = bytes.indexOf(SPACE, lineStart);
    const isPlain = firstBlank > lineStart && firstBlank + 5 <= lineEnd;
    if (!isPlain || bytes[firstBlank + 4] === SHARED || privateDevices.size > 0) {
      const record = parseLine(bytes, lineStart, lineEnd, pid);
      if (!record) malformed++;
      else if (record.perms.endsWith('s') || privateDevices.has(record.device)) out.push(record);
    }
    lineStart = lineEnd + 1;
  }
  return malformed;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([rwxsp-]{4}) ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) *(.*)$/s;

function parseLine(bytes: Uint8Array, start: number, end: number, pid: number): MappingRecord | undefined {
  const found = LINE.exec(latin1(bytes, start, end));
  if (!found) return undefined;
  // Each group takes part in every match.
  const [, from = '', to = '', perms = '', offset = '', major = '', minor = '', inode, name = ''] = found;
  return {
    pid,
    start: Number.parseInt(from, 16),
    end: Number.parseInt(to, 16),
    perms,
    offset: Number.parseInt(offset, 16),
    device: deviceNumber(Number.parseInt(major, 16), Number.parseInt(minor, 16)),
    inode: Number(inode),
    name: name.replaceAll('\\012', '\n'),
  };
}

/** The bytes of a range, one char each; what lies beyond the end of the bytes is not there. */
export function latin1(bytes: Uint8Array, start: number, end: number): ByteString {
  let text = '';
  const last = Math.min(end, bytes.length);
  for (let at = start; at < last; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(last, at + 4096)));
  }
  return text;
}
