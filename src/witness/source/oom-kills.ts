// Source: the kernel's log, for whom it killed for want of memory. Only the kernel can write as itself there (proc(5), kmsg).
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';

/** `facility * 8 + level,sequence,time,flags;text`: facility 0 is the kernel. What a process is called comes behind its pid. */
const KILLED =
  /^[0-7],\d+,\d+,[^;]*;(?:Out of memory|Memory cgroup out of memory|oom-kill[^:]*): Killed process (\d+) /;
const RECORD_BYTES = 8192;
/** A log keeps some ten thousand records, and one kill for want of memory lists every process of the machine. Some 2 µs each. */
const MOST_READ = 200_000;
const MOST_KEPT = 256;

export class OomKills {
  readonly #buffer = Buffer.alloc(RECORD_BYTES);
  readonly #pids = new Set<number>();
  #fd: number | undefined;

  /** Undefined, or in words why it is not there. */
  start(): string | undefined {
    try {
      this.#fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      return `/dev/kmsg: ${errorCode(error)}`;
    }
    this.#read(); // what is old
    this.#pids.clear();
    return undefined;
  }

  stop(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Was it the kernel that has killed this process, just now? */
  was(pid: number): boolean {
    this.#read();
    return this.#pids.delete(pid);
  }

  #read(): void {
    for (let count = 0; count < MOST_READ && this.#fd !== undefined; count++) {
      try {
        const length = readSync(this.#fd, this.#buffer, 0, RECORD_BYTES, null);
        const pid = KILLED.exec(this.#buffer.toString('latin1', 0, Math.min(length, 256)))?.[1];
        if (pid === undefined) continue;
        if (this.#pids.size >= MOST_KEPT) this.#pids.clear();
        this.#pids.add(Number(pid));
      } catch (error) {
        if (errorCode(error) === 'EPIPE') continue; // some were overwritten before they were read
        return; // EAGAIN: that was all
      }
    }
  }
}
