// What one look may spend on processes: each has a small share for sure, and the greedy share one pool, so that nobody can make
// the look long or large, and nobody is left out because of what another one does.
import { monotonicMs } from '../../../native/monotonic.ts';

/** Nearly no honest process that was seen needs more: 256 mappings and descriptors of shared memory, or 4 ms. */
const SURE_RECORDS = 256;
const SURE_MS = 4;
/** What all may keep within their sure share together: some hundred bytes each. Then only the least is sure. */
const SURE_RECORDS_OF_ALL = 262_144;
const LEAST_RECORDS = 16;
/** Half as many mappings as vm.max_map_count allows one process by default; each an object of its own, they take 150 MB and 3 s. */
const POOL_RECORDS = 32_768;
/** What 40 processes with 65,530 mappings each take to be walked. */
const POOL_MS = 2000;
/** The clock is asked once in so many steps: some 15 µs of work. */
const STEPS_A_LOOK_AT_THE_CLOCK = 64;

export class LookBudget {
  readonly #nowMs: () => number;
  #recordsLeft = POOL_RECORDS;
  #sureLeft = SURE_RECORDS_OF_ALL;
  #sure = SURE_RECORDS;
  #msLeft = POOL_MS;
  #records = 0;
  #steps = 0;
  /** When the process began; undefined until the first question of the time. */
  #startedMs = 0;
  #endsMs = 0;

  /** `nowMs`: any clock that is not set back. */
  constructor(nowMs: () => number = () => monotonicMs()) {
    this.#nowMs = nowMs;
  }

  /** A new look has all of it again, but for what is kept from the look before: as `excess` counts it, summed up. */
  startLook(keptExcess = 0): void {
    this.#recordsLeft = POOL_RECORDS - keptExcess;
    this.#sureLeft = SURE_RECORDS_OF_ALL;
    this.#msLeft = POOL_MS;
    this.#records = 0;
    this.#startedMs = 0;
    this.startProcess();
  }

  /** What so many mappings and descriptors of one process take of the pool. */
  static excess(records: number): number {
    return Math.max(0, records - SURE_RECORDS);
  }

  /** What the one before used of the pool is gone. Costs nothing for one that used nothing. */
  startProcess(): void {
    this.#recordsLeft -= Math.max(0, this.#records - this.#sure);
    this.#sureLeft -= Math.min(this.#records, this.#sure);
    this.#sure = this.#sureLeft > 0 ? SURE_RECORDS : LEAST_RECORDS;
    if (this.#startedMs > 0) this.#msLeft -= Math.max(0, this.#nowMs() - this.#startedMs - SURE_MS);
    this.#records = 0;
    this.#steps = 0;
    this.#startedMs = 0;
  }

  /** Asked before a mapping or descriptor of shared memory is kept: false when that is too many. */
  mayKeep(): boolean {
    return ++this.#records - this.#sure <= Math.max(0, this.#recordsLeft);
  }

  /** Asked at each mapping and descriptor of the process: false when it has taken too long. */
  mayGoOn(): boolean {
    return ++this.#steps % STEPS_A_LOOK_AT_THE_CLOCK !== 0 || this.mayReadOn();
  }

  /** The same for larger steps: looks at the clock each time. */
  mayReadOn(): boolean {
    const nowMs = this.#nowMs();
    if (this.#startedMs === 0) {
      this.#startedMs = nowMs;
      this.#endsMs = nowMs + SURE_MS + Math.max(0, this.#msLeft);
    }
    return nowMs < this.#endsMs;
  }
}
