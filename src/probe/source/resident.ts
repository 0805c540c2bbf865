// Resident and swapped bytes of segments: only the text has them, at 1 µs a segment in the kernel, so it is read when their sums
// have changed.
import { errnoName } from '../../native/errno.ts';
import { IPC, SHM_INFO_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { type NativeMemory, readU64 } from '../../native/memory.ts';
import { shmctl } from '../../native/sysv.ts';
import type { GapList } from '../model/gap.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import { ResidentText } from '../parse/sysvipc.ts';
import type { Io } from './io.ts';

/** Pages that move from one segment to another leave the sums as they are: so the text is read again after this time. */
const READ_AGAIN_SEC = 10;

/** For one IPC namespace, asked by a thread that is in it. */
export class ResidentReader {
  readonly #io: Io;
  readonly #libc: Libc;
  readonly #procRoot: string;
  readonly #info: NativeMemory;
  #sums: string | undefined;
  #readSec = 0;
  #isAsked = false;

  constructor(io: Io, libc: Libc, procRoot: string) {
    this.#io = io;
    this.#libc = libc;
    this.#procRoot = procRoot;
    this.#info = libc.allocate(SHM_INFO_LAYOUT.size);
  }

  /** Fills in both in rows that keep what they have from one call to the next. */
  fill(rows: readonly SysvRow[], gaps: GapList): void {
    const nowSec = process.uptime();
    // Who asks once only need not know the sums.
    const sums = this.#isAsked ? this.#readSums() : undefined;
    const isKnown = sums === this.#sums && nowSec - this.#readSec < READ_AGAIN_SEC;
    if (sums !== undefined && isKnown && rows.every(({ rssBytes }) => rssBytes !== undefined)) return;
    this.#isAsked = true;
    this.#sums = sums;
    this.#readSec = nowSec;
    for (const row of rows) {
      row.rssBytes = undefined;
      row.swapBytes = undefined;
    }
    const text = new ResidentText(rows);
    const failed = this.#io.readLines(`${this.#procRoot}/sysvipc/shm`, (piece) => text.add(piece));
    if (failed < 0) {
      const detail = `the memory in use by segments: ${this.#procRoot}/sysvipc/shm: ${errnoName(failed)}`;
      gaps.add('rss', 'unsupported', { detail });
    }
    if (text.malformed > 0) gaps.add('rss', 'malformed', { count: text.malformed });
    if (failed < 0 || text.malformed > 0) this.#sums = undefined;
  }

  /** Pages resident and swapped, of all segments together. */
  #readSums(): string | undefined {
    const { address, u32 } = this.#info;
    if (shmctl(this.#libc, 0, IPC.SHM_INFO, address) < 0) return undefined;
    return `${readU64(u32, SHM_INFO_LAYOUT.rss / 4)} ${readU64(u32, SHM_INFO_LAYOUT.swap / 4)}`;
  }
}
