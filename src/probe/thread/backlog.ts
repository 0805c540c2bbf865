// Messages between threads that were sent and not yet taken: the queue behind postMessage has no limit of its own, and a thread
// that waits for a stalled terminal or pipe takes nothing from it.

/** What both threads share; a new one for each new thread. */
export const newBacklog = (): SharedArrayBuffer => new SharedArrayBuffer(4);

/** Both ends count in it; the unit (messages, changes) is theirs. */
export class Backlog {
  readonly #count: Int32Array;
  readonly #most: number;

  constructor(shared: SharedArrayBuffer, most: number) {
    this.#count = new Int32Array(shared);
    this.#most = most;
  }

  sent(count = 1): void {
    Atomics.add(this.#count, 0, count);
  }

  taken(count = 1): void {
    Atomics.sub(this.#count, 0, count);
  }

  /** The receiver is so far behind that nothing more may be sent now. */
  get isFull(): boolean {
    return Atomics.load(this.#count, 0) >= this.#most;
  }
}
