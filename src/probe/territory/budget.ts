// What one look may spend on processes: each has a small share for sure, and the greedy share one pool, so that nobody can make
// the look long or large, and nobody is left out because of what another one does.

/** No honest process that was seen needs more: 5,000 mappings of shared memory, or 4 ms. */
const SURE_RECORDS = 1024;
const SURE_MS = 4;
/** One process with all the mappings that vm.max_map_count allows by default, and half as many again. */
const POOL_RECORDS = 98_304;
/** What 40 such processes take to be walked. */
const POOL_MS = 2000;
/** The clock is asked once in so many steps: some 15 µs of work. */
const STEPS_A_LOOK_AT_THE_CLOCK = 64;

export class LookBudget {
  readonly #nowMs: () => number;
  #recordsLeft = POOL_RECORDS;
  #msLeft = POOL_MS;
  #records = 0;
  #steps = 0;
  /** When the process began; undefined until the first question of the time. */
  #startedMs = 0;
  #endsMs = 0;

  /** `nowMs`: any clock that is not set back. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** A new look has all of it again. */
  startLook(): void {
    this.#recordsLeft = POOL_RECORDS;
    this.#msLeft = POOL_MS;
    this.startProcess();
  }

  /** What the one before used of the pool is gone. Costs nothing for one that used nothing. */
  startProcess(): void {
    if (this.#records > SURE_RECORDS) this.#recordsLeft -= this.#records - SURE_RECORDS;
    if (this.#startedMs > 0) this.#msLeft -= Math.max(0, this.#nowMs() - this.#startedMs - SURE_MS);
    this.#records = 0;
    this.#steps = 0;
    this.#startedMs = 0;
  }

  /** Asked before a mapping or descriptor of shared memory is kept: false when that is too many. */
  mayKeep(): boolean {
    return ++this.#records <= SURE_RECORDS || this.#records - SURE_RECORDS <= this.#recordsLeft;
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
