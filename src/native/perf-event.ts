// perf_event_open(2): side-band records of all mappings, forks, execs and exits, and samples of tracepoints, by ring buffer.
// Everything ends with the descriptor: nothing global stays behind, even after SIGKILL.
import * as file from './file.ts';
import type { Libc } from './libc.ts';
import { type NativeMemory, writeU64 } from './memory.ts';
import { MAP_SHARED, munmap, PROT_READ, PROT_WRITE } from './posix-shm.ts';

/** `struct perf_event_attr` (PERF_ATTR_SIZE_VER5): byte offsets. */
const ATTR = {
  size: 112,
  type: 0,
  sizeField: 4,
  config: 8,
  samplePeriod: 16,
  sampleType: 24,
  flagsLow: 40,
  wakeup: 48,
  clockid: 92,
} as const;
/** Bits of the flags word at 40 (<linux/perf_event.h>). */
const FLAG = {
  disabled: 0,
  mmap: 8,
  comm: 9,
  task: 13,
  watermark: 14,
  mmapData: 17,
  sampleIdAll: 18,
  mmap2: 23,
  commExec: 24,
  useClockid: 25,
} as const;
const TYPE_SOFTWARE = 1;
const TYPE_TRACEPOINT = 2;
const COUNT_SW_DUMMY = 9;
const SAMPLE_TID = 2;
const SAMPLE_TIME = 4;
const SAMPLE_CPU = 128;
const SAMPLE_RAW = 1024;
const CLOCK_MONOTONIC = 1;
const FLAG_FD_CLOEXEC = 8;
const IOC_ENABLE = 0x2400;
const IOC_SET_OUTPUT = 0x2405;
const IOC_SET_FILTER = 0x40082406;
/** In the control page: u64 data_head, data_tail. */
const HEAD = 1024 / 8;
const TAIL = 1032 / 8;

/**
 * Opens the dummy event of one CPU that reports every process's MMAP2, FORK, EXIT and COMM records with monotonic time:
 * a descriptor, or -EACCES/-EPERM (needs CAP_PERFMON or root, or perf_event_paranoid <= 0). It starts when enabled.
 */
export function openSideBand(libc: Libc, cpu: number): number {
  const attr = newAttr(libc, TYPE_SOFTWARE, COUNT_SW_DUMMY, SAMPLE_TID | SAMPLE_TIME | SAMPLE_CPU);
  setFlags(attr, [FLAG.mmap, FLAG.comm, FLAG.task, FLAG.mmapData, FLAG.mmap2, FLAG.commExec]);
  return openEvent(libc, attr, cpu);
}

/** Opens a tracepoint (its id is in tracefs) on one CPU, each hit a sample with its raw arguments: a descriptor, or -errno. */
export function openTracepoint(libc: Libc, id: number, cpu: number): number {
  const attr = newAttr(libc, TYPE_TRACEPOINT, id, SAMPLE_TID | SAMPLE_TIME | SAMPLE_RAW);
  attr.u32[ATTR.samplePeriod / 4] = 1;
  setFlags(attr, []);
  return openEvent(libc, attr, cpu);
}

/** Makes the kernel keep only the hits that the expression describes (`cmd == 0`): 0 or -errno. */
export function setFilter(libc: Libc, fd: number, expression: string): number {
  return file.ioctl(libc, fd, IOC_SET_FILTER, libc.path(expression));
}

/** Starts an event: 0 or -errno. */
export function enable(libc: Libc, fd: number): number {
  return file.ioctl(libc, fd, IOC_ENABLE, 0);
}

/** Sends the records of `fd` to the ring of `target`, an event of the same CPU: 0 or -errno. */
export function shareRing(libc: Libc, fd: number, target: number): number {
  return file.ioctl(libc, fd, IOC_SET_OUTPUT, target);
}

