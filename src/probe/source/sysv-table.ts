// The System V segment table by SHM_STAT_ANY (shmctl(2)): one system call a segment, and no copy of what it says.

import { IPC, SHM_INFO_LAYOUT, SHMID_DS, SHMINFO_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { type NativeMemory, readU64Text } from '../../native/memory.ts';
import { ShmidDs } from '../../native/shmid-ds.ts';
import { shmctl } from '../../native/sysv.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import type { IpcLimits } from '../model/namespace-facts.ts';

const EINVAL = 22;
const EIDRM = 43;
const WORDS = SHMID_DS.size / 4;

/** Reads the table of the calling thread's IPC namespace: about 0.3 µs a segment. */
export class SysvTable {
  readonly #libc: Libc;
  readonly #info: NativeMemory;
  /** What the rows read; it holds `#slots` records. */
  #shown: NativeMemory;
  /** What the kernel writes from the second reading on, to be compared with what is shown. */
  #incoming: NativeMemory;
  /** `struct shminfo` of the last reading. */
  #ceilings: Uint32Array | undefined;
  #slots = 0;
  /** By index of the kernel's table. */
  #rows: (SlabRow | undefined)[] = [];

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#info = libc.allocate(Math.max(SHMINFO_LAYOUT.size, SHM_INFO_LAYOUT.size));
    this.#shown = this.#info;
    this.#incoming = this.#info;
  }

  /**
   * All segments by index, or -errno (ENOSYS, EINVAL before Linux 4.17). Needs no permission on any segment. The rows are
   * valid until the next call, which gives the same ones again for segments that are still there.
   */
  read(ipcNamespace: string): SysvRow[] | number {
    // Unlike SHM_INFO this does not add up the pages of all segments.
    const highest = shmctl(this.#libc, 0, IPC.INFO, this.#info.address);
    if (highest < 0) return highest;
    this.#ceilings = this.#info.u32.slice(0, SHMINFO_LAYOUT.size / 4);
    const isFirst = highest >= this.#slots;
    if (isFirst) this.#grow((highest + 1) * 2);
    const failed = this.#fill(highest + 1, isFirst ? this.#shown : this.#incoming, ipcNamespace);
    if (failed < 0) return failed;
    this.#rows.length = highest + 1;
    const rows: SysvRow[] = [];
    for (const row of this.#rows) if (row) rows.push(row);
    // Before Linux 4.17 the command is not known, and answers as a hole in the table does.
    return rows.length === 0 && this.#isAnyUsed() ? -EINVAL : rows;
  }

  /** Of the namespace that was read last; nothing before that. */
  limits(): IpcLimits {
    const words = this.#ceilings;
    if (!words) return {};
    const text = (offset: number) => readU64Text(words, offset / 4);
    const { shmmni, shmall, shmmax } = SHMINFO_LAYOUT;
    return { shmmni: text(shmmni), shmall: text(shmall), shmmax: text(shmmax) };
  }

  #grow(slots: number): void {
    this.#slots = slots;
    this.#shown = this.#libc.allocate(slots * SHMID_DS.size);
    this.#incoming = this.#libc.allocate(slots * SHMID_DS.size);
    this.#rows = [];
  }

  #isAnyUsed(): boolean {
    const { address, i32 } = this.#info;
    return shmctl(this.#libc, 0, IPC.SHM_INFO, address) >= 0 && i32[SHM_INFO_LAYOUT.usedIds / 4] > 0;
  }

  /** One system call a slot, back to back, so that the table is read as nearly at one moment as can be. */
  #fill(slots: number, to: NativeMemory, ipcNamespace: string): number {
    const { raw, koffi } = this.#libc;
    const shown = this.#shown;
    const rows = this.#rows;
    let address = to.address;
    for (let index = 0; index < slots; index++, address += SHMID_DS.size) {
      const shmid = raw.shmctl(index, IPC.SHM_STAT_ANY, address);
      if (shmid < 0) {
        // A hole in the table answers EINVAL; a kernel without SHM_STAT_ANY answers it for every index.
        if (koffi.errno() !== EINVAL && koffi.errno() !== EIDRM) return -koffi.errno();
        rows[index] = undefined;
        continue;
      }
      const row = rows[index];
      const isChanged = to !== shown && copyChanged(to.u32, shown.u32, index * WORDS);
      if (row?.shmid !== shmid) rows[index] = new SlabRow(shown, index, shmid, ipcNamespace);
      else if (isChanged) row.version++;
    }
    return 0;
  }
}

/** Copies the record at `start` where it differs from what is there; false where it does not. */
function copyChanged(from: Uint32Array, to: Uint32Array, start: number): boolean {
  let word = start;
  const end = start + WORDS;
  while (word < end && from[word] === to[word]) word++;
  if (word === end) return false;
  for (; word < end; word++) to[word] = from[word];
  return true;
}

/** A line of the table that reads itself from the slab, valid until the table is read again. */
class SlabRow extends ShmidDs implements SysvRow {
  readonly ipcNamespace: string;
  readonly shmid: number;
  version = 0;
  rssBytes: number | undefined = undefined;
  swapBytes: number | undefined = undefined;

  constructor(slab: NativeMemory, index: number, shmid: number, ipcNamespace: string) {
    super(slab, index * WORDS);
    this.ipcNamespace = ipcNamespace;
    this.shmid = shmid;
  }
}
