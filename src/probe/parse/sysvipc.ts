// /proc/sysvipc/shm: one line a segment (ipc/shm.c, sysvipc_shm_proc_show; proc(5)).
import type { SysvRow } from '../model/sysv-row.ts';

const SPACE = 0x20;
const NEWLINE = 0x0a;
const MINUS = 0x2d;
const FIELDS = 16;
const FIELDS_WITHOUT_RSS = 14;
const OCTAL_FIELD = 2;

export interface SysvText {
  readonly rows: SysvRow[];
  /** Lines that did not have the fields of a segment; each is one segment not shown. */
  readonly malformed: number;
}

/** Parses the file's bytes; `length` of them are valid. */
export function parseSysvText(bytes: Uint8Array, length: number, ipcNamespace: string): SysvText {
  const rows: SysvRow[] = [];
  const malformed = forEachSysvLine(bytes, length, (fields, hasRss) => rows.push(rowOf(fields, hasRss, ipcNamespace)));
  return { rows, malformed };
}

/**
 * Adds rss and swap from the text to rows of the same namespace; segments made since the text have none. Returns the
 * number of malformed lines.
 */
export function addResidentBytes(rows: readonly SysvRow[], bytes: Uint8Array, length: number): number {
  // Both come in the order of the kernel's table, so they walk together; a difference costs one look-up table.
  let at = 0;
  let byId: Map<number, SysvRow> | undefined;
  return forEachSysvLine(bytes, length, (fields, hasRss) => {
    let row: SysvRow | undefined = rows[at++];
    if (row?.shmid !== fields[1]) {
      byId ??= new Map(rows.map((one) => [one.shmid, one]));
      row = byId.get(fields[1]);
    }
    if (!hasRss || !row || row.ctimeSec !== fields[13]) return;
    row.rssBytes = fields[14];
    row.swapBytes = fields[15];
  });
}

/**
 * Calls `use` with the fields of each line, always the same array: key (signed), shmid, perms (octal), size, cpid, lpid,
 * nattch, uid, gid, cuid, cgid, atime, dtime, ctime, and from Linux 2.6.34 rss and swap in bytes. Returns the number of
 * lines that are not of this form.
 */
function forEachSysvLine(
  bytes: Uint8Array,
  length: number,
  use: (fields: readonly number[], hasRss: boolean) => void,
): number {
  const fields = new Array<number>(FIELDS).fill(0);
  let malformed = 0;
  let at = bytes.indexOf(NEWLINE) + 1; // the heading
  if (at === 0) return 0;
  while (at < length) {
    let count = 0;
    let isNumeric = true;
    while (at < length && bytes[at] !== NEWLINE) {
      while (bytes[at] === SPACE && at < length) at++;
      if (at >= length || bytes[at] === NEWLINE) break;
      const isNegative = bytes[at] === MINUS;
      if (isNegative) at++;
      const base = count === OCTAL_FIELD ? 8 : 10;
      let value = 0;
      const firstDigit = at;
      for (; at < length && bytes[at] !== SPACE && bytes[at] !== NEWLINE; at++) {
        const digit = bytes[at] - 0x30;
        if (digit < 0 || digit >= base) isNumeric = false;
        value = value * base + digit;
      }
      if (at === firstDigit) isNumeric = false;
      if (count < FIELDS) fields[count] = isNegative ? -value : value;
      count++;
    }
    at++;
    if (count === 0) continue;
    if (count < FIELDS_WITHOUT_RSS || !isNumeric) malformed++;
    else use(fields, count >= FIELDS);
  }
  return malformed;
}

function rowOf(f: readonly number[], hasRss: boolean, ipcNamespace: string): SysvRow {
  return {
    ipcNamespace,
    shmid: f[1],
    key: f[0] >>> 0,
    mode: f[2],
    sizeBytes: f[3],
    cpid: f[4],
    lpid: f[5],
    nattch: f[6],
    uid: f[7],
    gid: f[8],
    cuid: f[9],
    cgid: f[10],
    atimeSec: f[11],
    dtimeSec: f[12],
    ctimeSec: f[13],
    rssBytes: hasRss ? f[14] : undefined,
    swapBytes: hasRss ? f[15] : undefined,
  };
}
