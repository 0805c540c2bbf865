// nanosleep(2) to a tenth of a millisecond: the calling thread sleeps in the kernel, which costs less than Atomics.wait.
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';
import { writeTimespec } from './timespec.ts';

const PR_SET_TIMERSLACK = 29;
const TIMESPEC_BYTES = 16;
const SLACK_NS = 1000;

export class Sleeper {
  readonly #libc: Libc;
  readonly #request: NativeMemory;

  /** The thread that makes it wakes punctually from here on: within 1 µs of the time, not within the usual 50 µs. */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#request = libc.allocate(TIMESPEC_BYTES);
    libc.raw.prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0);
  }

  /** Sleeps that long, or shorter when a signal comes. */
  sleep(milliseconds: number): void {
    writeTimespec(this.#request, milliseconds);
    this.#libc.raw.nanosleep(this.#request.address, 0);
  }
}