function newAttr(libc: Libc, type: number, config: number, sampleType: number): NativeMemory {
  const attr = libc.allocate(ATTR.size);
  attr.u32[ATTR.type / 4] = type;
  attr.u32[ATTR.sizeField / 4] = ATTR.size;
  writeU64(attr.u32, ATTR.config / 4, config);
  writeU64(attr.u32, ATTR.sampleType / 4, sampleType);
  // Bytes in the ring before it counts as readable: 1 means at once. wakeup_events never wakes for side-band records.
  attr.u32[ATTR.wakeup / 4] = 1;
  attr.i32[ATTR.clockid / 4] = CLOCK_MONOTONIC;
  return attr;
}

function setFlags(attr: NativeMemory, flags: readonly number[]): void {
  let word = 0;
  for (const bit of [FLAG.disabled, FLAG.watermark, FLAG.sampleIdAll, FLAG.useClockid, ...flags]) word += 2 ** bit;
  attr.u32[ATTR.flagsLow / 4] = word;
}

function openEvent(libc: Libc, attr: NativeMemory, cpu: number): number {
  return libc.result(libc.raw.syscall(libc.numbers.perf_event_open, attr.address, -1, cpu, -1, FLAG_FD_CLOEXEC));
}

/** The ring of one event: records are read in place, then handed back. */
export class PerfRing {
  readonly #libc: Libc;
  readonly #address: number;
  readonly #mappedBytes: number;
  readonly #mask: number;
  #control: BigInt64Array | undefined;
  /** The data pages; must not be touched after `close`. */
  #data: Uint8Array | undefined;
  readonly #wrapped: Uint8Array;

  private constructor(libc: Libc, address: number, pages: number, pageBytes: number) {
    this.#libc = libc;
    this.#address = address;
    this.#mappedBytes = (pages + 1) * pageBytes;
    this.#mask = pages * pageBytes - 1;
    this.#control = new BigInt64Array(libc.koffi.view(BigInt(address), pageBytes));
    this.#data = new Uint8Array(libc.koffi.view(BigInt(address + pageBytes), pages * pageBytes));
    this.#wrapped = new Uint8Array(65_536);
  }

  /** Maps the ring of `fd` with `pages` (a power of two) data pages; or -errno (EPERM: more than perf_event_mlock_kb). */
  static map(libc: Libc, fd: number, pages: number): PerfRing | number {
    const pageBytes = libc.raw.getpagesize();
    const length = (pages + 1) * pageBytes;
    const address = libc.result(Number(libc.raw.mmap(0, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)));
    return address < 0 ? address : new PerfRing(libc, address, pages, pageBytes);
  }

  /**
   * Calls `use` with each record since the last time: `bytes` holds it from `at` on, `length` bytes with its header of 8
   * (u32 type, u16 misc, u16 size). Valid during the call only. Returns how many there were.
   */
  drain(use: (bytes: Uint8Array, at: number, length: number) => void): number {
    const control = this.#control;
    const data = this.#data;
    if (!control || !data) return 0;
    // Atomics give the barriers. The low halves are enough to walk: head - tail never exceeds the ring, below 2^32.
    const head = Atomics.load(control, HEAD);
    const end = Number(BigInt.asUintN(32, head));
    let tail = Number(BigInt.asUintN(32, Atomics.load(control, TAIL)));
    let count = 0;
    while (tail !== end) {
      const at = tail & this.#mask;
      const length = data[at + 6] | (data[at + 7] << 8);
      if (length < 8) break; // cannot be: the kernel writes whole records
      if (at + length <= data.length) use(data, at, length);
      else {
        const first = data.length - at;
        this.#wrapped.set(data.subarray(at), 0);
        this.#wrapped.set(data.subarray(0, length - first), first);
        use(this.#wrapped, 0, length);
      }
      tail = (tail + length) >>> 0;
      count++;
    }
    if (count > 0) Atomics.store(control, TAIL, head);
    return count;
  }

  /** Unmaps it; `drain` finds nothing afterwards. */
  close(): void {
    if (!this.#control) return;
    this.#control = undefined;
    this.#data = undefined;
    munmap(this.#libc, this.#address, this.#mappedBytes);
  }
}
