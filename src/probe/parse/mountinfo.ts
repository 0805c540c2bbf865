// /proc/PID/mountinfo: one line a mount (proc_pid_mountinfo(5)). Read as bytes: whoever mounts chooses them.
import type { ByteString } from '../model/bytes.ts';
import { itemAt } from '../model/item-at.ts';

export interface Mount {
  /** The mount's number, as statx(2) has it in stx_mnt_id. */
  readonly id: number;
  /** `major:minor`, decimal. */
  readonly device: string;
  /** What of the file system is mounted: `/` for all of it; for a namespace `ipc:[4026531839]`. */
  readonly root: ByteString;
  /** Where, from the root of the process that was asked. */
  readonly mountPoint: ByteString;
  /** `tmpfs`, `nsfs`, … */
  readonly fileSystem: string;
}

/** Bytes in which text is found without being copied: what of Node's Buffer is needed here. */
export interface LineBytes {
  readonly length: number;
  readonly [at: number]: number;
  readonly indexOf: (byte: number, start: number) => number;
  readonly toString: (encoding: 'latin1', start: number, end: number) => ByteString;
}

const SPACE = 0x20;
const NEWLINE = 0x0a;
const DASH = 0x2d;

/** Lines of another form are skipped. */
export function parseMountinfo(bytes: LineBytes): Mount[] {
  const mounts: Mount[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found < 0 ? bytes.length : found;
    const mount = parseMountLine(bytes, start, end);
    if (mount) mounts.push(mount);
    start = end + 1;
  }
  return mounts;
}

/** One line, without its end; undefined for another form. Fields are parted by single blanks (show_mountinfo, fs/proc_namespace.c). */
export function parseMountLine(bytes: LineBytes, start: number, end: number): Mount | undefined {
  // id parent major:minor root mountPoint options [tag…] - fileSystem source superOptions
  const starts: number[] = [start];
  let at = start;
  while (starts.length < 7) {
    at = bytes.indexOf(SPACE, at);
    if (at < 0 || at >= end) return undefined;
    starts.push(++at);
  }
  // Optional fields, until one that is a dash alone.
  while (bytes[at] !== DASH || bytes[at + 1] !== SPACE) {
    at = bytes.indexOf(SPACE, at);
    if (at < 0 || at >= end) return undefined;
    at++;
  }
  const typeStart = at + 2;
  const typeEnd = bytes.indexOf(SPACE, typeStart);
  if (typeEnd < 0 || typeEnd >= end) return undefined;
  const field = (n: number) => bytes.toString('latin1', itemAt(starts, n), itemAt(starts, n + 1) - 1);
  const id = Number(field(0));
  const device = field(2);
  if (!Number.isSafeInteger(id) || !/^\d+:\d+$/.test(device)) return undefined;
  return {
    id,
    device,
    root: unescapeOctal(field(3)),
    mountPoint: unescapeOctal(field(4)),
    fileSystem: bytes.toString('latin1', typeStart, typeEnd),
  };
}

/** Blank, tab, newline and backslash are written as `\040` and so on (mangle_path, fs/seq_file.c). */
const unescapeOctal = (text: string): ByteString =>
  text.includes('\\')
    ? text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    : text;
