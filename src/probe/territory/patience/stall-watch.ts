// Watches another thread's word of patience: tells, once, when it has waited for one process for too long.
import { monotonicMs } from '../../../native/monotonic.ts';
import { readStall, STALL_WORDS_BYTES } from './patience.ts';

/** A fork of a process with 50 GB holds up whoever reads it for about half of it. */
const TOO_LONG_MS = 1000;
const LOOK_EVERY_MS = 200;

export class StallWatch {
  /** For the thread that is watched (`showStallsIn`). */
  readonly words = new SharedArrayBuffer(STALL_WORDS_BYTES);
  readonly #timer: NodeJS.Timeout;
  #count = 0;
  #sinceMs = 0;
  #lookedMs = monotonicMs();

  /** `onStall` is told the pid of the process that does not answer; then nothing is watched any more. */
  constructor(onStall: (pid: number) => void) {
    this.#timer = setInterval(() => this.#look(onStall), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(onStall: (pid: number) => void): void {
    const { count, pid } = readStall(this.words);
    const nowMs = monotonicMs();
    // Late itself: the whole process was stopped, or this thread had no time. Nothing follows from the time that passed.
    const isLate = nowMs - this.#lookedMs > 3 * LOOK_EVERY_MS;
    this.#lookedMs = nowMs;
    if (pid === 0 || count !== this.#count || isLate) {
      this.#count = count;
      this.#sinceMs = nowMs;
    } else if (nowMs - this.#sinceMs >= TOO_LONG_MS) {
      this.stop();
      onStall(pid);
    }
  }
}
