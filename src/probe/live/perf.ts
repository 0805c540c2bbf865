// Source: perf's side band. Every mapping, fork, exec and exit of the machine, a few microseconds after it happened.
import { availableParallelism, cpus } from 'node:os';
import { errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { enable, openSideBand, PerfRing } from '../../native/perf-event.ts';
import type { PollHandle } from '../../native/poll.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import { type PerfRecord, parsePerfRecord, parseTracepointHit, type TracepointHit } from '../parse/perf-record.ts';
import { epochOffsetMs } from './clock.ts';
import type { LiveSource, Sink } from './source.ts';
import type { Wake } from './wake.ts';

export interface PerfOptions {
  readonly wake: Wake;
  /** The kernel's own mounts and those of POSIX objects: mappings of other files are skipped. */
  readonly devices: ReadonlySet<DeviceNumber>;
  /** Private mappings of these devices count too. */
  readonly privateDevices: ReadonlySet<DeviceNumber>;
  readonly commChanged: (pid: number, comm: string) => void;
}

const RING_PAGES = 256;
const RING_PAGES_MANY_CPUS = 128;
/**
 * Wake-ups a second, for records of no interest, above which records are no longer waited for one by one but fetched every
 * some milliseconds: each wake-up costs some 30 µs.
 */
const STORM_WAKES = 500;
const STORM_DRAIN_MS = 8;
const WINDOW_MS = 100;
const LARGEST_PID = 0x7fffffff;
/** Fewer records than these in each of some drains in a row: the storm is over. */
const CALM_RECORDS = 4;

interface Cpu {
  readonly fd: number;
  readonly ring: PerfRing;
  readonly handle: PollHandle;
}

export class PerfSource implements LiveSource {
  readonly name = 'perf';
  readonly #libc: Libc;
  readonly #options: PerfOptions;
  readonly #offsetMs = epochOffsetMs();
  readonly #cpus: Cpu[] = [];
  #sink: Sink | undefined;
  #timer: NodeJS.Timeout | undefined;
  #windowStartMs = 0;
  #wakes = 0;
  #batch: (PerfRecord | TracepointHit)[] = [];
  readonly #takers = new Map<number, (hit: TracepointHit, atMs: number, sink: Sink) => void>();

  constructor(libc: Libc, options: PerfOptions) {
    this.#libc = libc;
    this.#options = options;
  }

  describe() {
    return {
      sees: 'perf: every attach, fork, exec and exit on the machine, with pid, at once',
      misses: 'a copy by fork that is gone within some 50 µs; who it was outside our pid namespace',
    };
  }

  start(sink: Sink): string | undefined {
    this.#sink = sink;
    const count = cpus().length || availableParallelism();
    const pages = count > 8 ? RING_PAGES_MANY_CPUS : RING_PAGES;
    for (let cpu = 0; cpu < count; cpu++) {
      const failed = this.#open(cpu, pages);
      if (failed === undefined) continue;
      this.stop();
      return failed;
    }
    for (const { fd } of this.#cpus) enable(this.#libc, fd);
    return undefined;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sink = undefined;
    for (const { fd, ring, handle } of this.#cpus.splice(0)) {
      handle.close();
      ring.close();
      close(this.#libc, fd);
    }
  }

  /** Hands on, in order of time, what is in the rings now. */
  drain(): void {
    const sink = this.#sink;
    if (!sink) return;
    const { devices } = this.#options;
    const batch = this.#batch;
    for (const { ring } of this.#cpus) {
      this.#records += ring.drain((bytes, at, length) => {
        const record = parsePerfRecord(bytes, at, length, devices) ?? parseTracepointHit(bytes, at, length);
        if (record) batch.push(record);
      });
    }
    if (batch.length === 0) return;
    this.#batch = [];
    if (this.#cpus.length > 1) batch.sort((a, b) => a.timeMs - b.timeMs);
    for (const record of batch) this.#hand(record, sink);
  }

  /** The event of each CPU, into whose ring tracepoints (by id) may write too; their hits are handed on in order with the rest. */
  share(ids: Iterable<number>, take: (hit: TracepointHit, atMs: number, sink: Sink) => void): readonly number[] {
    for (const id of ids) this.#takers.set(id, take);
    return this.#cpus.map(({ fd }) => fd);
  }

  #open(cpu: number, pages: number): string | undefined {
    const fd = openSideBand(this.#libc, cpu);
    if (fd < 0) return `perf_event_open: ${errnoName(fd)}`;
    const ring = PerfRing.map(this.#libc, fd, pages);
    if (typeof ring === 'number') {
      close(this.#libc, fd);
      return `mapping the ring of perf: ${errnoName(ring)}`;
    }
    this.#cpus.push({ fd, ring, handle: this.#options.wake(fd, () => this.#woken()) });
    return undefined;
  }

  #woken(): void {
    const sink = this.#sink;
    const before = this.#told;
    this.drain();
    sink?.done();
    if (this.#told !== before) return;
    const nowMs = performance.now();
    if (nowMs - this.#windowStartMs > WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#wakes = 0;
    }
    if (++this.#wakes > (STORM_WAKES * WINDOW_MS) / 1000) this.#weather();
  }

  /** A storm (a build, say) makes tens of thousands of records a second: fetched by timer until it is over. */
  #weather(): void {
    if (this.#timer) return;
    for (const { handle } of this.#cpus) handle.stop();
    let calm = 0;
    this.#timer = setInterval(() => {
      this.#records = 0;
      this.drain();
      this.#sink?.done();
      calm = this.#records < CALM_RECORDS ? calm + 1 : 0;
      if (calm < WINDOW_MS / STORM_DRAIN_MS) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#wakes = 0;
      for (const { handle } of this.#cpus) handle.start();
    }, STORM_DRAIN_MS);
  }

  /** Mappings told so far, and records of any kind found by the drain. */
  #told = 0;
  #records = 0;

  #hand(record: PerfRecord | TracepointHit, sink: Sink): void {
    // 0 or -1: a process outside our pid namespace. Nothing of it can be looked up; the check of nattch finds its attaches.
    if (record.type !== 'lost' && (record.pid === 0 || record.pid > LARGEST_PID)) return;
    const atMs = record.timeMs + this.#offsetMs;
    const source = 'perf';
    const { see } = sink;
    switch (record.type) {
      case 'map': {
        if (!record.isShared && !this.#options.privateDevices.has(record.device)) return;
        this.#told++;
        const { pid, start, end, prot, device, inode, name } = record;
        see({ kind: 'map', source, atMs, pid, start, end, prot, device, inode, name });
        return;
      }
      case 'fork':
        see({ kind: 'fork', source, atMs, pid: record.pid, parent: record.parent });
        return;
      case 'comm':
        if (record.isExec) {
          see({ kind: 'exec', source, atMs, pid: record.pid, comm: record.comm });
          return;
        }
        this.#options.commChanged(record.pid, record.comm);
        return;
      case 'exit':
        see({ kind: 'exit', source, atMs, pid: record.pid, tid: record.tid });
        return;
      case 'hit':
        this.#takers.get(record.id)?.(record, atMs, sink);
        return;
      case 'lost':
        see({ kind: 'lost', source, atMs, count: record.count, detail: 'records of perf: its ring was full' });
        return;
    }
  }
}
