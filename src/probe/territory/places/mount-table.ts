// Reads mount tables of processes in pieces and up to a limit: a neighbour may have as many mounts as he likes.

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { errorNumber } from '../../../fault/thrown.ts';
import { EIO } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import { O_CLOEXEC } from '../../../native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../../../native/libc.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import type { ByteString } from '../../model/bytes.ts';
import { type Mount, parseMountLine } from '../../parse/mountinfo.ts';
import { MOUNT_LINE_BYTES, MOUNT_TABLE_BYTES, MOUNT_TABLES_BYTES, MOUNT_TABLES_MS } from './limits.ts';

/** `whole`: all lines were seen, or `use` had enough. `cut`: there is more than may be read. Else -errno. */
export type TableOutcome = 'whole' | 'cut' | number;

/** Gets one line as a range of the bytes, valid until it returns; `stop` ends the reading. */
type OnLine = (bytes: Buffer, start: number, end: number) => 'stop' | undefined;

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | O_CLOEXEC;
const NEWLINE = 0x0a;
const SPACE = 0x20;
/** The kernel writes a page at a time, whatever is asked for; most tables fit into a few. */
const FIRST_BYTES = 16 << 10;

/** What may be read of mount tables in one look, over all processes. */
export class TableBudget {
  readonly #untilMs: number;
  #bytesLeft = MOUNT_TABLES_BYTES;

  constructor(untilMs = monotonicMs() + MOUNT_TABLES_MS) {
    this.#untilMs = untilMs;
  }

  /** Bytes that are left; 0 or less: nothing more may be read. */
  get bytes(): number {
    return monotonicMs() > this.#untilMs ? 0 : this.#bytesLeft;
  }

  take(bytes: number): void {
    this.#bytesLeft -= bytes;
  }
}

/** Calls `use` with each mount that a process sees, in the kernel's order, until it says `stop`. Never throws. */
export function readMountTable(
  procRoot: ByteString,
  pid: number | string,
  budget: TableBudget,
  use: (mount: Mount) => 'stop' | undefined,
): TableOutcome {
  return readLines(`${procRoot}/${pid}/mountinfo`, budget, (bytes, start, end) => {
    const mount = parseMountLine(bytes, start, end);
    return mount && use(mount);
  });
}

/** The one mount with this number; undefined: it is not among those that the process sees. */
export function readMountOf(
  procRoot: ByteString,
  pid: number | string,
  budget: TableBudget,
  id: number,
): { readonly mount?: Mount; readonly outcome: TableOutcome } {
  const digits = Buffer.from(`${id} `);
  let mount: Mount | undefined;
  const outcome = readLines(`${procRoot}/${pid}/mountinfo`, budget, (bytes, start, end) => {
    if (
      bytes[start + digits.length - 1] !== SPACE ||
      bytes.compare(digits, 0, digits.length, start, start + digits.length)
    ) {
      return undefined;
    }
    mount = parseMountLine(bytes, start, end);
    return 'stop';
  });
  return { mount, outcome };
}

interface Reader {
  readonly open: (path: ByteString) => number;
  /** Into the buffer from `at` on: bytes read, or -errno. */
  readonly read: (fd: number, at: number) => number;
  readonly close: (fd: number) => void;
  buffer: Buffer;
  /** Makes the buffer larger, and keeps what is in it. */
  readonly grow: () => void;
}

let reader: Reader | undefined;

function readLines(path: ByteString, budget: TableBudget, use: OnLine): TableOutcome {
  const loaded = loadLibc();
  reader ??= isLibc(loaded) ? nativeReader(loaded) : nodeReader();
  const fd = reader.open(path);
  if (fd < 0) return fd;
  try {
    return readFrom(reader, fd, budget, use);
  } finally {
    reader.close(fd);
  }
}

function readFrom(from: Reader, fd: number, budget: TableBudget, use: OnLine): TableOutcome {
  let length = 0;
  let total = 0;
  for (;;) {
    if (total >= MOUNT_TABLE_BYTES || budget.bytes <= 0) return 'cut';
    if (length === from.buffer.length) {
      if (length >= MOUNT_LINE_BYTES) return 'cut';
      from.grow();
    }
    const count = from.read(fd, length);
    if (count < 0) return count;
    total += count;
    length += count;
    budget.take(count);
    const { buffer } = from;
    const end = count === 0 ? length : buffer.subarray(0, length).lastIndexOf(NEWLINE) + 1;
    for (let start = 0; start < end; ) {
      const found = buffer.indexOf(NEWLINE, start);
      const lineEnd = found < 0 || found > end ? end : found;
      if (use(buffer, start, lineEnd) === 'stop') return 'whole';
      start = lineEnd + 1;
    }
    if (count === 0) return 'whole';
    buffer.copyWithin(0, end, length);
    length -= end;
  }
}

function nativeReader(libc: Libc): Reader {
  let memory = libc.allocate(FIRST_BYTES);
  const made: Reader = {
    buffer: Buffer.from(memory.bytes.buffer),
    open: (path) => file.open(libc, path, FLAGS),
    read: (fd, at) => file.read(libc, fd, memory.address + at, memory.bytes.length - at),
    close: (fd) => file.close(libc, fd),
    grow: () => {
      const larger = libc.allocate(memory.bytes.length * 4);
      larger.bytes.set(memory.bytes);
      memory = larger;
      made.buffer = Buffer.from(memory.bytes.buffer);
    },
  };
  return made;
}

function nodeReader(): Reader {
  const made: Reader = {
    buffer: Buffer.allocUnsafeSlow(FIRST_BYTES),
    open: (path) => errnoOf(() => openSync(Buffer.from(path, 'latin1'), FLAGS)),
    read: (fd, at) => errnoOf(() => readSync(fd, made.buffer, at, made.buffer.length - at, null)),
    close: closeSync,
    grow: () => {
      made.buffer = Buffer.concat([made.buffer, Buffer.allocUnsafeSlow(made.buffer.length * 3)]);
    },
  };
  return made;
}

/** Node's `errno` is negative already. */
function errnoOf(call: () => number): number {
  try {
    return call();
  } catch (error) {
    return errorNumber(error) ?? -EIO;
  }
}
