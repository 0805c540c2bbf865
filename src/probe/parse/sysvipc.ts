// /proc/sysvipc/shm: one line a segment (ipc/shm.c, sysvipc_shm_proc_show; proc(5)).
import type { SysvRow } from '../model/join/sysv-row.ts';

const SPACE = 0x20;
const NEWLINE = 0x0a;
const MINUS = 0x2d;
const FIELDS = 16;
const FIELDS_WITHOUT_RSS = 14;
const SHMID_FIELD = 1;
const OCTAL_FIELD = 2;
const CTIME_FIELD = 13;
const RSS_FIELD = 14;
const SWAP_FIELD = 15;
const MALFORMED = -1;
/** Of 16. */
const LAST_COLUMN = 'swap';
/** Of a line of 16 fields, each as wide as the kernel makes it at least. */
const PADDED_LENGTH = 169;

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

/** Adds rss and swap to rows of one namespace, from pieces of its text; segments made since the text keep what they have. */
export class ResidentText {
  /** Lines that are not understood. */
  malformed = 0;
  readonly #rows: readonly SysvRow[];
  // Both come in the order of the kernel's table, so they walk together; a difference costs one look-up table.
  #next = 0;
  #byId: Map<number, SysvRow> | undefined;
  /** How the heading ends. */
  #lastColumn: string | undefined;
  readonly #fields = newFields();

  constructor(rows: readonly SysvRow[]) {
    this.#rows = rows;
  }

  /** A piece of whole lines; the first one begins with the heading. */
  add(piece: Uint8Array): void {
    let start = 0;
    if (this.#lastColumn === undefined) {
      const end = endOfLine(piece, 0, piece.length);
      this.#lastColumn = String.fromCharCode(...piece.subarray(Math.max(0, end - LAST_COLUMN.length), end));
      start = end + 1;
    }
    for (let end = 0; start < piece.length; start = end + 1) {
      end = endOfLine(piece, start, piece.length);
      const count = this.#read(piece, start, end);
      if (count === MALFORMED) this.malformed++;
      else if (count > 0) this.#use(count >= FIELDS);
    }
  }

  /** Four of 16 fields are needed: where the kernel has padded all of them, the others are not looked at. */
  #read(bytes: Uint8Array, start: number, end: number): number {
    const fields = this.#fields;
    const isPadded = this.#lastColumn === LAST_COLUMN && end - start >= PADDED_LENGTH;
    if (!isPadded) return readFields(bytes, start, end, fields);
    let at = readNumber(bytes, skipNumber(bytes, start, end), end, fields, SHMID_FIELD);
    if (at < 0) return MALFORMED;
    at = end;
    for (let field = FIELDS - 1; field >= CTIME_FIELD && at > start; field--) {
      while (bytes[at - 1] === SPACE) at--;
      const last = at;
      while (at > start && bytes[at - 1] !== SPACE) at--;
      if (readNumber(bytes, at, last, fields, field) < 0) return MALFORMED;
    }
    return FIELDS;
  }

  #use(hasRss: boolean): void {
    const fields = this.#fields;
    let row: SysvRow | undefined = this.#rows[this.#next++];
    if (row?.shmid !== fields[SHMID_FIELD]) {
      this.#byId ??= new Map(this.#rows.map((one) => [one.shmid, one]));
      row = this.#byId.get(fields[SHMID_FIELD] ?? 0);
    }
    if (!hasRss || !row || row.ctimeSec !== fields[CTIME_FIELD]) return;
    row.rssBytes = fields[RSS_FIELD];
    row.swapBytes = fields[SWAP_FIELD];
  }
}

/** Small integers at first, so that V8 need not box what is stored. */
const newFields = () => new Array<number>(FIELDS).fill(0);

/** The newline at or after `at`, or `length`. */
function endOfLine(bytes: Uint8Array, at: number, length: number): number {
  const end = bytes.indexOf(NEWLINE, at);
  return end < 0 || end > length ? length : end;
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
  const fields = newFields();
  let malformed = 0;
  for (let start = endOfLine(bytes, 0, length) + 1, end = 0; start < length; start = end + 1) {
    end = endOfLine(bytes, start, length);
    const count = readFields(bytes, start, end, fields);
    if (count === MALFORMED) malformed++;
    else if (count > 0) use(fields, count >= FIELDS);
  }
  return malformed;
}

/** The fields of one line and their number, 0 for a blank one. */
function readFields(bytes: Uint8Array, start: number, end: number, fields: number[]): number {
  let count = 0;
  for (let at = start; ; count++) {
    while (at < end && bytes[at] === SPACE) at++;
    if (at >= end) break;
    at = readNumber(bytes, at, end, fields, count);
    if (at < 0) return MALFORMED;
  }
  return count > 0 && count < FIELDS_WITHOUT_RSS ? MALFORMED : count;
}

/** Reads the number at `at` into a field; returns where it ends, or below 0 where it is none. */
function readNumber(bytes: Uint8Array, start: number, end: number, fields: number[], field: number): number {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  const isNegative = bytes[at] === MINUS;
  if (isNegative) at++;
  const base = field === OCTAL_FIELD ? 8 : 10;
  const firstDigit = at;
  let value = 0;
  for (; at < end && bytes[at] !== SPACE; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit >= base) return MALFORMED;
    value = value * base + digit;
  }
  if (at === firstDigit) return MALFORMED;
  if (field < FIELDS) fields[field] = isNegative ? -value : value;
  return at;
}

/** Where the number at `start`, with blanks before it, ends. */
function skipNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  while (at < end && bytes[at] !== SPACE) at++;
  return at;
}

function rowOf(fields: readonly number[], hasRss: boolean, ipcNamespace: string): SysvRow {
  const field = (at: number) => fields[at] ?? 0;
  return {
    ipcNamespace,
    shmid: field(SHMID_FIELD),
    key: field(0) >>> 0,
    mode: field(OCTAL_FIELD),
    sizeBytes: field(3),
    cpid: field(4),
    lpid: field(5),
    nattch: field(6),
    uid: field(7),
    gid: field(8),
    cuid: field(9),
    cgid: field(10),
    atimeSec: field(11),
    dtimeSec: field(12),
    ctimeSec: field(CTIME_FIELD),
    rssBytes: hasRss ? field(RSS_FIELD) : undefined,
    swapBytes: hasRss ? field(SWAP_FIELD) : undefined,
  };
}
