// Changed slots of the segment table on their way to whoever merges them, from another thread too: flat arrays, which cost little
// to send; an object is made of a record only where it is used.

import { SHMID_DS } from '../../native/layout.ts';
import { copyOf, ShmidDs } from '../../native/shmid-ds.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';

export const RECORD_WORDS = SHMID_DS.size / 4;
const FIRST = 32;

/** As it is sent: `count` changes in the order in which they were seen. */
export interface ChangesMessage {
  readonly count: number;
  /** When it was seen, milliseconds since the epoch: after the kernel was asked. */
  readonly times: Float64Array;
  readonly shmids: Int32Array;
  /** 0: the segment of this id is gone. */
  readonly present: Uint8Array;
  /** A shmid_ds each, of no meaning where it is gone. */
  readonly records: Uint32Array;
}

export class SlotChanges {
  #count = 0;
  #times = new Float64Array(FIRST);
  #shmids = new Int32Array(FIRST);
  #present = new Uint8Array(FIRST);
  #records = new Uint32Array(FIRST * RECORD_WORDS);

  get count(): number {
    return this.#count;
  }

  shmidAt(index: number): number {
    return this.#shmids[index];
  }

  /** The segment of this id is gone, or its record (at the start of `words`) is another one. */
  add(shmid: number, words?: Uint32Array): void {
    const at = this.#count++;
    if (at === this.#times.length) this.#grow();
    this.#times[at] = performance.timeOrigin + performance.now();
    this.#shmids[at] = shmid;
    this.#present[at] = words ? 1 : 0;
    if (words) for (let word = 0; word < RECORD_WORDS; word++) this.#records[at * RECORD_WORDS + word] = words[word];
  }

  /** What was added since the last time. */
  take(): ChangesMessage {
    const count = this.#count;
    this.#count = 0;
    return {
      count,
      times: this.#times.slice(0, count),
      shmids: this.#shmids.slice(0, count),
      present: this.#present.slice(0, count),
      records: this.#records.slice(0, count * RECORD_WORDS),
    };
  }

  #grow(): void {
    const size = this.#times.length * 2;
    const larger = <Items extends { set(from: Items): void }>(made: Items, old: Items): Items => {
      made.set(old);
      return made;
    };
    this.#times = larger(new Float64Array(size), this.#times);
    this.#shmids = larger(new Int32Array(size), this.#shmids);
    this.#present = larger(new Uint8Array(size), this.#present);
    this.#records = larger(new Uint32Array(size * RECORD_WORDS), this.#records);
  }
}

/** Absent row: the segment is gone. */
export type UseChange = (atMs: number, shmid: number, row: SysvRow | undefined) => void;

export function forEachChange(message: ChangesMessage, ipcNamespace: string, use: UseChange): void {
  const { count, times, shmids, present, records } = message;
  for (let at = 0; at < count; at++) {
    const shmid = shmids[at];
    use(times[at], shmid, present[at] === 0 ? undefined : readRow(records, at * RECORD_WORDS, shmid, ipcNamespace));
  }
}

/** The row of the shmid_ds at word `start`: it stands for itself, whatever is written there later. */
export function readRow(words: Uint32Array, start: number, shmid: number, ipcNamespace: string): SysvRow {
  const i32 = new Int32Array(words.buffer, words.byteOffset, words.length);
  return { ipcNamespace, shmid, ...copyOf(new ShmidDs({ u32: words, i32 }, start)) };
}
