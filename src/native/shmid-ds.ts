// `struct shmid_ds` (shmctl(2), <sys/shm.h>), decoded here and nowhere else: read from the record where it lies, when it is asked for.
import { SHMID_DS } from './layout.ts';
import { type NativeMemory, readU64 } from './memory.ts';

/** What the kernel says of one segment; times in seconds, 0 for never; lpid 0 for nobody, or not in our pid namespace. */
export interface ShmidFields {
  readonly key: number;
  /** Permission bits, and SHM_DEST and SHM_LOCKED. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly uid: number;
  readonly gid: number;
  readonly cuid: number;
  readonly cgid: number;
  readonly cpid: number;
  readonly lpid: number;
  readonly nattch: number;
  readonly atimeSec: number;
  readonly dtimeSec: number;
  readonly ctimeSec: number;
}

/** The record at word `at`; says what is there now, also after it was written anew. 30,000 of them cost little. */
export class ShmidDs implements ShmidFields {
  readonly #u32: Uint32Array;
  readonly #i32: Int32Array;
  readonly #at: number;

  constructor({ u32, i32 }: Pick<NativeMemory, 'u32' | 'i32'>, at = 0) {
    this.#u32 = u32;
    this.#i32 = i32;
    this.#at = at;
  }

  get key(): number {
    return this.#u32[this.#at + SHMID_DS.key / 4];
  }
  get mode(): number {
    return this.#i32[this.#at + SHMID_DS.mode / 4];
  }
  get sizeBytes(): number {
    return readU64(this.#u32, this.#at + SHMID_DS.segsz / 4);
  }
  get cpid(): number {
    return this.#i32[this.#at + SHMID_DS.cpid / 4];
  }
  get lpid(): number {
    return this.#i32[this.#at + SHMID_DS.lpid / 4];
  }
  get nattch(): number {
    return readU64(this.#u32, this.#at + SHMID_DS.nattch / 4);
  }
  get uid(): number {
    return this.#u32[this.#at + SHMID_DS.uid / 4];
  }
  get gid(): number {
    return this.#u32[this.#at + SHMID_DS.gid / 4];
  }
  get cuid(): number {
    return this.#u32[this.#at + SHMID_DS.cuid / 4];
  }
  get cgid(): number {
    return this.#u32[this.#at + SHMID_DS.cgid / 4];
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
    const at = this.#at + offset / 4;
    const [low, high] = [this.#i32[at], this.#i32[at + 1]];
    return high === 0 && low >= 0 ? low : this.#u32[at] + high * 4294967296;
  }
}

/** As it is now, whatever is written there later. */
export function copyOf(record: ShmidFields): ShmidFields {
  const { key, mode, sizeBytes, uid, gid, cuid, cgid, cpid, lpid, nattch, atimeSec, dtimeSec, ctimeSec } = record;
  return { key, mode, sizeBytes, uid, gid, cuid, cgid, cpid, lpid, nattch, atimeSec, dtimeSec, ctimeSec };
}
