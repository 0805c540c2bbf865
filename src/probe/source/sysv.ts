// The System V segment table: SHM_STAT_ANY into one slab (fast, no rss), or the text of /proc/sysvipc/shm.
import { errnoName } from '../../native/errno.ts';
import { IPC, SHM_INFO_LAYOUT, SHMID_DS, SHMINFO_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { type NativeMemory, readU64, readU64Text } from '../../native/memory.ts';
import { shmctl } from '../../native/sysv.ts';
import type { GapList } from '../model/gap.ts';
import type { SysvRow } from '../model/sysv-row.ts';
import { addResidentBytes, parseSysvText } from '../parse/sysvipc.ts';
import type { Io } from './io.ts';

/** Reads the table of the calling thread's IPC namespace by shmctl(2): about 0.3 µs a segment. */
export class SysvTable {
  readonly #libc: Libc;
  #slab: NativeMemory;
  #ids = new Int32Array(0);

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#slab = libc.allocate(SHMID_DS.size * 64);
  }

  /**
   * All segments by index, or -errno (ENOSYS, EINVAL before Linux 4.17). Needs no permission on any segment. The rows are
   * valid until the next call.
   */
  read(ipcNamespace: string): SysvRow[] | number {
    const highest = shmctl(this.#libc, 0, IPC.SHM_INFO, this.#slab.address);
    if (highest < 0) return highest;
    const used = this.#slab.i32[SHM_INFO_LAYOUT.usedIds / 4];
    const failed = this.#fill(highest);
    if (failed < 0) return failed;
    const rows: SysvRow[] = [];
    for (let index = 0; index <= highest; index++) {
      if (this.#ids[index] >= 0) rows.push(new SlabRow(this.#slab, index, this.#ids[index], ipcNamespace));
    }
    // Before Linux 4.17 the command is not known, and answers as a hole in the table does.
    return used > 0 && rows.length === 0 ? -EINVAL : rows;
  }

  /** One system call a slot, back to back, so that the table is read as nearly at one moment as can be. */
  #fill(highest: number): number {
    const slots = highest + 1;
    if (this.#slab.bytes.length < slots * SHMID_DS.size) this.#slab = this.#libc.allocate(slots * 2 * SHMID_DS.size);
    if (this.#ids.length < slots) this.#ids = new Int32Array(slots * 2);
    const { raw, koffi } = this.#libc;
    const ids = this.#ids;
    let address = this.#slab.address;
    for (let index = 0; index < slots; index++, address += SHMID_DS.size) {
      const shmid = raw.shmctl(index, IPC.SHM_STAT_ANY, address);
      ids[index] = shmid;
      // A hole in the table answers EINVAL; a kernel without SHM_STAT_ANY answers it for every index.
      if (shmid < 0 && koffi.errno() !== EINVAL && koffi.errno() !== EIDRM) return -koffi.errno();
    }
    return 0;
  }
}

const EINVAL = 22;
const EIDRM = 43;

/** A line of the table that reads itself from the slab, valid until the table is read again: 30,000 of them cost little. */
class SlabRow implements SysvRow {
  readonly ipcNamespace: string;
  readonly shmid: number;
  rssBytes: number | undefined = undefined;
  swapBytes: number | undefined = undefined;
  readonly #slab: NativeMemory;
  readonly #at: number;

  constructor(slab: NativeMemory, index: number, shmid: number, ipcNamespace: string) {
    this.ipcNamespace = ipcNamespace;
    this.shmid = shmid;
    this.#slab = slab;
    this.#at = (index * SHMID_DS.size) / 4;
  }

  get key(): number {
    return this.#slab.u32[this.#at + SHMID_DS.key / 4];
  }
  get mode(): number {
    return this.#slab.i32[this.#at + SHMID_DS.mode / 4];
  }
  get sizeBytes(): number {
    return readU64(this.#slab.u32, this.#at + SHMID_DS.segsz / 4);
  }
  get cpid(): number {
    return this.#slab.i32[this.#at + SHMID_DS.cpid / 4];
  }
  get lpid(): number {
    return this.#slab.i32[this.#at + SHMID_DS.lpid / 4];
  }
  get nattch(): number {
    return readU64(this.#slab.u32, this.#at + SHMID_DS.nattch / 4);
  }
  get uid(): number {
    return this.#slab.u32[this.#at + SHMID_DS.uid / 4];
  }
  get gid(): number {
    return this.#slab.u32[this.#at + SHMID_DS.gid / 4];
  }
  get cuid(): number {
    return this.#slab.u32[this.#at + SHMID_DS.cuid / 4];
  }
  get cgid(): number {
    return this.#slab.u32[this.#at + SHMID_DS.cgid / 4];
  }
  get atimeSec(): number {
    return this.#seconds(SHMID_DS.atime);
  }
  get dtimeSec(): number {
    return this.#seconds(SHMID_DS.dtime);
  }
  get ctimeSec(): number {
    return this.#seconds(SHMID_DS.ctime);
  }

  /** A time_t; before 2038 it is an integer that V8 need not box. */
  #seconds(offset: number): number {
    const { i32, u32 } = this.#slab;
    const at = this.#at + offset / 4;
    return i32[at + 1] === 0 && i32[at] >= 0 ? i32[at] : u32[at] + i32[at + 1] * 4294967296;
  }
}

/** The same table from text: every kernel, every privilege; about 1 µs a segment in the kernel. Undefined: not readable. */
export function readSysvText(io: Io, procRoot: string, ipcNamespace: string, gaps: GapList): SysvRow[] | undefined {
  const bytes = readTableText(io, procRoot);
  if (typeof bytes === 'number') {
    gaps.add('sysv', 'unsupported', { detail: `${procRoot}/sysvipc/shm: ${errnoName(bytes)}` });
    return undefined;
  }
  const { rows, malformed } = parseSysvText(bytes, bytes.length, ipcNamespace);
  if (malformed > 0) gaps.add('sysv', 'malformed', { count: malformed });
  return rows;
}

/** Fills in rss and swap of rows of the namespace that this thread is in. */
export function readResidentBytes(io: Io, procRoot: string, rows: readonly SysvRow[], gaps: GapList): void {
  const bytes = readTableText(io, procRoot);
  if (typeof bytes === 'number') {
    const detail = `the memory in use by segments: ${procRoot}/sysvipc/shm: ${errnoName(bytes)}`;
    gaps.add('rss', 'unsupported', { detail });
    return;
  }
  const malformed = addResidentBytes(rows, bytes, bytes.length);
  if (malformed > 0) gaps.add('rss', 'malformed', { count: malformed });
}

const readTableText = (io: Io, procRoot: string): Uint8Array | number => io.readFile(`${procRoot}/sysvipc/shm`);

export interface SysvLimits {
  readonly shmmni?: string;
  readonly shmall?: string;
  readonly shmmax?: string;
  readonly shmRmidForced: boolean;
}

/** Ceilings of the namespace: IPC_INFO where libc is there, else /proc/sys/kernel. */
export function readSysvLimits(io: Io, procRoot: string, libc: Libc | undefined): SysvLimits {
  const shmRmidForced = numberIn(io, `${procRoot}/sys/kernel/shm_rmid_forced`) === '1';
  if (libc) {
    const info = libc.allocate(Math.max(SHMINFO_LAYOUT.size, SHM_INFO_LAYOUT.size));
    if (shmctl(libc, 0, IPC.INFO, info.address) >= 0) {
      const text = (offset: number) => readU64Text(info.u32, offset / 4);
      return {
        shmmni: text(SHMINFO_LAYOUT.shmmni),
        shmall: text(SHMINFO_LAYOUT.shmall),
        shmmax: text(SHMINFO_LAYOUT.shmmax),
        shmRmidForced,
      };
    }
  }
  const limit = (name: string) => numberIn(io, `${procRoot}/sys/kernel/${name}`);
  return { shmmni: limit('shmmni'), shmall: limit('shmall'), shmmax: limit('shmmax'), shmRmidForced };
}

/** The decimal number that a sysctl file holds, as text. */
function numberIn(io: Io, path: string): string | undefined {
  const bytes = io.readFile(path);
  if (typeof bytes === 'number') return undefined;
  return /^\d+/.exec(Buffer.from(bytes).toString('latin1'))?.[0];
}
