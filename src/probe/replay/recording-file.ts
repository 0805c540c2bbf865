// A recording in its file: where each entry lies and when it was, read one by one, so that a long incident needs little memory.
import { closeSync, fstatSync, readSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';
import { openInput } from '../../files/open-file.ts';
import { readAt } from '../../files/text-file.ts';
import { isModest } from '../model/decode/json-bounds.ts';
import {
  glanceAtLine,
  parseEntryLine,
  parseHeaderLine,
  type RecordingEntry,
  type RecordingHeader,
} from '../model/decode/recording.ts';

interface Place {
  readonly type: RecordingEntry['type'];
  readonly atMs: number;
  readonly offset: number;
  readonly length: number;
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;
/** A line longer than this is no snapshot of ours (30,000 objects take 40 MB) but damage, and what follows is not looked for. */
const MOST_LINE_BYTES = 256 * 1024 ** 2;
/** Lines up to this length cannot become more than some 30 MB of values: only longer ones are looked through before. */
const PLAIN_LINE_BYTES = 1 << 20;
const MOST_HEADER_BYTES = 65_536;
/** Each costs 60 bytes of memory; behind them the recording is as good as cut off. */
const MOST_ENTRIES = 5_000_000;
const MOST_FILE_BYTES = 64 * 1024 ** 3;

export class RecordingFile {
  readonly header: RecordingHeader;
  /** Lines that could not be read: the last one of a recording that was cut off, or damage. */
  readonly damagedLines: number;
  readonly #fd: number;
  /** In order of time. */
  readonly #places: readonly Place[];

  private constructor(fd: number, header: RecordingHeader, places: readonly Place[], damagedLines: number) {
    this.#fd = fd;
    this.header = header;
    this.#places = places;
    this.damagedLines = damagedLines;
  }

  /** Reads through the whole file once. In words why it is no recording. */
  static open(path: string): RecordingFile | string {
    const fd = openInput(path);
    if (typeof fd !== 'number') return fd.refusal === 'absent' ? 'there is no such file' : fd.reason;
    try {
      const opened = fstatSync(fd).size > MOST_FILE_BYTES ? 'it is larger than any recording (64 GiB)' : readPlaces(fd);
      if (typeof opened !== 'string') return new RecordingFile(fd, opened.header, opened.places, opened.damagedLines);
      closeSync(fd);
      return opened;
    } catch (cause) {
      closeSync(fd);
      return errorCode(cause); // EIO
    }
  }

  get count(): number {
    return this.#places.length;
  }

  get hasSnapshot(): boolean {
    return this.#places.some(({ type }) => type === 'snapshot');
  }

  /** When an entry was, milliseconds since the epoch; infinite behind the last. */
  atMs(index: number): number {
    return this.#places[index]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  type(index: number): RecordingEntry['type'] | undefined {
    return this.#places[index]?.type;
  }

  /** Undefined where the line is damaged inside. */
  read(index: number): RecordingEntry | undefined {
    const place = this.#places[index];
    return place && parseEntryLine(readLine(this.#fd, place), this.header.version);
  }

  /** All of them in order; closes the file behind the last. */
  *entries(): Generator<RecordingEntry | undefined> {
    for (let index = 0; index < this.count; index++) yield this.read(index);
    this.close();
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Empty where it is more than a line of ours would be. */
function readLine(fd: number, { offset, length }: Pick<Place, 'offset' | 'length'>): string {
  if (length > MOST_LINE_BYTES) return '';
  const bytes = readAt(fd, offset, length); // fewer where it became shorter
  return bytes.length > PLAIN_LINE_BYTES && !isModest(bytes) ? '' : bytes.toString('utf8');
}

function readPlaces(
  fd: number,
): { readonly header: RecordingHeader; readonly places: Place[]; readonly damagedLines: number } | string {
  let header: RecordingHeader | string | undefined;
  const places: Place[] = [];
  let damagedLines = 0;
  for (const { offset, length } of linesOf(fd)) {
    if (header === undefined) {
      header = parseHeaderLine(length > MOST_HEADER_BYTES ? '' : readLine(fd, { offset, length }));
      if (typeof header === 'string') return header;
      continue;
    }
    const entry = places.length < MOST_ENTRIES ? glanceAtLine(readLine(fd, { offset, length })) : undefined;
    if (entry) places.push({ type: entry.type, atMs: entry.atMs, offset, length });
    else damagedLines++;
  }
  if (header === undefined) return 'it is empty';
  if (typeof header === 'string') return header;
  // Sources tell a little out of order; equal times stay as they came.
  places.sort((a, b) => a.atMs - b.atMs);
  return { header, places, damagedLines };
}

/** Where each line lies, without its end; empty ones are left out. */
function* linesOf(fd: number): Generator<{ readonly offset: number; readonly length: number }> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let start = 0;
  let offset = 0;
  for (;;) {
    const count = readSync(fd, chunk, 0, CHUNK_BYTES, offset);
    if (count === 0) break;
    for (let at = chunk.indexOf(NEWLINE); at >= 0 && at < count; at = chunk.indexOf(NEWLINE, at + 1)) {
      if (offset + at > start) yield { offset: start, length: offset + at - start };
      start = offset + at + 1;
    }
    offset += count;
    // Holes of a file can be read for years.
    if (offset - start > MOST_LINE_BYTES) break;
  }
  if (offset > start) yield { offset: start, length: offset - start };
}
