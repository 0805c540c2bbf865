// One step of a search for a text in the memory of a process: so many bytes of its present pages. Runs in a process that can be given
// up, since a page may go while it is read, and who brings it back may be the one who is looked at (userfaultfd(2)).
import * as file from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { monotonicMs } from '../../native/monotonic.ts';
import type { ByteString } from '../model/bytes.ts';
import { type Io, readText } from './io.ts';
import { type Coverage, placeAt, presentPages } from './present-pages.ts';

export interface SearchStep {
  readonly pid: number;
  readonly text: ByteString;
  /** Address to begin at. */
  readonly from: number;
  readonly mostBytes: number;
}

export interface SearchStepAnswer {
  /** -errno: its memory may not be read, or it is gone. */
  readonly error?: number;
  readonly readBytes: number;
  /** Not all that it has could be asked about. */
  readonly isPartly?: boolean;
  /** Where to go on; absent: all was looked at. */
  readonly next?: number;
  /** Found: the name of the mapping, empty where it has none. */
  readonly place?: ByteString;
}

const PIECE_BYTES = 1 << 20;
const PAGE_BYTES = 4096;
const STEP_MS = 250;
const MOST_MAPS_BYTES = 16 * 1024 * 1024;

export function searchMemory(libc: Libc, io: Io, procRoot: string, step: SearchStep): SearchStepAnswer {
  const open = (name: string) => file.openat(libc, AT_FDCWD, libc.path(`${procRoot}/${step.pid}/${name}`), O_CLOEXEC);
  const mem = open('mem');
  if (mem < 0) return { error: mem, readBytes: 0 };
  const pagemap = open('pagemap');
  try {
    if (pagemap < 0) return { error: pagemap, readBytes: 0 };
    const maps = () => {
      const text = readText(io, `${procRoot}/${step.pid}/maps`, MOST_MAPS_BYTES);
      return typeof text === 'number' ? undefined : text;
    };
    return searchPages(libc, { mem, pagemap }, step, maps);
  } finally {
    file.close(libc, mem);
    if (pagemap >= 0) file.close(libc, pagemap);
  }
}

function searchPages(
  libc: Libc,
  { mem, pagemap }: { readonly mem: number; readonly pagemap: number },
  { text, from, mostBytes }: SearchStep,
  maps: () => string | undefined,
): SearchStepAnswer {
  const memory = libc.allocate(PIECE_BYTES);
  const bytes = Buffer.from(memory.bytes.buffer, memory.bytes.byteOffset, PIECE_BYTES);
  // As C, Python and most others keep it, and as Java, .NET and Qt may.
  const needles = [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')];
  const overlap = text.length * 2 - 1;
  const untilMs = monotonicMs() + STEP_MS;
  let readBytes = 0;
  const coverage: Coverage = { isWhole: true };
  for (const { start, end } of presentPages(libc, pagemap, from, maps, coverage)) {
    for (let at = start; at < end; ) {
      const count = file.pread(libc, mem, memory.address, Math.min(PIECE_BYTES, end - at), at);
      // Gone meanwhile, or memory of a device: the page behind it is another matter.
      if (count <= 0) {
        at += PAGE_BYTES;
        continue;
      }
      readBytes += count;
      const hit = needles.map((needle) => bytes.subarray(0, count).indexOf(needle)).find((index) => index >= 0);
      if (hit !== undefined) return { readBytes, place: placeAt(maps() ?? '', at + hit) ?? '' };
      const isLast = at + count >= end;
      at += isLast ? count : Math.max(PAGE_BYTES, count - overlap);
      if (readBytes >= mostBytes || monotonicMs() > untilMs)
        return isLast ? { readBytes, next: end } : { readBytes, next: Math.floor(at / PAGE_BYTES) * PAGE_BYTES };
    }
  }
  return { readBytes, ...(coverage.isWhole ? {} : { isPartly: true }) };
}
