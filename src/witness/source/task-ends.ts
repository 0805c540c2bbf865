// Source: taskstats. Every process of the machine that ends, with how it ended, who it was and whose child.
import { readFileSync } from 'node:fs';
import { EAGAIN, EINVAL, ENOBUFS, ENOENT, EPERM, errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import { receive } from '../../native/netlink.ts';
import { openTaskstats } from '../../native/taskstats.ts';
import { findTaskLayout, parseTaskEnd, type TaskEnd, type TaskLayout } from '../../probe/parse/taskstats-record.ts';
import type { Ended } from '../model/seen.ts';

const MESSAGE_BYTES = 16_384;
/** The main thread of a process may end long before the last: what it said then need not be how the process ended. */
const TOGETHER_MS = 1000;
const MOST_WAITING = 20_000;
const CPUS = '/sys/devices/system/cpu/possible';

export class TaskEnds {
  readonly #libc: Libc;
  readonly #buffer: NativeMemory;
  /** Main threads that ended before others of their process. */
  readonly #mains = new Map<number, { readonly status: number; readonly atMs: number }>();
  #layout: TaskLayout | undefined;
  #fd = -1;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#buffer = libc.allocate(MESSAGE_BYTES);
  }

  /** Undefined, or in words why it is not there. */
  start(): string | undefined {
    const comm = textOf('/proc/self/comm')?.replace(/\n$/, '');
    const cpus = textOf(CPUS)?.trim();
    if (comm === undefined || cpus === undefined) return `${CPUS} or /proc/self/comm cannot be read`;
    const fd = openTaskstats(this.#libc, cpus, this.#buffer, process.pid, (bytes, count) => {
      this.#layout = findTaskLayout(bytes, count, process.pid, comm);
      return this.#layout !== undefined;
    });
    if (fd < 0) return WHY[-fd] ?? errnoName(fd);
    this.#fd = fd;
    return undefined;
  }

  stop(): void {
    if (this.#fd >= 0) close(this.#libc, this.#fd);
    this.#fd = -1;
  }

  /** Hands on what was told since the last time, `atMs` being now: how many messages; `lost` is called where some are missing. */
  drain(atMs: number, most: number, use: (end: Ended) => void, lost: () => void): number {
    let count = 0;
    while (count < most && this.#fd >= 0) {
      const length = receive(this.#libc, this.#fd, this.#buffer.address, MESSAGE_BYTES);
      if (length === -ENOBUFS) {
        lost();
        continue;
      }
      if (length <= 0) {
        if (length < 0 && length !== -EAGAIN) {
          lost();
          this.stop();
        }
        break;
      }
      count++;
      const end = this.#layout && parseTaskEnd(this.#buffer.bytes, length, this.#layout);
      if (end) this.#take(end, atMs, use);
    }
    return count;
  }

  #take({ tid, pid, parent, uid, comm, status, isLast }: TaskEnd, atMs: number, use: (end: Ended) => void): void {
    if (!isLast) {
      if (tid === pid && this.#mains.size < MOST_WAITING) this.#mains.set(pid, { status, atMs });
      return;
    }
    const main = tid === pid ? { status, atMs } : this.#mains.get(pid);
    this.#mains.delete(pid);
    const isTold = main !== undefined && (atMs - main.atMs < TOGETHER_MS || (main.status & 0x7f) !== 0);
    use({ pid, atMs, uid, comm: tid === pid ? comm : undefined, parent, status: isTold ? main.status : undefined });
  }
}

const WHY: Readonly<Record<number, string>> = {
  [ENOENT]: 'not in this network namespace, or the kernel has no CONFIG_TASKSTATS',
  [EPERM]: 'needs CAP_NET_ADMIN',
  [EINVAL]: 'only in the first user and pid namespace of the machine',
};

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // ENOENT, EACCES
  }
}
