// How long something took a process, whatever else the machine has to do: the time that passed less what its threads waited for a processor.
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds that the living threads of `pid` were ready and not run (proc_pid_schedstat(5)); 0 where the kernel does not count it, or it is gone. */
function waitedMs(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, tid) => sum + waitedOf(`/proc/${pid}/task/${tid}/schedstat`), 0);
  } catch {
    return 0; // ENOENT, ESRCH: it has ended
  }
}

function waitedOf(path: string): number {
  try {
    return Number(readFileSync(path, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0; // ENOENT, ESRCH: the thread has ended; a kernel without CONFIG_SCHED_INFO
  }
}

export class Stopwatch {
  readonly #pid: number;
  readonly #startMs = performance.now();
  readonly #waitedBefore: number;
  #waited = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#waitedBefore = waitedMs(pid);
  }

  /** Milliseconds since the start that were its own. Of a process that ends: call it now and then, since what it waited goes with it. */
  get spentMs(): number {
    this.#waited = Math.max(this.#waited, waitedMs(this.#pid) - this.#waitedBefore);
    return performance.now() - this.#startMs - this.#waited;
  }

  /** What is spent when `end` comes. */
  async until(end: Promise<unknown>): Promise<number> {
    const timer = setInterval(() => this.spentMs, 20);
    try {
      await end;
    } finally {
      clearInterval(timer);
    }
    return this.spentMs;
  }
}
