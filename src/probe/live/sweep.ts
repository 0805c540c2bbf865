// Compares the segment table with what it was at the last sweep: SHM_STAT_ANY into one slab, a few words compared per slot.
import { IPC, SHMID_DS } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import { shmctl } from '../../native/sysv.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import { readRow, type SlotChanges, RECORD_WORDS as WORDS } from './slot-changes.ts';

const NATTCH = SHMID_DS.nattch / 4;
const LPID = SHMID_DS.lpid / 4;
const CPID = SHMID_DS.cpid / 4;
const ATIME = SHMID_DS.atime / 4;
const DTIME = SHMID_DS.dtime / 4;
const CTIME = SHMID_DS.ctime / 4;
const MODE = SHMID_DS.mode / 4;
const NONE = -1;
/** How long an attach must stand still to be believed, and how often it is looked at for that. */
const STILL_MS = 0.02;
const MOST_LOOKS = 8;

/** A slot whose nattch has risen. */
interface Risen {
  readonly index: number;
  readonly shmid: number;
  readonly nattch: number;
  readonly looks: number;
  readonly untilMs: number;
}

export class Sweep {
  readonly #libc: Libc;
  readonly #scratch: NativeMemory;
  readonly #record: Uint32Array;
  readonly #address: number;
  readonly #shmctl: Libc['raw']['shmctl'];
  #words = new Uint32Array(WORDS * 64);
  #ids = new Int32Array(64).fill(NONE);
  #slots = 0;
  #risen: Risen[] = [];
  /** Segments at the last sweep. */
  count = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#scratch = libc.allocate(SHMID_DS.size);
    this.#record = this.#scratch.u32;
    this.#address = this.#scratch.address;
    this.#shmctl = libc.raw.shmctl;
  }

  /** Adds every slot that changed since it was last looked at: how many there are now, or -errno when the table cannot be read. */
  all(changes: SlotChanges): number {
    const highest = shmctl(this.#libc, 0, IPC.INFO, this.#scratch.address);
    if (highest < 0) return highest;
    const slots = Math.max(highest + 1, this.#slots);
    this.#grow(slots);
    this.#slots = highest + 1;
    this.count = 0;
    for (let index = 0; index < slots; index++) {
      this.#look(index, changes);
      if (this.#risen.length > 0) this.#settle(changes, performance.now());
    }
    this.#settleAll(changes);
    for (let index = 0; index < this.#slots; index++) if (this.#ids[index] !== NONE) this.count++;
    return this.count;
  }

  /** The same for some slots only. */
  some(indexes: Iterable<number>, changes: SlotChanges): void {
    for (const index of indexes) this.#look(index, changes);
    this.#settleAll(changes);
  }

  #look(index: number, changes: SlotChanges): void {
    const before = this.#ids[index];
    const shmid = this.#shmctl(index, IPC.SHM_STAT_ANY, this.#address);
    const nattch = this.#record[NATTCH];
    const known = shmid === before ? this.#words[index * WORDS + NATTCH] : 0;
    if (shmid >= 0 && nattch > known) this.#wait(index, shmid, 0);
    else this.#compare(index, shmid, changes);
  }

  /**
   * do_shmat() in ipc/shm.c counts an attach before it has its time and its process, and for a moment twice: what has risen
   * is looked at again, other slots meanwhile, until it stands still.
   */
  #wait(index: number, shmid: number, looks: number): void {
    this.#risen.push({ index, shmid, nattch: this.#record[NATTCH], looks, untilMs: performance.now() + STILL_MS });
  }

  /** Looks again at what has waited long enough. */
  #settle(changes: SlotChanges, nowMs: number): void {
    while (this.#risen.length > 0 && this.#risen[0].untilMs <= nowMs) {
      const [{ index, shmid, nattch, looks }] = this.#risen.splice(0, 1);
      const now = this.#shmctl(index, IPC.SHM_STAT_ANY, this.#address);
      const isStill = now !== shmid || this.#record[NATTCH] === nattch || looks + 1 >= MOST_LOOKS;
      if (isStill) this.#compare(index, now, changes);
      else this.#wait(index, shmid, looks + 1);
    }
  }

  #settleAll(changes: SlotChanges): void {
    while (this.#risen.length > 0) this.#settle(changes, performance.now());
  }

  /** Takes what the record says of this slot as what is known of it. */
  #compare(index: number, shmid: number, changes: SlotChanges): void {
    const u32 = this.#record;
    const before = this.#ids[index];
    if (shmid < 0) {
      if (before === NONE) return;
      this.#ids[index] = NONE;
      changes.add(before);
      return;
    }
    const base = index * WORDS;
    const words = this.#words;
    if (shmid === before) {
      // Size, owner and permissions are left out: ctime tells of them. Times need their low halves only.
      const isSame =
        words[base + NATTCH] === u32[NATTCH] &&
        words[base + LPID] === u32[LPID] &&
        words[base + ATIME] === u32[ATIME] &&
        words[base + DTIME] === u32[DTIME] &&
        words[base + MODE] === u32[MODE] &&
        words[base + CTIME] === u32[CTIME] &&
        words[base + CPID] === u32[CPID];
      if (isSame) return;
    } else if (before !== NONE) changes.add(before);
    this.#ids[index] = shmid;
    words.set(u32.subarray(0, WORDS), base);
    changes.add(shmid, u32);
  }

  #grow(slots: number): void {
    if (slots <= this.#ids.length) return;
    const words = new Uint32Array(slots * 2 * WORDS);
    words.set(this.#words);
    this.#words = words;
    const ids = new Int32Array(slots * 2).fill(NONE);
    ids.set(this.#ids);
    this.#ids = ids;
  }
}

/** The row of one segment as it is now; undefined when its slot is empty or holds another one. */
export function readSegment(
  libc: Libc,
  scratch: NativeMemory,
  shmid: number,
  ipcNamespace: string,
): SysvRow | undefined {
  // SHM_STAT_ANY takes an index: the kernel masks an id to it and answers with the id that is there now.
  const present = libc.raw.shmctl(shmid, IPC.SHM_STAT_ANY, scratch.address);
  return present === shmid ? readRow(scratch.u32, 0, shmid, ipcNamespace) : undefined;
}
