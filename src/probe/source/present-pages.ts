// The pages of a process that are in memory and its own: what can be read without bringing anything in, waiting for a pager that
// another process plays, or allocating. Where the kernel has no PAGEMAP_SCAN, by maps and the entries of pagemap.
import { EINVAL, ENOTTY } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { type PageRegion, scanMemory, scanPresent } from '../../native/pagemap.ts';

/** The end of user addresses on 64 bits with four levels; what asks for more than that gets it only by name. */
const END = 0x7fff_ffff_f000;
const REGIONS = 512;
const PAGE_BYTES = 4096;
const ENTRY_BYTES = 8;
const ENTRIES = 8192;
/** Bit 63 and 61 of an entry, in its upper half: present; of a file, or anonymous and shared. */
const PRESENT = 0x8000_0000;
const OF_FILE = 0x2000_0000;
/** Entries of address space that is not there cost too: 32 GiB a process, then it is left. */
const MOST_ENTRIES = 8 * 1024 * 1024;

/** Told where not all of it could be asked about. */
export interface Coverage {
  isWhole: boolean;
}

/** `fd` is its pagemap, `maps` its text, asked for only by the older way. Ends early where the process does. Regions ascend from `from`. */
export function* presentPages(
  libc: Libc,
  fd: number,
  from: number,
  maps: () => string | undefined,
  coverage: Coverage,
): Generator<PageRegion> {
  const memory = scanMemory(libc, REGIONS);
  for (let at = from; at < END; ) {
    const found = scanPresent(libc, fd, memory, at, END);
    if (typeof found === 'number') {
      if (at === from && (found === -ENOTTY || found === -EINVAL))
        yield* byEntries(libc, fd, from, maps() ?? '', coverage);
      else coverage.isWhole = false;
      return;
    }
    yield* found.regions;
    if (found.next <= at) return;
    at = found.next;
  }
}

/** Exported for its test: what kernels before 6.7 get. */
export function* byEntries(
  libc: Libc,
  fd: number,
  from: number,
  maps: string,
  coverage: Coverage,
): Generator<PageRegion> {
  const memory = libc.allocate(ENTRIES * ENTRY_BYTES);
  let left = MOST_ENTRIES;
  if (maps === '') coverage.isWhole = false;
  for (const [, low = '', high = ''] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) ...p /gm)) {
    const end = Number.parseInt(high, 16);
    for (let at = Math.max(from, Number.parseInt(low, 16)); at < end && left > 0; ) {
      const wanted = Math.min(ENTRIES, (end - at) / PAGE_BYTES, left);
      const count = file.pread(libc, fd, memory.address, wanted * ENTRY_BYTES, (at / PAGE_BYTES) * ENTRY_BYTES);
      if (count <= 0) break;
      const pages = count / ENTRY_BYTES;
      yield* runs(memory.u32, pages, at);
      at += pages * PAGE_BYTES;
      left -= pages;
    }
  }
  if (left <= 0) coverage.isWhole = false;
}

function* runs(words: Uint32Array, pages: number, start: number): Generator<PageRegion> {
  let begin = -1;
  for (let page = 0; page <= pages; page++) {
    const high = page < pages ? (words[page * 2 + 1] ?? 0) : 0;
    const isWanted = (high & PRESENT) !== 0 && (high & OF_FILE) === 0;
    if (isWanted && begin < 0) begin = page;
    if (!isWanted && begin >= 0) {
      yield { start: start + begin * PAGE_BYTES, end: start + page * PAGE_BYTES };
      begin = -1;
    }
  }
}

/** The name of the mapping at an address: `[heap]`, a path, as raw bytes; undefined where it has none. */
export function placeAt(maps: string, address: number): string | undefined {
  for (const [, low = '', high = '', name = ''] of maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \S+ *(.*)$/gm)) {
    if (address >= Number.parseInt(low, 16) && address < Number.parseInt(high, 16))
      return name === '' ? undefined : name;
  }
  return undefined;
}
